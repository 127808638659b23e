// What a client sends decides what it gets, never whether the rules of HTTP hold: no 200 is empty, no error holds an
// address, and the same question has the same answer.
//
// The input: lines. Method, path, If-None-Match, If-Modified-Since, Accept-Encoding, Accept; then arguments of the query, a
// line for each name and each value.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "dnsd/http/http_response.h"
#include "dnsd/http/without_addresses.h"

namespace {

using namespace dnsd;

constexpr Instant now{1795348800};

void require(bool condition) {
  if (!condition) std::abort();
}

HttpContent make_content() {
  HttpContent content;
  const auto add = [&](std::string_view path, std::string_view type, std::string body) {
    content.documents.push_back(*make_document({path, type, now, Duration{300}, now + Duration{100}}, std::move(body)));
  };
  add("/a.json", "application/json", std::string(1000, 'x'));
  add("/", "text/html; charset=utf-8", "<p>page");
  add("/empty", "text/plain", "");
  content.on_demand.push_back({"/made/", "since", [](auto path, auto argument, Instant) -> MadeDocument {
                                 require(path.size() <= max_requested_path);
                                 require(!argument || argument->size() <= max_requested_argument);
                                 if (argument && argument->starts_with("x")) return NoDocument{400, std::string(*argument)};
                                 return *make_document({path, "text/plain", now, Duration{300}, now, true},
                                                       std::string(path));
                               }});
  content.ready = true;
  return content;
}

std::string_view take_line(std::string_view& input) {
  const size_t end = std::min(input.find('\n'), input.size());
  const std::string_view line = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return line;
}

void check(const HttpRequest& request, const HttpResponse& response) {
  constexpr unsigned known[] = {200, 204, 304, 400, 404, 405, 406, 503};
  require(std::find(std::begin(known), std::end(known), response.status) != std::end(known));
  require(response.body.empty() == (response.status == 204));
  if (response.status >= 400) require(without_addresses(response.body) == response.body);
  if (response.status == 304) require(!request.if_none_match.empty() || !request.if_modified_since.empty());
  if (response.status == 406) require(!request.accept.empty() || !request.accept_encoding.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const HttpContent content = make_content();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  HttpRequest request;
  request.method = take_line(input);
  request.path = take_line(input);
  request.if_none_match = take_line(input);
  request.if_modified_since = take_line(input);
  request.accept_encoding = take_line(input);
  request.accept = take_line(input);
  while (!input.empty() && request.arguments.size() < 16) {
    const std::string_view name = take_line(input);
    request.arguments.push_back({std::string(name), std::string(take_line(input))});
  }
  MadeDocuments made;
  const HttpResponse first = http_respond(request, {&content, nullptr, &made}, now - Duration{1});
  check(request, first);
  const HttpResponse again = http_respond(request, {&content, nullptr, &made}, now - Duration{1});
  require(again.status == first.status && again.body == first.body);
  return 0;
}
