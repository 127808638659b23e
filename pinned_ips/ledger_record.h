// One record of the ledger, and its line of text: what was changed, when, by whom, and what it came to.
//
// The instants that an edit means are worked out once, when it is recorded: what was said then holds, whatever the
// files say about the TTL or the notice later.
//
// Thread safety: plain data; the functions are pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "pinned_ips/policy.h"

namespace dnsd {

enum class EditKind : uint8_t {
  begin,       // the first record of a ledger: from which serial on it counts
  policy,      // of a set, the first one makes it
  announce,    // a new entry
  reschedule,  // other `enabled` or `retired`
  describe,    // facility, reason, addresses, standby
  cancel,      // before it was enabled
  revoke,      // lost or hijacked: no longer answered, at once
  waive,       // announced, but enabled at once
};
std::string_view to_text(EditKind kind);
// Whether a notice begins with it, so that it needs to be known what time it is.
bool counts_notice(EditKind kind);

// What somebody wants to be changed. Which members count depends on the kind.
struct PinEdit {
  EditKind kind = EditKind::announce;
  std::string set{};
  std::string entry{};                   // id; of an announcement: given when it is recorded
  IpPrefix cidr{};                       // announce
  std::string facility{}, reason{};      // announce, describe; the reason: also cancel, revoke, waive
  DateOrInstant enabled{};               // announce, reschedule
  std::optional<DateOrInstant> retired{};  // announce, reschedule
  std::optional<DateOrInstant> published{};  // genesis of an import: what the feed before said
  uint32_t ttl = 0;                      // of the set, seconds: announce, reschedule
  bool genesis = false, waived = false;  // announce
  std::vector<IpAddress> addresses{}, standby{};  // announce, describe
  PinnedPolicy policy{};                 // policy
  uint64_t serial = 0;                   // begin: the last one that was published before, 0 if none
  bool operator==(const PinEdit&) const = default;
};

struct LedgerRecord {
  uint64_t seq = 0;    // from 1
  uint64_t batch = 0;  // the seq of the first record that was granted together with this one
  Instant at;
  std::string actor;
  PinEdit edit;
  Instant effective_at;                   // policy: when it begins; else `at`
  Instant enabled_at;                     // announce, reschedule, waive
  std::optional<Instant> last_answer_at, retired_at;  // announce, reschedule
  bool operator==(const LedgerRecord&) const = default;
};

// A line of JSON without newline, the same for equal records.
std::string to_text(const LedgerRecord& record);
// The failure says what is wrong with the line, not in which file.
Result<LedgerRecord> parse_ledger_record(std::string_view text);

}  // namespace dnsd
