// respond_bench: how long answers and the table of client prefixes take; with compile_bench.cc. By tests/bench/respond.
#include <benchmark/benchmark.h>

#include "client_prefixes.h"
#include "compile_bench.h"
#include "workload.h"

namespace dnsd::bench {
namespace {

// Before the first time, so that the caches have what a busy server has in them.
constexpr int warm_up = 200000;

void respond_to(benchmark::State& state, const Kind& kind) {
  Workload work = kind.make();
  for (int i = 0; i < warm_up; ++i) benchmark::DoNotOptimize(work.step());
  for (auto _ : state) benchmark::DoNotOptimize(work.step());
}

// Time of one answer among those of a batch.
void batch_of(benchmark::State& state, const Kind& kind) {
  Workload work = kind.make();
  constexpr int width = QueryBatch::width;
  for (int i = 0; i < warm_up; i += width) benchmark::DoNotOptimize(work.batch());
  while (state.KeepRunningBatch(width)) benchmark::DoNotOptimize(work.batch());
}

// ---- the table alone -------------------------------------------------------------------------------------------------

// Addresses to ask it for; too many for the first caches to know their way.
std::vector<IpAddress> askers(Layout layout, uint64_t prefixes, Asker asker) {
  Random random(3);
  std::vector<IpAddress> addresses;
  for (size_t i = 0; i < 1 << 16; ++i)
    addresses.push_back(prefix_at(layout, asker == Asker::hit ? random.next() % prefixes : random.next()).address());
  return addresses;
}

// In a chain the next address depends on what the last one was matched with: the time that a lookup takes. Otherwise the
// processor works on several at once: the time that it costs.
void match(benchmark::State& state, Layout layout, size_t count, Asker asker, bool chain) {
  uint64_t end = 0;
  const PrefixTable table(make_rows(layout, count, end));
  const std::vector<IpAddress> addresses = askers(layout, end, asker);
  size_t at = 0;
  for (auto _ : state) {
    const PrefixTable::Match found = table.match(addresses[at & 0xffff]);
    benchmark::DoNotOptimize(found);
    at += chain ? 1 + (found.value & 1) + (found.scope & 1) : 1;
  }
}

void build(benchmark::State& state, Layout layout) {
  uint64_t end = 0;
  const std::vector<PrefixTable::Row> rows = make_rows(layout, 1000000, end);
  size_t memory = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<PrefixTable::Row> copy = rows;
    state.ResumeTiming();
    const PrefixTable table(std::move(copy));
    memory = table.memory();
  }
  state.counters["octets/prefix"] = static_cast<double>(memory) / static_cast<double>(rows.size());
}

void register_all() {
  for (const Kind& kind : kinds())
    benchmark::RegisterBenchmark(("batch " + kind.name).c_str(), [=](benchmark::State& s) { batch_of(s, kind); });
  for (const Kind& kind : kinds())
    benchmark::RegisterBenchmark(("respond " + kind.name).c_str(), [=](benchmark::State& s) { respond_to(s, kind); });
  for (const Layout layout : layouts) {
    for (const size_t count : {1000u, 1000000u}) {
      for (const Asker asker : {Asker::near, Asker::hit}) {
        for (const bool chain : {false, true}) {
          const std::string name = std::string("match ") + name_of(layout) + " " + std::to_string(count) +
                                   (asker == Asker::hit ? " hit" : " miss") + (chain ? ", chain" : "");
          benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& s) { match(s, layout, count, asker, chain); });
        }
      }
    }
    benchmark::RegisterBenchmark((std::string("build ") + name_of(layout) + " 1000000").c_str(),
                                 [=](benchmark::State& s) { build(s, layout); })
        ->Unit(benchmark::kMillisecond);
  }
  register_compile_benchmarks();
}

}  // namespace
}  // namespace dnsd::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  dnsd::bench::register_all();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
