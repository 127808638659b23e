#include "dnsd/http/http_response.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dnsd/http/conditional.h"
#include "dnsd/http/http_date.h"
#include "dnsd/http/without_addresses.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* retry_after_seconds = "30";

HttpResponse answer(unsigned status, std::string_view content_type, std::string body) {
  return {status,
          {{"Content-Type", std::string(content_type)},
           {"Cache-Control", "no-store"},
           {"Access-Control-Allow-Origin", "*"},
           {"X-Content-Type-Options", "nosniff"}},
          std::move(body)};
}

HttpResponse json_answer(unsigned status, const Json& json) {
  return answer(status, "application/json", json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

// Never the path or anything else of the request: it could be an address.
HttpResponse error(unsigned status, std::string_view why) {
  Json json;
  json["status"] = status;
  json["error"] = std::string(why);
  return json_answer(status, json);
}

HttpResponse unavailable(std::string_view why) {
  HttpResponse response = error(503, why);
  response.fields.push_back({"Retry-After", retry_after_seconds});
  return response;
}

HttpResponse health(const HttpSite&) { return answer(200, "text/plain; charset=utf-8", "ok\n"); }

HttpResponse readiness(const HttpSite& site) {
  const bool ready = site.content && site.content->ready;
  Json json;
  json["ready"] = ready;
  if (!ready)
    json["reason"] = site.content ? without_addresses(site.content->not_ready_reason) : "nothing is loaded yet";
  HttpResponse response = json_answer(ready ? 200 : 503, json);
  if (!ready) response.fields.push_back({"Retry-After", retry_after_seconds});
  return response;
}

HttpResponse metrics(const HttpSite& site) {
  if (!site.metrics) return error(404, "no metrics are kept");
  return answer(200, "text/plain; version=0.0.4; charset=utf-8", (*site.metrics)());
}

// What is computed for each request. A new one is a row.
struct DynamicPath {
  std::string_view path;
  HttpResponse (*respond)(const HttpSite&);
};
constexpr DynamicPath dynamic_paths[] = {{"/healthz", health}, {"/readyz", readiness}, {"/metrics", metrics}};

const DynamicPath* find_dynamic(std::string_view path) {
  for (const DynamicPath& row : dynamic_paths)
    if (row.path == path) return &row;
  return nullptr;
}

// A cache must not hold a document past its next change; after that, until it has been rendered anew, not at all.
std::string cache_control(const HttpDocument& document, Instant now) {
  int64_t seconds = document.max_age.seconds;
  if (document.next_change) seconds = std::min(seconds, (*document.next_change - now).seconds);
  return "public, max-age=" + std::to_string(std::max<int64_t>(seconds, 0)) + ", stale-if-error=86400";
}

// RFC 9110 13.2.2: If-Modified-Since counts only where there is no If-None-Match.
bool is_unmodified(const HttpRequest& request, const HttpDocument& document, const Representation& form,
                   Instant now) {
  if (!request.if_none_match.empty()) return if_none_match(request.if_none_match, form.etag);
  const std::optional<Instant> since = parse_http_date(request.if_modified_since, now);
  return since && document.last_modified <= *since;
}

HttpResponse serve(const HttpRequest& request, const HttpDocument& document, Instant now) {
  if (document.plain.body.empty()) return unavailable("there is nothing to serve here now");
  const bool gzip = document.gzip && accepts_gzip(request.accept_encoding);
  const Representation& form = gzip ? *document.gzip : document.plain;
  HttpResponse response;
  response.fields = {{"ETag", form.etag},
                     // RFC 9110 8.8.2.1: never later than Date.
                     {"Last-Modified", http_date(std::min(document.last_modified, now))},
                     {"Cache-Control", cache_control(document, now)},
                     {"Access-Control-Allow-Origin", "*"},
                     {"Access-Control-Expose-Headers", "ETag, Repr-Digest"},
                     {"X-Content-Type-Options", "nosniff"}};
  if (document.gzip) response.fields.push_back({"Vary", "Accept-Encoding"});
  response.body = form.body;
  if (is_unmodified(request, document, form, now)) {
    response.status = 304;
    return response;
  }
  response.fields.push_back({"Content-Type", document.content_type});
  response.fields.push_back({"Repr-Digest", form.repr_digest});
  if (gzip) response.fields.push_back({"Content-Encoding", "gzip"});
  if (document.content_type.starts_with("text/html"))
    response.fields.push_back({"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"});
  return response;
}

}  // namespace

HttpResponse http_respond(const HttpRequest& request, const HttpSite& site, Instant now) {
  const DynamicPath* dynamic = find_dynamic(request.path);
  const HttpDocument* document = !dynamic && site.content ? site.content->find(request.path) : nullptr;
  // Before the first publish it is not known which documents there are.
  if (!dynamic && !site.content) return unavailable("nothing is loaded yet");
  if (!dynamic && !document) return error(404, "there is no such document; / lists what there is");
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = error(405, "this can only be read: use GET or HEAD");
    response.fields.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  return dynamic ? dynamic->respond(site) : serve(request, *document, now);
}

}  // namespace dnsd
