// pinned_ips/*.yaml: a pinned set, its entries and its clients.
//
//   key                 default     range
//   set                 (required)  a name
//   ttl                 300         0 to 604800 seconds, or a duration such as 5m
//   notice              14d         14d or longer
//   entries             (required)  a list of at least one
//     .cidr             (required)  a canonical prefix; overlaps another only where one is retired before the other begins
//     .facility         none        text
//     .published        (required)  a date or an instant
//     .enabled          (required)  a date or an instant
//     .retired          none        later than enabled
//     .addresses        those of cidr in service; the address itself for a /32 or /128, else none: a standby
//   clients             none        a list
//     .name             (required)  once in a set
//     .sources          (required)  canonical prefixes, each once in a set
//
// Whether an entry stood in the feed for long enough is checked in pinned_ips. Thread safety: pure but for reading files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "pinned_ips/pinned_set.h"

namespace dnsd {

constexpr Duration least_notice = days(14);

// None where anything was reported as an error; all defects are.
std::optional<PinnedSet> read_pinned_set(const std::string& path, Diagnostics& diagnostics);
std::optional<PinnedSet> parse_pinned_set(std::string_view text, const std::string& shown_path,
                                          Diagnostics& diagnostics);

}  // namespace dnsd
