// What the HTTP server serves: a set of documents, complete with all their forms, immutable once published.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
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
  bool immutable = false;              // it will be the same for ever: for a year, whatever the two above say
};

// What make_document() needs besides the body, with HttpDocument's meaning.
struct DocumentTraits {
  std::string_view path, content_type;
  Instant last_modified;
  Duration max_age;
  std::optional<Instant> next_change;
  bool immutable = false;
};

// Computes digests, entity tags and the gzip form. An empty body makes a document that is answered with 503.
Result<HttpDocument> make_document(const DocumentTraits& traits, std::string body);

// Why there is no document: 400 where what was asked for makes no sense, 404 where there is no such thing, 410 where it
// was there once. Any other status becomes 404. Addresses in the reason are masked.
struct NoDocument {
  unsigned status = 404;
  std::string why;
};

using MadeDocument = std::variant<NoDocument, HttpDocument>;

// Documents that are made when they are asked for, because there may be too many of them to have ready: all whose path
// begins with `prefix`.
struct DocumentMaker {
  std::string prefix;     // "/ip-ranges/snapshots/"
  std::string parameter;  // the one argument of the query that matters, as "since"; empty: none does

  // The decoded path, at most max_requested_path octets, and the argument where the query has it, decoded, at most
  // max_requested_argument. The document's own path is not looked at. An empty body is answered with 503, as ever.
  //
  // What it makes of the same path and argument must be the same until the next content is published, or until the
  // document's next_change: it is kept, if there is room. Called on the HTTP thread, so it should take milliseconds; what
  // it throws ends the connection.
  std::function<MadeDocument(std::string_view path, std::optional<std::string_view> argument, Instant now)> make;
};

inline constexpr size_t max_requested_path = 256, max_requested_argument = 64;

struct HttpContent {
  std::vector<HttpDocument> documents;
  bool ready = false;
  std::string not_ready_reason;  // shown by /readyz, addresses in it are masked
  std::vector<DocumentMaker> on_demand{};

  const HttpDocument* find(std::string_view path) const;
  // Of several whose prefix fits the first.
  const DocumentMaker* find_maker(std::string_view path) const;
};

}  // namespace dnsd
