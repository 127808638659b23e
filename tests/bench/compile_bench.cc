#include "compile_bench.h"

#include <benchmark/benchmark.h>

#include "changing_world.h"
#include "dnsd/snapshot/publisher.h"
#include "large_world.h"
#include "shaped_world.h"

namespace dnsd::bench {
namespace {

constexpr const char* origin = "example.org.";

void compile_the_pool(benchmark::State& state, const PoolKind& kind) {
  const PoolDefinition pool = make_pool(kind);
  for (auto _ : state) benchmark::DoNotOptimize(compile_pool(pool, 0));
}

// ---- zones -----------------------------------------------------------------------------------------------------------

void read_a_zone(benchmark::State& state, size_t names) {
  const std::string text = text_of_names(names);
  for (auto _ : state) benchmark::DoNotOptimize(make_zone(text, origin));
}

void compile_a_zone(benchmark::State& state, size_t names) {
  const std::shared_ptr<const Zone> zone = make_zone(text_of_names(names), origin);
  size_t memory = 0;
  for (auto _ : state) {
    const auto compiled = CompiledZone::compile(*zone, {}, bench_hash);
    if (!compiled) give_up(compiled.failure().message);
    memory = (*compiled)->memory();
  }
  state.counters["octets/record"] = static_cast<double>(memory) / static_cast<double>(zone->size());
}

// ---- snapshots -------------------------------------------------------------------------------------------------------

void compile_a_snapshot(benchmark::State& state, size_t members, bool changes) {
  ChangingWorld data(members);
  std::unique_ptr<const Snapshot> last = data.compile(nullptr);
  for (auto _ : state) {
    if (changes) data.change();
    std::unique_ptr<const Snapshot> next = data.compile(last.get());
    last = std::move(next);
  }
}

// As the daemon does: compile, publish, free what nobody reads any more.
void publish_a_snapshot(benchmark::State& state, size_t members) {
  ChangingWorld data(members);
  Publisher publisher;
  const Snapshot* last = nullptr;
  for (auto _ : state) {
    data.change();
    std::unique_ptr<const Snapshot> next = data.compile(last);
    last = next.get();
    publisher.publish(std::move(next));
    publisher.reclaim();
  }
}

// What a worker does once a batch.
void read_the_snapshot(benchmark::State& state) {
  Publisher publisher;
  publisher.publish(ChangingWorld(40).compile(nullptr));
  Publisher::Reader reader(publisher);
  for (auto _ : state) benchmark::DoNotOptimize(reader.read()->generation);
}

template <typename Run>
void add(const std::string& name, Run run) {
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond);
}

}  // namespace

void register_compile_benchmarks() {
  for (const char* rotation : {"window", "random", "sticky"}) {
    for (const size_t members : {40u, 1000u, 10000u})
      add(std::string("compile ") + rotation + " " + std::to_string(members), [=](benchmark::State& s) {
        compile_the_pool(s, {.rotation = rotation, .members = members});
      });
  }
  for (const size_t names : {10000u, 100000u, 1000000u}) {
    add("zone read " + std::to_string(names), [=](benchmark::State& s) { read_a_zone(s, names); });
    add("zone compile " + std::to_string(names), [=](benchmark::State& s) { compile_a_zone(s, names); });
  }
  add("snapshot, nothing changed", [](benchmark::State& s) { compile_a_snapshot(s, 10000, false); });
  for (const size_t members : {40u, 10000u}) {
    const std::string what = "a member of " + std::to_string(members) + " changed";
    add("snapshot, " + what, [=](benchmark::State& s) { compile_a_snapshot(s, members, true); });
    add("publish, " + what, [=](benchmark::State& s) { publish_a_snapshot(s, members); });
  }
  benchmark::RegisterBenchmark("read of the publisher", read_the_snapshot);
}

}  // namespace dnsd::bench
