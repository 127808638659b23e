#include "dnsd/http/http_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "dnsd/http/http_date.h"

namespace dnsd {
namespace {

using testing::HasSubstr;
using testing::Not;

const Instant modified = *parse_instant("2026-11-02T09:00:00Z");
const Instant now = *parse_instant("2026-11-21T12:00:00Z");

class HttpRespond : public testing::Test {
 protected:
  HttpRespond() {
    content.documents.push_back(
        *make_document({"/ip-ranges.json", "application/json", modified, Duration{300}, now + Duration{100}},
                       std::string(1000, 'x')));
    content.documents.push_back(*make_document({"/empty", "text/plain", modified, Duration{300}, std::nullopt}, ""));
    content.documents.push_back(
        *make_document({"/", "text/html; charset=utf-8", modified, Duration{300}, std::nullopt}, "<p>page"));
    content.ready = true;
  }

  HttpResponse ask(HttpRequest request, Instant when = now) const {
    return http_respond(request, {&content, &metrics}, when);
  }
  HttpResponse get(std::string_view path) const { return ask({"GET", path, {}, {}, {}}); }
  const Representation& plain() const { return content.documents[0].plain; }
  const Representation& gzip() const { return *content.documents[0].gzip; }

  // Documents that are made: "/made/BODY", and "/since" by its argument.
  void add_makers() {
    content.on_demand.push_back({"/made/", "", [this](auto path, auto argument, Instant when) -> MadeDocument {
                                   ++calls;
                                   EXPECT_FALSE(argument);
                                   EXPECT_EQ(when, now);
                                   if (path == "/made/bad") return NoDocument{400, "not 192.0.2.1 but a serial"};
                                   if (path == "/made/gone") return NoDocument{410, "no longer kept"};
                                   if (path == "/made/odd") return NoDocument{200, "odd"};
                                   if (path == "/made/none") return NoDocument{};
                                   return *make_document({path, "application/json", modified, Duration{300}, now, true},
                                                         path == "/made/empty" ? "" : std::string(path));
                                 }});
    content.on_demand.push_back({"/since", "since", [this](auto path, auto argument, Instant) -> MadeDocument {
                                   ++calls;
                                   return *make_document({path, "application/json", modified, Duration{300}, {}},
                                                         argument ? "since " + std::string(*argument) : "all");
                                 }});
  }

  int calls = 0;
  HttpContent content;
  std::function<std::string()> metrics = [] { return std::string("dnsd_up 1\n"); };
};

std::string field(const HttpResponse& response, std::string_view name) {
  for (const HttpField& f : response.fields)
    if (f.name == name) return f.value;
  return {};
}

TEST_F(HttpRespond, Document) {
  const HttpResponse response = get("/ip-ranges.json");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, plain().body);
  EXPECT_EQ(field(response, "ETag"), plain().etag);
  EXPECT_EQ(field(response, "Last-Modified"), "Mon, 02 Nov 2026 09:00:00 GMT");
  EXPECT_EQ(field(response, "Content-Type"), "application/json");
  EXPECT_EQ(field(response, "Repr-Digest"), plain().repr_digest);
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(field(response, "Vary"), "Accept-Encoding");
  EXPECT_EQ(field(response, "Content-Encoding"), "");
}

TEST_F(HttpRespond, Gzip) {
  const HttpResponse response = ask({"GET", "/ip-ranges.json", {}, {}, "gzip, br"});
  EXPECT_EQ(response.body, gzip().body);
  EXPECT_EQ(field(response, "Content-Encoding"), "gzip");
  EXPECT_EQ(field(response, "ETag"), gzip().etag);
  EXPECT_EQ(field(response, "Repr-Digest"), gzip().repr_digest);
  EXPECT_EQ(ask({"GET", "/ip-ranges.json", gzip().etag, {}, "gzip"}).status, 304u);
  EXPECT_EQ(ask({"GET", "/ip-ranges.json", plain().etag, {}, "gzip"}).status, 200u);
}

TEST_F(HttpRespond, NotModifiedByTag) {
  const HttpResponse response = ask({"GET", "/ip-ranges.json", "\"a\", W/" + plain().etag, {}, {}});
  EXPECT_EQ(response.status, 304u);
  EXPECT_EQ(field(response, "ETag"), plain().etag);
  EXPECT_EQ(field(response, "Cache-Control"), "public, max-age=100, stale-if-error=86400");
  EXPECT_EQ(field(response, "Content-Type"), "");
}

TEST_F(HttpRespond, NotModifiedByDate) {
  const auto since = [&](Instant instant) {
    return ask({"GET", "/ip-ranges.json", {}, http_date(instant), {}}).status;
  };
  EXPECT_EQ(since(modified), 304u);
  EXPECT_EQ(since(modified + Duration{1}), 304u);
  EXPECT_EQ(since(modified - Duration{1}), 200u);
  EXPECT_EQ(ask({"GET", "/ip-ranges.json", {}, "yesterday", {}}).status, 200u);
}

TEST_F(HttpRespond, TheTagCountsBeforeTheDate) {
  EXPECT_EQ(ask({"GET", "/ip-ranges.json", "\"old\"", http_date(now), {}}).status, 200u);
  EXPECT_EQ(ask({"GET", "/ip-ranges.json", plain().etag, http_date(Instant{0}), {}}).status, 304u);
}

TEST_F(HttpRespond, MaxAgeEndsAtTheNextChange) {
  const auto cache = [&](Instant when) {
    return field(ask({"GET", "/ip-ranges.json", {}, {}, {}}, when), "Cache-Control");
  };
  EXPECT_EQ(cache(now - Duration{1000}), "public, max-age=300, stale-if-error=86400");
  EXPECT_EQ(cache(now - Duration{200}), "public, max-age=300, stale-if-error=86400");
  EXPECT_EQ(cache(now), "public, max-age=100, stale-if-error=86400");
  EXPECT_EQ(cache(now + Duration{99}), "public, max-age=1, stale-if-error=86400");
  EXPECT_EQ(cache(now + Duration{500}), "public, max-age=0, stale-if-error=86400");
}

TEST_F(HttpRespond, LastModifiedIsNeverInTheFuture) {
  EXPECT_EQ(field(ask({"GET", "/ip-ranges.json", {}, {}, {}}, modified - Duration{1}), "Last-Modified"),
            "Mon, 02 Nov 2026 08:59:59 GMT");
}

TEST_F(HttpRespond, NothingToServeIsNeverAnEmpty200) {
  const HttpResponse response = get("/empty");
  EXPECT_EQ(response.status, 503u);
  EXPECT_EQ(field(response, "Retry-After"), "30");
  EXPECT_EQ(field(response, "Content-Type"), "application/json");
  EXPECT_EQ(field(response, "Cache-Control"), "no-store");
  EXPECT_EQ(ask({"GET", "/empty", "*", {}, {}}).status, 503u);
}

TEST_F(HttpRespond, UnknownPathIsJsonThatDoesNotRepeatIt) {
  const HttpResponse response = get("/ip-ranges/192.0.2.1.txt");
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(nlohmann::json::parse(response.body)["status"], 404);
  EXPECT_THAT(response.body, Not(HasSubstr("192")));
}

TEST_F(HttpRespond, OtherMethodsAreRefused) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE", "get", "options", ""}) {
    for (const char* path : {"/ip-ranges.json", "/healthz"}) {
      const HttpResponse response = ask({method, path, {}, {}, {}});
      EXPECT_EQ(response.status, 405u) << method << " " << path;
      EXPECT_EQ(field(response, "Allow"), "GET, HEAD, OPTIONS");
      EXPECT_EQ(nlohmann::json::parse(response.body)["status"], 405);
    }
  }
  EXPECT_EQ(ask({"HEAD", "/ip-ranges.json", {}, {}, {}}).status, 200u);
  EXPECT_EQ(ask({"POST", "/nothing", {}, {}, {}}).status, 404u);
}

// What a browser asks before a script of another origin may send If-None-Match.
TEST_F(HttpRespond, PreflightOfAScript) {
  add_makers();
  for (const char* path : {"/ip-ranges.json", "/", "/healthz", "/made/1", "*"}) {
    const HttpResponse response = ask({"OPTIONS", path, {}, {}, {}});
    EXPECT_EQ(response.status, 204u) << path;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(field(response, "Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(field(response, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(field(response, "Access-Control-Allow-Headers"), "*");
    EXPECT_EQ(field(response, "Access-Control-Max-Age"), "86400");
  }
  EXPECT_EQ(ask({"OPTIONS", "/nothing", {}, {}, {}}).status, 404u);
  EXPECT_EQ(calls, 0);
}

TEST_F(HttpRespond, ATypeThatIsNotThereIs406) {
  const auto accept = [&](const char* path, const char* type) { return ask({"GET", path, {}, {}, {}, type}); };
  EXPECT_EQ(accept("/ip-ranges.json", "text/html, */*;q=0.1").status, 200u);
  EXPECT_EQ(accept("/", "text/html").status, 200u);
  EXPECT_EQ(accept("/healthz", "application/json").status, 200u);
  const HttpResponse response = accept("/ip-ranges.json", "text/html");
  EXPECT_EQ(response.status, 406u);
  EXPECT_EQ(nlohmann::json::parse(response.body)["error"],
            "there is only application/json here, which your Accept excludes");
  EXPECT_EQ(field(response, "Content-Type"), "application/json");
  EXPECT_EQ(field(response, "Cache-Control"), "no-store");
  EXPECT_EQ(accept("/nothing", "text/html").status, 404u);
  EXPECT_EQ(ask({"GET", "/ip-ranges.json", "*", {}, {}, "text/html"}).status, 406u);  // no 304 of what is not served
}

TEST_F(HttpRespond, ACodingThatIsNotThereIs406) {
  EXPECT_EQ(ask({"GET", "/", {}, {}, "identity;q=0, gzip"}).status, 406u);  // too small for a gzip form
  EXPECT_EQ(ask({"GET", "/ip-ranges.json", {}, {}, "identity;q=0, gzip"}).status, 200u);
  const HttpResponse response = ask({"GET", "/ip-ranges.json", {}, {}, "br, identity;q=0"});
  EXPECT_EQ(response.status, 406u);
  EXPECT_EQ(nlohmann::json::parse(response.body)["status"], 406);
}

TEST_F(HttpRespond, MadeOnRequest) {
  add_makers();
  const HttpResponse response = get("/made/42.json");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, "/made/42.json");
  EXPECT_EQ(field(response, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(field(response, "Content-Type"), "application/json");
  EXPECT_EQ(ask({"GET", "/made/42.json", field(response, "ETag"), {}, {}}).status, 304u);
  EXPECT_EQ(ask({"HEAD", "/made/42.json", {}, {}, {}}).status, 200u);
  EXPECT_EQ(ask({"GET", "/made/42.json", {}, {}, {}, "text/html"}).status, 406u);
  EXPECT_EQ(ask({"DELETE", "/made/42.json", {}, {}, {}}).status, 405u);
  EXPECT_EQ(get("/made").status, 404u);
}

TEST_F(HttpRespond, NotMadeForAReason) {
  add_makers();
  const HttpResponse bad = get("/made/bad");
  EXPECT_EQ(bad.status, 400u);
  EXPECT_EQ(bad.body, "{\"status\":400,\"error\":\"not [address] but a serial\"}\n");
  EXPECT_EQ(field(bad, "Cache-Control"), "no-store");
  EXPECT_EQ(get("/made/gone").status, 410u);
  EXPECT_EQ(get("/made/none").status, 404u);
  EXPECT_EQ(get("/made/odd").status, 404u);
  EXPECT_EQ(get("/made/empty").status, 503u);
}

TEST_F(HttpRespond, OnlyTheArgumentOfTheMakerCounts) {
  add_makers();
  const auto query = [&](std::vector<HttpArgument> arguments, const char* path = "/since") {
    return ask({"GET", path, {}, {}, {}, {}, std::move(arguments)});
  };
  EXPECT_EQ(query({}).body, "all");
  EXPECT_EQ(query({{"since", "41"}}).body, "since 41");
  EXPECT_EQ(query({{"utm", "1"}, {"since", "41"}, {"since", "42"}}).body, "since 41");
  EXPECT_EQ(query({{"since", ""}}).body, "since ");
  EXPECT_EQ(query({{"SINCE", "1"}, {"utm", "x"}}).body, "all");
  EXPECT_EQ(query({{"since", "41"}, {"", "x"}}, "/made/1").body, "/made/1");  // expects to be given none
  EXPECT_EQ(query({{"since", "41"}}, "/ip-ranges.json").body, plain().body);
}

TEST_F(HttpRespond, WhatIsTooLongIsNotAskedFor) {
  add_makers();
  EXPECT_EQ(get("/made/" + std::string(max_requested_path - 6, 'x')).status, 200u);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(get("/made/" + std::string(max_requested_path - 5, 'x')).status, 400u);
  EXPECT_EQ(ask({"GET", "/since", {}, {}, {}, {}, {{"since", std::string(max_requested_argument + 1, '1')}}}).status, 400u);
  EXPECT_EQ(calls, 1);
}

TEST_F(HttpRespond, AReadyDocumentStandsWhereNoArgumentIsGiven) {
  add_makers();
  content.documents.push_back(*make_document({"/since", "application/json", modified, Duration{300}, {}}, "ready"));
  EXPECT_EQ(get("/since").body, "ready");
  EXPECT_EQ(ask({"GET", "/since", {}, {}, {}, {}, {{"since", "1"}}}).body, "since 1");
}

TEST_F(HttpRespond, WhatWasMadeIsKept) {
  add_makers();
  MadeDocuments made;
  const auto query = [&](const char* value) {
    return std::string(
        http_respond({"GET", "/since", {}, {}, {}, {}, {{"since", value}}}, {&content, nullptr, &made}, now).body);
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(query("1"), "since 1");
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(query("2"), "since 2");
  EXPECT_EQ(query("1"), "since 1");
  EXPECT_EQ(calls, 2);
}

TEST_F(HttpRespond, BeforeTheFirstContent) {
  const HttpSite site;
  EXPECT_EQ(http_respond({"GET", "/healthz", {}, {}, {}}, site, now).status, 200u);
  EXPECT_EQ(http_respond({"GET", "/metrics", {}, {}, {}}, site, now).status, 404u);
  for (const char* path : {"/", "/ip-ranges.json", "/anything"}) {
    const HttpResponse response = http_respond({"GET", path, {}, {}, {}}, site, now);
    EXPECT_EQ(response.status, 503u);
    EXPECT_EQ(field(response, "Retry-After"), "30");
  }
  EXPECT_EQ(http_respond({"GET", "/readyz", {}, {}, {}}, site, now).body,
            "{\"ready\":false,\"reason\":\"nothing is loaded yet\"}\n");
}

TEST_F(HttpRespond, HealthAndMetrics) {
  EXPECT_EQ(get("/healthz").body, "ok\n");
  const HttpResponse response = get("/metrics");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, "dnsd_up 1\n");
  EXPECT_THAT(field(response, "Content-Type"), HasSubstr("text/plain; version=0.0.4"));
}

TEST_F(HttpRespond, ReadinessSaysWhyNotWithoutAddresses) {
  EXPECT_EQ(get("/readyz").status, 200u);
  EXPECT_EQ(get("/readyz").body, "{\"ready\":true}\n");
  content.ready = false;
  content.not_ready_reason = "pool us-street: 192.0.2.1 twice";
  EXPECT_EQ(get("/readyz").status, 503u);
  EXPECT_EQ(get("/readyz").body, "{\"ready\":false,\"reason\":\"pool us-street: [address] twice\"}\n");
  EXPECT_EQ(get("/ip-ranges.json").status, 200u);  // the last good content is still served
}

TEST_F(HttpRespond, ThePageMayLoadNothing) {
  EXPECT_EQ(field(get("/"), "Content-Security-Policy"), "default-src 'none'; style-src 'unsafe-inline'");
  EXPECT_EQ(field(get("/ip-ranges.json"), "Content-Security-Policy"), "");
}

}  // namespace
}  // namespace dnsd
