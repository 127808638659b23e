// From the text of a master file to what answers, and its parts: tests/bench/zone_load.
//
// Two zones of a million records: `plain`, A records at random names in no order, and `mixed`, what zones of companies are
// made of: hosts with A and AAAA, MX, TXT in quotes, SRV, CNAME, names of services in parentheses, comments, blank owners.
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "dnsd/snapshot/compiled_zone.h"
#include "zones/zone_check.h"
#include "zones/zone_file.h"

namespace {

using namespace dnsd;

constexpr size_t records = 1'000'000;
constexpr const char* apex =
    "$TTL 300\n@ SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ NS ns1\nns1 A 127.0.0.1\nmail A 127.0.0.2\n";

std::string address(size_t i) {
  return "10." + std::to_string(i >> 16 & 255) + "." + std::to_string(i >> 8 & 255) + "." + std::to_string(i & 255);
}

std::string plain_text() {
  std::mt19937 random(1);
  std::string text = apex;
  char name[32];
  for (size_t i = 0; i < records; ++i) {
    std::snprintf(name, sizeof name, "h%08lx%05zx", static_cast<unsigned long>(random()), i);
    text += std::string(name) + " A " + address(i) + "\n";
  }
  return text;
}

// Ten records each.
std::string mixed_text() {
  std::string text = apex;
  for (size_t i = 0; i < records; i += 10) {
    const std::string n = std::to_string(i * 7919 % records);
    text += "host-" + n + " 3600 IN A " + address(i) + " ; rack " + n + "\n    IN AAAA 2001:db8::" + n.substr(0, 4) +
            "\n    IN MX 10 mail\n    IN TXT \"v=spf1 mx -all\" \"and more\"\nwww.host-" + n + " CNAME host-" + n +
            "\n_sip._tcp.host-" + n + " IN SRV ( 0 5 5060\n   host-" + n + " )\nalt-" + n + " A " + address(i + 1) +
            "\nalt-" + n + " A " +
            address(i + 2) + "\napi-" + n + ".eu 60 IN A " + address(i + 3) + "\napi-" + n + ".us 60 IN A " +
            address(i + 4) + "\n\n";
  }
  return text;
}

const std::string& text_of(bool mixed) {
  static const std::string plain = plain_text(), mixed_zone = mixed_text();
  return mixed ? mixed_zone : plain;
}

ZoneFileOptions options_for(bool two_threads) {
  ZoneFileOptions options;
  options.path = "bench.zone";
  options.origin = *Name::parse("bench.example.");
  if (!two_threads) options.two_threads_from = SIZE_MAX;
  return options;
}

Zone read(const std::string& text, bool two_threads) {
  Diagnostics diagnostics;
  const OpenFile none = [](const std::string&) { return Failure{"none"}; };
  auto zone = read_zone_text(text, options_for(two_threads), none, diagnostics);
  if (!zone) std::abort();
  return std::move(*zone);
}

void set_rates(benchmark::State& state, bool mixed) {
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(records));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text_of(mixed).size()));
}

// Text -> Zone: read, sorted and checked.
void text_to_zone(benchmark::State& state, bool mixed, bool two_threads) {
  const std::string& text = text_of(mixed);
  for (auto _ : state) benchmark::DoNotOptimize(read(text, two_threads));
  set_rates(state, mixed);
}

// Records that come in canonical order, added and built: what is left for sorting is the look whether it is needed.
void build_zone(benchmark::State& state, bool in_order, bool two_threads) {
  const Zone zone = read(text_of(false), true);
  std::vector<size_t> order(zone.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (!in_order) std::shuffle(order.begin(), order.end(), std::mt19937(1));
  for (auto _ : state) {
    ZoneBuilder builder(zone.origin());
    for (const std::string& file : zone.files()) builder.add_file(file);
    builder.reserve(zone.size(), zone.size() * 64);
    for (const size_t i : order) {
      const RecordView r = zone[i];
      builder.add(r.owner, r.type, r.ttl, r.rdata, r.place);
    }
    benchmark::DoNotOptimize(std::move(builder).build(two_threads ? ZoneBuilder::Threads::two : ZoneBuilder::Threads::one));
  }
  set_rates(state, false);
}

void check(benchmark::State& state, bool mixed, bool two_threads) {
  const Zone zone = read(text_of(mixed), true);
  size_t findings = 0;
  for (auto _ : state) check_zone(zone, {}, [&](const ZoneFinding&) { ++findings; }, two_threads);
  benchmark::DoNotOptimize(findings);
  set_rates(state, mixed);
}

void compile(benchmark::State& state, bool mixed) {
  const Zone zone = read(text_of(mixed), true);
  for (auto _ : state) benchmark::DoNotOptimize(CompiledZone::compile(zone, {}, NameHash(1, 2)));
  set_rates(state, mixed);
}

// Text -> what answers, as the daemon does it but for the reading of the file.
void whole_load(benchmark::State& state, bool mixed) {
  const std::string& text = text_of(mixed);
  for (auto _ : state) {
    const Zone zone = read(text, true);
    benchmark::DoNotOptimize(CompiledZone::compile(zone, {}, NameHash(1, 2)));
  }
  set_rates(state, mixed);
}

#define LOAD_BENCHMARK(...) \
  BENCHMARK_CAPTURE(__VA_ARGS__)->Unit(benchmark::kMillisecond)->UseRealTime()->MeasureProcessCPUTime()
LOAD_BENCHMARK(text_to_zone, plain_one_thread, false, false);
LOAD_BENCHMARK(text_to_zone, plain_two_threads, false, true);
LOAD_BENCHMARK(text_to_zone, mixed_one_thread, true, false);
LOAD_BENCHMARK(text_to_zone, mixed_two_threads, true, true);
LOAD_BENCHMARK(build_zone, in_order, true, false);
LOAD_BENCHMARK(build_zone, random_one_thread, false, false);
LOAD_BENCHMARK(build_zone, random_two_threads, false, true);
LOAD_BENCHMARK(check, plain_one_thread, false, false);
LOAD_BENCHMARK(check, plain_two_threads, false, true);
LOAD_BENCHMARK(check, mixed_two_threads, true, true);
LOAD_BENCHMARK(compile, plain, false);
LOAD_BENCHMARK(compile, mixed, true);
LOAD_BENCHMARK(whole_load, plain, false);
LOAD_BENCHMARK(whole_load, mixed, true);

}  // namespace

BENCHMARK_MAIN();
