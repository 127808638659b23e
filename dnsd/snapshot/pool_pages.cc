#include "dnsd/snapshot/pool_pages.h"

#include <array>
#include <cstdio>
#include <string>

#include "dnsd/pools/in_service.h"
#include "dnsd/snapshot/pages.h"
#include "dnsd/snapshot/text_record.h"

namespace dnsd {
namespace {

// In the order of the pages, with an end to each: [1, 2] [3] is not [1] [2, 3].
uint32_t digest(const std::vector<PoolPage>& pages) {
  uint64_t hash = 0;
  const auto add = [&](uint64_t x) { hash = mix(hash + mix(x + 0x9e3779b97f4a7c15)); };
  for (const PoolPage& page : pages) {
    for (const AddressRecords& records : page.records) {
      add(records.count);
      for (const uint8_t octet : records.octets) add(octet);
    }
  }
  return static_cast<uint32_t>(hash >> 32);
}

}  // namespace

PoolPages compile_pages(const NameRule& rule, const PoolDefinition& pool) {
  PoolPages out;
  const Result<Name> first = page_name(rule.owner, 1);
  if (!first) return out;
  out.pages.resize(page_count(rule, pool));
  for (PoolPage& page : out.pages) page.ttl = pool.ttl;
  const std::vector<MemberVerdict> verdicts = in_service(pool);
  std::array<size_t, 2> listed{};
  for (size_t i = 0; i < pool.members.size(); ++i) {
    const PoolMember& member = pool.members[i];
    if (member.state == MemberState::out) continue;
    const Family family = member.address.family();
    const auto number = static_cast<size_t>(family);
    PoolPage& page = out.pages[listed[number]++ / page_size(*first, pool, family)];
    if (verdicts[i].served) append_address_record(page.records[number], member.address, pool.ttl);
  }
  char generation[9];
  std::snprintf(generation, sizeof generation, "%08x", digest(out.pages));
  out.index = text_record(pool.ttl, {"count=" + std::to_string(out.pages.size()), std::string("generation=") + generation});
  return out;
}

}  // namespace dnsd
