// What a feed of before said, as the beginning of a ledger: the seed's format (entries with cidr, published, enabled,
// retired, facility), or one of our own documents.
//
// Thread safety: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pinned_ips/ledger_record.h"

namespace dnsd {

struct ImportedEntry {
  std::string set;  // empty where the document does not say
  std::string id;   // of our own documents
  IpPrefix cidr;
  DateOrInstant published, enabled;
  std::optional<DateOrInstant> retired;
  std::string facility, reason;
  bool waived = false, revoked = false;
};

struct ImportedFeed {
  uint64_t serial = 0;  // 0: the document bears none
  std::vector<ImportedEntry> entries;
};

// {"entries": […]}, or the list alone. Cancelled entries are left out: they were never answered. The failure names the
// entry and the member.
Result<ImportedFeed> parse_feed(std::string_view json);

struct ImportedSet {
  std::string name;
  PinnedPolicy policy;
  uint32_t ttl = 300;
};

// The first batch of a ledger: each entry as genesis with its published date. All refusals of the gate, one a line, are
// the failure. `sets` are those that the entries are of.
Result<std::vector<LedgerRecord>> imported_records(const ImportedFeed& feed, const std::vector<ImportedSet>& sets,
                                                   Instant now, const std::string& actor);

}  // namespace dnsd
