// What a pinned set promises about itself: the numbers of its policy. Changes of them are edits of the ledger.
#pragma once

#include <array>

#include "base/instant.h"
#include "base/ip_address.h"

namespace dnsd {

// How long a client may keep the feed before it asks again; every notice is this much longer than it says.
constexpr Duration feed_max_age{300};

struct PinnedPolicy {
  Duration notice = days(14);       // at least so long an address stands in the feed before it comes or goes
  Duration quarantine = days(90);   // so long a retired prefix stays unlisted
  Duration retention = days(730);   // so long a retired row is shown
  std::array<unsigned, 2> max_entries{16, 16};  // live rows, by Family: what a firewall must have room for
  bool allow_waiver = false;        // whether an entry may be served without the whole notice, in an emergency
  bool operator==(const PinnedPolicy&) const = default;

  Duration whole_notice() const { return {notice.seconds + feed_max_age.seconds}; }
  unsigned most(Family family) const { return max_entries[static_cast<size_t>(family)]; }
};

}  // namespace dnsd
