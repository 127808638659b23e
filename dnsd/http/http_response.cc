#include "dnsd/http/http_response.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dnsd/http/conditional.h"
#include "dnsd/http/http_date.h"
#include "dnsd/http/negotiation.h"
#include "dnsd/http/without_addresses.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* retry_after_seconds = "30";
constexpr const char* allowed_methods = "GET, HEAD, OPTIONS";

HttpResponse answer(unsigned status, std::string_view content_type, std::string body) {
  const auto owner = std::make_shared<const std::string>(std::move(body));
  return {status,
          {{"Content-Type", std::string(content_type)},
           {"Cache-Control", "no-store"},
           {"Access-Control-Allow-Origin", "*"},
           {"X-Content-Type-Options", "nosniff"}},
          *owner,
          owner};
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
  if (document.immutable) return "public, max-age=31536000, immutable";  // RFC 8246
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

// Only of documents: metrics and health answer machines that may say what they like.
std::optional<HttpResponse> not_acceptable(const HttpRequest& request, const HttpDocument& document, Coding coding) {
  if (!accepts_type(request.accept, document.content_type))
    return error(406, "there is only " + document.content_type + " here, which your Accept excludes");
  if (coding == Coding::none) return error(406, "your Accept-Encoding excludes every form that there is");
  return std::nullopt;
}

HttpResponse serve(const HttpRequest& request, const HttpDocument& document, Instant now) {
  if (document.plain.body.empty()) return unavailable("there is nothing to serve here now");
  const Coding coding = choose_coding(request.accept_encoding, document.gzip.has_value());
  if (std::optional<HttpResponse> refused = not_acceptable(request, document, coding)) return std::move(*refused);
  const bool gzip = coding == Coding::gzip;
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

// The first of several, as it would be for every cache on the way.
std::optional<std::string_view> argument(const HttpRequest& request, std::string_view name) {
  for (const HttpArgument& one : request.arguments)
    if (!name.empty() && one.name == name) return one.value;
  return std::nullopt;
}

HttpResponse no_document(const NoDocument& none) {
  const bool known = none.status == 400 || none.status == 410;
  return error(known ? none.status : 404, without_addresses(none.why));
}

HttpResponse serve_made(const HttpRequest& request, const DocumentMaker& maker, const HttpSite& site, Instant now) {
  const std::optional<std::string_view> given = argument(request, maker.parameter);
  if (request.path.size() > max_requested_path || (given && given->size() > max_requested_argument))
    return error(400, "what was asked for is too long to make sense");
  const std::string key = MadeDocuments::key(request.path, given);
  std::shared_ptr<const HttpDocument> document = site.made ? site.made->find(key, now) : nullptr;
  if (!document) {
    MadeDocument made = maker.make(request.path, given, now);
    if (const auto* none = std::get_if<NoDocument>(&made)) return no_document(*none);
    document = std::make_shared<const HttpDocument>(std::move(std::get<HttpDocument>(made)));
    if (site.made) site.made->keep(key, document);
  }
  HttpResponse response = serve(request, *document, now);
  if (!response.owner) response.owner = std::move(document);
  return response;
}

// A script of a web page that sends If-None-Match has its browser ask first (Fetch, "CORS-preflight request").
HttpResponse options() {
  return {204,
          {{"Allow", allowed_methods},
           {"Access-Control-Allow-Origin", "*"},
           {"Access-Control-Allow-Methods", allowed_methods},
           {"Access-Control-Allow-Headers", "*"},
           {"Access-Control-Max-Age", "86400"}},
          {}};
}

HttpResponse wrong_method() {
  HttpResponse response = error(405, "this can only be read: use GET or HEAD");
  response.fields.push_back({"Allow", allowed_methods});
  return response;
}

}  // namespace

HttpResponse http_respond(const HttpRequest& request, const HttpSite& site, Instant now) {
  const bool asks_for_options = request.method == "OPTIONS";
  if (asks_for_options && request.path == "*") return options();  // RFC 9110 9.3.7: of the server as a whole
  const DynamicPath* dynamic = find_dynamic(request.path);
  const HttpContent* content = dynamic ? nullptr : site.content;
  // Before the first publish it is not known which documents there are.
  if (!dynamic && !content) return unavailable("nothing is loaded yet");
  const HttpDocument* document = content ? content->find(request.path) : nullptr;
  const DocumentMaker* maker = content ? content->find_maker(request.path) : nullptr;
  // A ready document may stand where the maker is asked only if its argument is given.
  if (document && maker && !argument(request, maker->parameter)) maker = nullptr;
  if (!dynamic && !document && !maker) return error(404, "there is no such document; / lists what there is");
  if (asks_for_options) return options();
  if (request.method != "GET" && request.method != "HEAD") return wrong_method();
  if (dynamic) return dynamic->respond(site);
  return maker ? serve_made(request, *maker, site, now) : serve(request, *document, now);
}

}  // namespace dnsd
