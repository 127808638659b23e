#include "workload.h"

#include <cstdio>
#include <cstdlib>

#include "zones/zone_file.h"

namespace dnsd::bench {

Workload::Workload(std::shared_ptr<const Snapshot> snapshot, std::vector<uint8_t> packet, Change before_each)
    : snapshot_(std::move(snapshot)),
      state_(std::make_unique<RotationState>(1)),
      packet_(std::move(packet)),
      out_(max_udp_response),
      change_(std::move(before_each)) {
  state_->fit(snapshot_->rotation_slots);
  client_.source = *IpAddress::parse("198.18.0.1");
}

size_t Workload::batch() {
  if (!queries_) {
    queries_ = std::make_unique<QueryBatch>();
    packets_.assign(QueryBatch::width, packet_);
  }
  queries_->clear();
  for (std::vector<uint8_t>& packet : packets_) {
    if (change_) change_(packet, client_);
    queries_->add(0, packet, client_);
  }
  queries_->prepare(*snapshot_);
  size_t octets = 0;
  for (QueryBatch::Item& item : queries_->items())
    octets += respond_prepared(*snapshot_, *state_, item.query, item.client, bench_now, out_);
  return octets;
}

std::vector<Kind> kinds() {
  std::vector<Kind> all;
  for (auto&& some : {static_kinds(), shaped_kinds(), large_kinds(), growth_kinds()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::shared_ptr<const Zone> make_zone(const std::string& text, const std::string& origin) {
  Diagnostics diagnostics;
  const ZoneFileOptions options{
      .path = "bench.zone", .shown_path = {}, .origin = *Name::parse(origin), .names_elsewhere = {}};
  auto zone = read_zone_text(text, options, [](const std::string&) { return Failure{"none"}; }, diagnostics);
  if (!zone) give_up(to_text(diagnostics));
  return std::make_shared<const Zone>(std::move(*zone));
}

std::unique_ptr<Snapshot> make_snapshot(const SnapshotInput& input) {
  CompiledZoneCache cache;
  auto snapshot = compile_snapshot(input, bench_hash, bench_now, 1, nullptr, cache);
  if (!snapshot) give_up(snapshot.failure().message);
  return std::move(*snapshot);
}

}  // namespace dnsd::bench
