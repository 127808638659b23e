// pinned_ips/*.yaml: a pinned set, its entries and its clients.
//
//   key                 default     range
//   set                 (required)  a name
//   ttl                 300         0 to 604800 seconds, or a duration such as 5m
//   notice              14d         14d or longer
//   quarantine          90d         how long a retired prefix stays unlisted
//   retention           730d        how long a retired row is shown
//   max_entries.ipv4    16          1 to 1000 rows of a family that are not retired
//   max_entries.ipv6    16          the same
//   min_standby         0           fewer entries of a family without address in service are warned of
//   allow_waiver        false       true, false: whether an entry may be served without the whole notice
//   out                 none        a list of addresses: dead or taken out of service, standbys take their places
//   entries             (required)  a list of at least one
//     .cidr             (required)  a canonical prefix
//     .facility         none        text
//     .reason           none        text, why the entry was changed last; a waiver needs it
//     .enabled          (required)  a date or an instant
//     .retired          none        later than enabled
//     .addresses        those of cidr in service; the address itself for a /32 or /128, else none: a standby
//     .standby          none        those of cidr that are ready to take the place of others
//     .cancelled        false       true: withdrawn before it was enabled
//     .revoked          false       true: lost or hijacked, no longer answered at once
//     .waived           false       true: enabled without the whole notice, in an emergency
//   clients             none        a list
//     .name             (required)  once in a set
//     .sources          (required)  canonical prefixes, each once in a set
//
// This is what is asked for. Whether it may be is judged by the ledger (pinned_ips/reconcile.h). Thread safety: pure
// but for reading files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "pinned_ips/pinned_set.h"

namespace dnsd {

constexpr Duration least_notice = days(14);
constexpr unsigned max_entries = 1000;  // of a family in a set

// None where anything was reported as an error; all defects are.
std::optional<PinnedSet> read_pinned_set(const std::string& path, Diagnostics& diagnostics);
std::optional<PinnedSet> parse_pinned_set(std::string_view text, const std::string& shown_path,
                                          Diagnostics& diagnostics);

}  // namespace dnsd
