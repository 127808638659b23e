// The beginning of a ledger from what a feed said: for `pin import` and `ledger rebuild`. The daemon must not run.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "dnsd/config/server_config.h"
#include "pinned_ips/import_feed.h"
#include "tools/zone_edit/session.h"

namespace dnsd {

// The feed in a file; the entry's set is `set` where the file does not say one.
Result<ImportedFeed> read_feed_file(const std::string& path, const std::string& set);

// The sets that the feed's entries are of, each with the policy and TTL of its file in pinned_ips/, or the defaults.
std::vector<ImportedSet> sets_of_feed(const ImportedFeed& feed, const ServerConfig& config);

// Makes the ledger. Refused where there is one with records, unless `replace`: then the one there is is kept beside it
// as ledger.db.old-N.
Status make_ledger(const ServerConfig& config, std::span<const LedgerRecord> records, bool replace);

}  // namespace dnsd
