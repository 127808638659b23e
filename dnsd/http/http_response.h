// Request in, response out: the rules of HTTP for this server, as one pure function.
//
// No error body holds an IP address, and no 200 is empty: firewalls take the one for their list and empty their
// tables on the other.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "dnsd/http/http_content.h"
#include "dnsd/http/made_documents.h"

namespace dnsd {

// Of the query: "since=41".
struct HttpArgument {
  std::string name, value;
};

struct HttpRequest {
  std::string_view method, path;  // the path without the query, decoded
  // Field values, lines of one field joined with commas; empty where absent.
  std::string if_none_match, if_modified_since, accept_encoding;
  std::string accept{};
  std::vector<HttpArgument> arguments{};
};

struct HttpField {
  std::string_view name;
  std::string value;
};

struct HttpResponse {
  unsigned status = 200;
  std::vector<HttpField> fields;
  // To a HEAD and with a 304 too: libmicrohttpd leaves it out and sends its length, which must be that of the 200
  // (RFC 9110 8.6); with an empty body it would say 0. It is there as long as `owner`; without one, as the site's content:
  // thousands of clients that read slowly share one copy.
  std::string_view body;
  std::shared_ptr<const void> owner{};
};

// What there is to answer from.
struct HttpSite {
  const HttpContent* content = nullptr;                   // null before the first publish
  const std::function<std::string()>* metrics = nullptr;  // null: there is no /metrics
  MadeDocuments* made = nullptr;                          // of this content; null: nothing is kept
};

HttpResponse http_respond(const HttpRequest& request, const HttpSite& site, Instant now);

}  // namespace dnsd
