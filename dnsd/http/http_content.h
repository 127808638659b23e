// What the HTTP server serves: a set of documents, complete with all their forms, immutable once published.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"

namespace dnsd {

// One form of a document on the wire (RFC 9110 3.2), with what identifies it.
struct Representation {
  std::string body;
  std::string etag;         // strong, in quotes
  std::string repr_digest;  // RFC 9530: "sha-256=:…:"
};

struct HttpDocument {
  std::string path;  // "/ip-ranges.json"
  std::string content_type;
  Representation plain;                // an empty body: there is nothing to serve now, the answer is 503
  std::optional<Representation> gzip;  // where it is worth it; with an entity tag of its own
  Instant last_modified;
  Duration max_age;                    // how long a client may keep it …
  std::optional<Instant> next_change;  // … but never past this
};

// What make_document() needs besides the body, with HttpDocument's meaning.
struct DocumentTraits {
  std::string_view path, content_type;
  Instant last_modified;
  Duration max_age;
  std::optional<Instant> next_change;
};

// Computes digests, entity tags and the gzip form. An empty body makes a document that is answered with 503.
Result<HttpDocument> make_document(const DocumentTraits& traits, std::string body);

struct HttpContent {
  std::vector<HttpDocument> documents;
  bool ready = false;
  std::string not_ready_reason;  // shown by /readyz, addresses in it are masked

  const HttpDocument* find(std::string_view path) const;
};

}  // namespace dnsd
