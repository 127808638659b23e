#include "dnsd/http/made_documents.h"

namespace dnsd {
namespace {

size_t octets_of(const HttpDocument& document) {
  return document.plain.body.size() + (document.gzip ? document.gzip->body.size() : 0);
}

}  // namespace

// A decoded path may hold a "?", but no octet 0: libmicrohttpd ends it there.
std::string MadeDocuments::key(std::string_view path, std::optional<std::string_view> argument) {
  std::string key(path);
  if (argument) (key += '\0') += *argument;
  return key;
}

std::shared_ptr<const HttpDocument> MadeDocuments::find(const std::string& key, Instant now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  const Rows::iterator row = found->second;
  if (row->document->next_change && *row->document->next_change <= now) {
    forget(row);
    return nullptr;
  }
  rows_.splice(rows_.begin(), rows_, row);
  return row->document;
}

void MadeDocuments::keep(const std::string& key, std::shared_ptr<const HttpDocument> document) {
  if (const auto before = by_key_.find(key); before != by_key_.end()) forget(before->second);
  const size_t octets = octets_of(*document);
  if (octets > bounds_.octets || bounds_.documents == 0) return;
  while (rows_.size() >= bounds_.documents || octets_ + octets > bounds_.octets) forget(std::prev(rows_.end()));
  rows_.push_front({key, std::move(document)});
  by_key_.emplace(rows_.front().key, rows_.begin());
  octets_ += octets;
}

void MadeDocuments::forget(Rows::iterator row) {
  octets_ -= octets_of(*row->document);
  by_key_.erase(row->key);
  rows_.erase(row);
}

}  // namespace dnsd
