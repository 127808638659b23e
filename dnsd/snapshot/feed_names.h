// The names below a name with a pinned set by which customers follow it in DNS, unless its rule says feed_names: false:
//
//   _ip-ranges.NAME  TXT   "serial=42" "sha256=…" "url=https://…/ip-ranges.json": the feed that promises the set
//   next.NAME        A     the set as it will be after its next change, to test a firewall before
//   whoami.NAME      TXT   "set=proxy" "prefix=198.18.5.0/24": which set who asks would get, and by which prefix
//
// A rule with several sets has next.NAME for the clients of each.
// Thread safety: pure functions; a Whoami is immutable.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ip_address.h"
#include "dnsd/pools/pool_definition.h"
#include "dnsd/snapshot/answer_sets.h"
#include "zones/name.h"

namespace dnsd {

struct PublishedFeed;  // compile.h

struct FeedNames {
  Name feed, next, whoami;
};
// None where the rule has no set or wants none, where it is a wildcard's, and where they would be too long.
std::optional<FeedNames> feed_names(const NameRule& rule);

// The TXT record of _ip-ranges.NAME.
std::vector<uint8_t> feed_record(const PublishedFeed& feed, const std::string& url);

// The periods of a set, each with what comes after it.
PinnedAnswers next_answers(const PinnedAnswers& answers);

// Who gets which set by which prefix.
class Whoami {
 public:
  struct Row {
    IpPrefix prefix;
    uint16_t set;
    auto operator<=>(const Row&) const = default;
  };
  // `sets` are the names that rows speak of; `everybody`: without rows all get the first one. `others`: what those get
  // who are in none, "pool=us-street".
  Whoami(std::vector<std::string> sets, std::vector<Row> rows, bool everybody, std::string others);

  static constexpr size_t most_octets = 512;
  // A whole TXT record with TTL 0, owner at octet 12 of the message, of the client's network. No allocation.
  size_t write(const IpAddress& address, unsigned bits, std::array<uint8_t, most_octets>& out) const;

 private:
  const Row* find(const IpAddress& address, unsigned bits) const;

  std::vector<std::string> sets_;
  std::vector<Row> rows_;  // sorted
  std::array<std::array<bool, 129>, 2> lengths_{};  // that there are, by family
  bool everybody_;
  std::string others_;
};

}  // namespace dnsd
