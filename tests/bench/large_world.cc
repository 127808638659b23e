#include "large_world.h"

#include "dns_message.h"
#include "shaped_world.h"
#include "workload.h"

namespace dnsd::bench {
namespace {

constexpr const char* head = "$TTL 3600\n@ SOA ns1 host 1 7200 900 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\n";
constexpr size_t digits = 8;

std::string numbered(const char* letter, size_t number) {
  const std::string text = std::to_string(number);
  return letter + std::string(digits - text.size(), '0') + text;
}

// Another name each time: its digits begin at this octet of the packet.
constexpr size_t first_digit = 12 + 1 + 1;
Workload::Change any_of(size_t count) {
  return [=, random = Random(11)](std::vector<uint8_t>& packet, Client&) mutable {
    uint32_t number = random.below(static_cast<uint32_t>(count));
    for (size_t i = digits; i-- > 0; number /= 10) packet[first_digit + i] = static_cast<uint8_t>('0' + number % 10);
  };
}

// The last one made stays: kinds that need the same world stand side by side, and a million names take their time.
std::shared_ptr<const Snapshot> names_world(size_t count) {
  static std::shared_ptr<const Snapshot> world;
  static size_t made = 0;
  if (made != count) {
    world.reset();
    world = make_snapshot({{{make_zone(text_of_names(count), "example.org."), {}, {}}}, {}, {}});
    made = count;
  }
  return world;
}

// A hit asks for "n…", a miss for "x…": no name begins so.
Workload names(size_t count, bool hit) {
  const std::string name = numbered(hit ? "n" : "x", 0) + ".example.org.";
  return {names_world(count), testing::make_query({.name = name, .edns_payload = 1232}), any_of(count)};
}

Workload zones(size_t count) {
  SnapshotInput input;
  for (size_t i = 0; i < count; ++i) input.zones.push_back({make_zone(head, numbered("z", i) + ".org."), {}, {}});
  const std::string name = numbered("z", 0) + ".org.";
  return {make_snapshot(input), testing::make_query({.name = name, .type = "NS", .edns_payload = 1232}), any_of(count)};
}

}  // namespace

std::string text_of_names(size_t count) {
  std::string text = head;
  for (size_t i = 0; i < count; ++i)
    text += numbered("n", i) + " A 10." + std::to_string(i >> 16 & 255) + "." + std::to_string(i >> 8 & 255) + "." +
            std::to_string(i & 255) + "\n";
  return text;
}

std::vector<Kind> large_kinds() {
  return {
      {"1,000 zones", [] { return zones(1000); }},
      {"1,000,000 names, hit", [] { return names(1000000, true); }},
      {"1,000,000 names, miss", [] { return names(1000000, false); }},
  };
}

std::vector<Kind> growth_kinds() {
  std::vector<Kind> all;
  const auto add = [&](const std::string& what, size_t count, std::function<Workload()> make) {
    all.push_back({"growth " + what + " " + std::to_string(count), std::move(make)});
  };
  for (const size_t n : {10u, 100u, 1000u, 10000u}) add("members", n, [n] { return pool({.members = n}); });
  for (const size_t n : {10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u}) {
    add("names", n, [n] { return names(n, true); });
    add("missing", n, [n] { return names(n, false); });
  }
  for (const size_t n : {1u, 10u, 100u, 1000u, 10000u, 100000u}) add("zones", n, [n] { return zones(n); });
  for (const size_t n : {0u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u}) {
    add("prefixes4", n, [n] { return clients(Layout::v4_random, n, n > 0 ? Asker::hit : Asker::near, true); });
    add("prefixes6", n, [n] { return clients(Layout::v6_random, n, n > 0 ? Asker::hit : Asker::near, true); });
  }
  return all;
}

}  // namespace dnsd::bench
