// Any octets as a record of the ledger, as a feed that is taken over, and as a key: what is accepted comes back as it was,
// and leads to promises that can be rendered.
#include <cstdlib>
#include <string>

#include "pinned_ips/chronicle.h"
#include "pinned_ips/feed/feed_document.h"
#include "pinned_ips/feed/minisign.h"
#include "pinned_ips/import_feed.h"

namespace {

using namespace dnsd;

const Instant now = *parse_instant("2026-11-21T09:00:00Z");

void require(bool promise) {
  if (!promise) std::abort();
}

void as_record(std::string_view text) {
  const Result<LedgerRecord> record = parse_ledger_record(text);
  if (!record) return require(!record.failure().message.empty());
  const Result<LedgerRecord> again = parse_ledger_record(to_text(*record));
  require(again.ok() && to_text(*again) == to_text(*record));
  History history;
  require(apply(history, *record).ok() || history.seq == 0);
}

void as_feed(std::string_view text) {
  Result<ImportedFeed> feed = parse_feed(text);
  if (!feed) return require(!feed.failure().message.empty());
  std::vector<ImportedSet> sets;
  for (ImportedEntry& entry : feed->entries) {
    if (entry.set.empty()) entry.set = "set";
    if (std::ranges::find(sets, entry.set, &ImportedSet::name) == sets.end()) sets.push_back({entry.set, {}, 300});
  }
  if (sets.size() > 4 || feed->entries.size() > 64 || feed->serial > 1000000) return;
  const auto records = imported_records(*feed, sets, now, "fuzz");
  if (!records) return require(!records.failure().message.empty());
  const Result<Chronicle> chronicle = Chronicle::of(*records, now);
  require(chronicle.ok());
  if (const auto issue = issued(*chronicle, chronicle->issue_at_end())) require(feed_document(issue->view("")).has_value());
}

void as_key(std::string_view text) {
  if (const auto key = parse_public_key_file(text)) require(parse_public_key_file(public_key_file(*key)).ok());
  if (const auto key = parse_secret_key_file(text)) require(parse_secret_key_file(secret_key_file(*key)).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  as_record(text);
  as_feed(text);
  as_key(text);
  return 0;
}
