#include "changing_world.h"

#include "large_world.h"
#include "shaped_world.h"

namespace dnsd::bench {

ChangingWorld::ChangingWorld(size_t members) {
  const std::string small = text_of_names(10);
  for (size_t i = 0; i < 1000; ++i)
    input_.zones.push_back({make_zone(small, "z" + std::to_string(i) + ".org."), {}, {}});
  NameRule rule;
  rule.owner = *Name::parse("shaped.example.org.");
  rule.pool = "pool";
  input_.zones.push_back({make_zone(text_of_names(10000), "example.org."), {make_pool({.members = members})}, {rule}});
}

void ChangingWorld::change() {
  PoolDefinition& pool = input_.zones.back().pools.front();
  MemberState& state = pool.members[changes_ % 10].state;
  state = state == MemberState::in ? MemberState::out : MemberState::in;
  pool.ttl = ++changes_;
}

std::unique_ptr<const Snapshot> ChangingWorld::compile(const Snapshot* previous) {
  auto snapshot = compile_snapshot(input_, bench_hash, bench_now, ++generation_, previous, cache_);
  if (!snapshot) give_up(snapshot.failure().message);
  return std::move(*snapshot);
}

}  // namespace dnsd::bench
