// What was made on request lately, of one content, so that to be asked the same again and again is cheap. Bounded: it
// forgets what was not asked for the longest.
//
// Thread safety: one thread.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "dnsd/http/http_content.h"

namespace dnsd {

class MadeDocuments {
 public:
  struct Bounds {
    size_t documents = 256;
    size_t octets = size_t{16} << 20;  // of all their forms; a document that is larger by itself is not kept
  };

  MadeDocuments() : MadeDocuments(Bounds()) {}
  explicit MadeDocuments(Bounds bounds) : bounds_(bounds) {}

  // One for each path and argument.
  static std::string key(std::string_view path, std::optional<std::string_view> argument);

  // Null where there is none, or its next change has come.
  std::shared_ptr<const HttpDocument> find(const std::string& key, Instant now);
  void keep(const std::string& key, std::shared_ptr<const HttpDocument> document);

 private:
  struct Row {
    std::string key;
    std::shared_ptr<const HttpDocument> document;
  };
  using Rows = std::list<Row>;

  void forget(Rows::iterator row);

  const Bounds bounds_;
  Rows rows_;  // asked for last comes first
  std::map<std::string_view, Rows::iterator> by_key_;  // the keys are those of the rows
  size_t octets_ = 0;
};

}  // namespace dnsd
