#include "dnsd/http/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <atomic>
#include <thread>
#include <vector>

#include "dnsd/http/http_date.h"
#include "dnsd/http/without_addresses.h"
#include "raw_client.h"

namespace dnsd {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Instant modified = *parse_instant("2026-11-02T09:00:00Z");
const Instant now = *parse_instant("2026-11-21T12:00:00Z");

HttpOptions local() {
  HttpOptions options;
  options.address = *IpAddress::parse("127.0.0.1");
  options.now = [] { return now; };
  return options;
}

std::shared_ptr<const HttpContent> content_with(std::string body) {
  HttpContent content;
  content.documents.push_back(*make_document(
      {"/ip-ranges.json", "application/json", modified, Duration{300}, now + Duration{42}}, std::move(body)));
  content.ready = true;
  return std::make_shared<const HttpContent>(std::move(content));
}

std::unique_ptr<HttpServer> start(HttpOptions options = local()) {
  Result<std::unique_ptr<HttpServer>> server = HttpServer::start(std::move(options));
  EXPECT_TRUE(server) << server.failure().message;
  return std::move(*server);
}

TEST(HttpServer, ServesADocument) {
  const auto server = start();
  server->publish(content_with("{\"serial\": 1}\n"));
  const std::string response = exchange(server->port(), "GET /ip-ranges.json?x=1");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(body_of(response), "{\"serial\": 1}\n");
  EXPECT_EQ(field_of(response, "Content-Length"), "14");
  EXPECT_EQ(field_of(response, "Content-Type"), "application/json");
  EXPECT_EQ(field_of(response, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(field_of(response, "Cache-Control"), "public, max-age=42, stale-if-error=86400");
  EXPECT_EQ(field_of(response, "Last-Modified"), http_date(modified));
  EXPECT_THAT(field_of(response, "ETag"), testing::MatchesRegex("\"[0-9a-f]+\""));
}

TEST(HttpServer, NotModifiedByTagAndByDate) {
  const auto server = start();
  server->publish(content_with("{\"serial\": 1}\n"));
  const std::string etag = field_of(exchange(server->port(), "GET /ip-ranges.json"), "ETag");
  for (const std::string& fields : {"If-None-Match: " + etag, "If-None-Match: \"a\"\r\nif-none-match: W/" + etag,
                                    "If-Modified-Since: " + http_date(modified)}) {
    const std::string response = exchange(server->port(), "GET /ip-ranges.json", fields + "\r\n");
    EXPECT_THAT(response, StartsWith("HTTP/1.1 304 ")) << fields;
    EXPECT_EQ(body_of(response), "");
    EXPECT_EQ(field_of(response, "ETag"), etag);
    EXPECT_EQ(field_of(response, "Cache-Control"), "public, max-age=42, stale-if-error=86400");
    EXPECT_THAT(field_of(response, "Content-Length"), testing::AnyOf("", "14"));  // RFC 9110 8.6: that of the 200
  }
}

TEST(HttpServer, HeadIsTheSameWithoutTheBody) {
  const auto server = start();
  server->publish(content_with("{\"serial\": 1}\n"));
  const std::string get = exchange(server->port(), "GET /ip-ranges.json");
  const std::string head = exchange(server->port(), "HEAD /ip-ranges.json");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(body_of(head), "");
  for (const char* name : {"Content-Length", "ETag", "Last-Modified", "Content-Type", "Cache-Control"})
    EXPECT_EQ(field_of(head, name), field_of(get, name)) << name;
}

TEST(HttpServer, ErrorsAreJsonWithoutAddresses) {
  const auto server = start();
  server->publish(content_with("{}\n"));
  const std::string missing = exchange(server->port(), "GET /192.0.2.1");
  EXPECT_THAT(missing, StartsWith("HTTP/1.1 404 "));
  EXPECT_EQ(field_of(missing, "Content-Type"), "application/json");
  EXPECT_THAT(body_of(missing), Not(HasSubstr("192")));
  const std::string refused = exchange(server->port(), "DELETE /ip-ranges.json");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 405 "));
  EXPECT_EQ(field_of(refused, "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_THAT(body_of(refused), HasSubstr("\"status\":405"));
}

TEST(HttpServer, OptionsHaveNoBody) {
  const auto server = start();
  server->publish(content_with("{}\n"));
  for (const char* request : {"OPTIONS /ip-ranges.json", "OPTIONS *"}) {
    const std::string response = exchange(server->port(), request, "Access-Control-Request-Method: GET\r\n");
    EXPECT_THAT(response, StartsWith("HTTP/1.1 204 ")) << request;
    EXPECT_EQ(field_of(response, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(body_of(response), "");
  }
}

TEST(HttpServer, AcceptAndTheQueryReachTheContent) {
  HttpContent content = *content_with("{}\n");
  content.on_demand.push_back({"/made/", "since", [](auto path, auto argument, Instant) -> MadeDocument {
                                 return *make_document({path, "text/plain", modified, Duration{300}, std::nullopt},
                                                       std::string(path) + " " + std::string(argument.value_or("-")));
                               }});
  const auto server = start();
  server->publish(std::make_shared<const HttpContent>(std::move(content)));
  const auto made = [&](const std::string& path) { return body_of(exchange(server->port(), "GET /made/" + path)); };
  EXPECT_EQ(made("a"), "/made/a -");
  EXPECT_EQ(made("a?x=1&since=4%31&y"), "/made/a 41");
  EXPECT_EQ(made("a?since"), "/made/a ");
  EXPECT_EQ(made("2026-12-24T12%3A00:00Z"), "/made/2026-12-24T12:00:00Z -");
  std::string junk = "a?";
  for (int i = 0; i < 100; ++i) junk += "k" + std::to_string(i) + "=v&";
  EXPECT_EQ(made(junk + "since=1"), "/made/a -");  // beyond the arguments that are looked at
  EXPECT_THAT(exchange(server->port(), "GET /ip-ranges.json", "Accept: text/html\r\nAccept: image/*\r\n"),
              StartsWith("HTTP/1.1 406 "));
  EXPECT_THAT(exchange(server->port(), "GET /ip-ranges.json", "Accept: text/html\r\nAccept: application/*\r\n"),
              StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, ANewContentIsMadeAnew) {
  const auto server = start();
  const auto publish = [&](const std::string& body) {
    HttpContent content;
    content.on_demand.push_back({"/made", "", [body](auto path, auto, Instant) -> MadeDocument {
                                   return *make_document({path, "text/plain", modified, Duration{300}, std::nullopt}, body);
                                 }});
    server->publish(std::make_shared<const HttpContent>(std::move(content)));
  };
  for (const char* body : {"first", "second"}) {
    publish(body);
    EXPECT_EQ(body_of(exchange(server->port(), "GET /made")), body);
    EXPECT_EQ(body_of(exchange(server->port(), "GET /made")), body);
  }
}

TEST(HttpServer, ABodyIsRefusedOrIgnored) {
  const auto server = start();
  server->publish(content_with("{}\n"));
  RawClient post(server->port());
  post.send("POST /ip-ranges.json HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
  EXPECT_THAT(post.read(), StartsWith("HTTP/1.1 405 "));
  RawClient get(server->port());
  get.send("GET /ip-ranges.json HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
  EXPECT_THAT(get.read(), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, UnavailableBeforeTheFirstContentButAlive) {
  const auto server = start();
  const std::string response = exchange(server->port(), "GET /ip-ranges.json");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(field_of(response, "Retry-After"), "30");
  EXPECT_THAT(exchange(server->port(), "GET /readyz"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(exchange(server->port(), "GET /healthz"), StartsWith("HTTP/1.1 200 "));
  server->publish(content_with("{}\n"));
  EXPECT_THAT(exchange(server->port(), "GET /readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, MetricsComeFromTheCallback) {
  HttpOptions options = local();
  std::atomic<int> scrapes = 0;
  options.metrics = [&] { return "dnsd_scrapes " + std::to_string(++scrapes) + "\n"; };
  const auto server = start(std::move(options));
  EXPECT_EQ(body_of(exchange(server->port(), "GET /metrics")), "dnsd_scrapes 1\n");
  EXPECT_EQ(body_of(exchange(server->port(), "GET /metrics")), "dnsd_scrapes 2\n");
}

TEST(HttpServer, ACallbackThatThrowsEndsTheRequestOnly) {
  HttpOptions options = local();
  options.metrics = []() -> std::string { throw std::runtime_error("broken"); };
  const auto server = start(std::move(options));
  EXPECT_EQ(exchange(server->port(), "GET /metrics"), "");
  EXPECT_THAT(exchange(server->port(), "GET /healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, KeepsAConnectionForMoreRequests) {
  const auto server = start();
  server->publish(content_with("{}\n"));
  RawClient client(server->port());
  const std::string request = "GET /ip-ranges.json HTTP/1.1\r\nHost: test\r\n\r\n";
  for (int i = 0; i < 3; ++i) {
    client.send(request);
    EXPECT_THAT(client.read(1), StartsWith("HTTP/1.1 200 ")) << i;
  }
}

TEST(HttpServer, Ipv6) {
  HttpOptions options = local();
  options.address = *IpAddress::parse("::1");
  const auto server = start(std::move(options));
  RawClient client(server->port(), true);
  ASSERT_TRUE(client.connected());
  client.send("GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read(), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, AnAddressInUseIsAClearFailure) {
  const auto first = start();
  HttpOptions options = local();
  options.port = first->port();
  const auto second = HttpServer::start(std::move(options));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.failure().message, "cannot listen on 127.0.0.1:" + std::to_string(first->port()) +
                                          " for HTTP: Address already in use; stop what listens there, or give "
                                          "http.listen another port");
}

TEST(HttpServer, AnAddressOfAnotherMachineIsAClearFailure) {
  HttpOptions options = local();
  options.address = *IpAddress::parse("2001:db8::1");
  const auto server = HttpServer::start(std::move(options));
  ASSERT_FALSE(server.ok());
  EXPECT_THAT(server.failure().message, StartsWith("cannot listen on [2001:db8::1]:0 for HTTP: "));
}

TEST(HttpServer, APortIsFreeAgainAfterTheEnd) {
  uint16_t port = 0;
  {
    const auto server = start();
    port = server->port();
    exchange(port, "GET /healthz");
  }
  EXPECT_FALSE(RawClient(port).connected());
  HttpOptions options = local();
  options.port = port;
  EXPECT_THAT(exchange(start(std::move(options))->port(), "GET /healthz"), StartsWith("HTTP/1.1 200 "));
}

// An octet every 50 ms is activity enough for libmicrohttpd; the deadline ends it all the same.
TEST(HttpServer, ADribblingClientIsCutOff) {
  HttpOptions options = local();
  options.total_deadline = 400ms;
  const auto server = start(std::move(options));
  RawClient client(server->port());
  const auto begin = std::chrono::steady_clock::now();
  client.send("GET /healthz HTTP/1.1\r\nX: ");
  while (!client.closed_by_server() && std::chrono::steady_clock::now() - begin < 5s) {
    client.send("x");
    client.read(1, 50ms);
  }
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_GT(std::chrono::steady_clock::now() - begin, 350ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST(HttpServer, AClientThatDoesNotReadIsCutOff) {
  HttpOptions options = local();
  options.total_deadline = 400ms;
  const auto server = start(std::move(options));
  server->publish(content_with(std::string(32 << 20, 'x')));
  RawClient client(server->port());
  client.send("GET /ip-ranges.json HTTP/1.1\r\nHost: test\r\n\r\n");
  std::this_thread::sleep_for(1200ms);
  EXPECT_LT(client.read().size(), size_t{32} << 20);
  EXPECT_TRUE(client.closed_by_server());
}

// Whoever asks again and again is told to come back on a new connection before the deadline cuts the old one.
TEST(HttpServer, ABusyConnectionIsClosedBetweenRequests) {
  HttpOptions options = local();
  options.total_deadline = 1000ms;
  const auto server = start(std::move(options));
  RawClient client(server->port());
  std::string last;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(client.send("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
    last = client.read(1);
    ASSERT_THAT(last, StartsWith("HTTP/1.1 200 ")) << i;
    if (field_of(last, "Connection") == "close") break;
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(field_of(last, "Connection"), "close");
}

// Newcomers are served, and push out what the same client left idle; others are left alone.
TEST(HttpServer, OneClientCannotTakeAllConnections) {
  HttpOptions options = local();
  options.max_connections_per_client = 3;
  const auto server = start(std::move(options));
  RawClient other(server->port(), false, 2);
  ASSERT_TRUE(other.send("GET /healthz HTTP/1.1\r\n"));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    clients.back()->send("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_THAT(clients.back()->read(1, 2s), StartsWith("HTTP/1.1 200 ")) << i;
  }
  for (size_t i = 0; i < 6; ++i) {
    clients[i]->read(SIZE_MAX, 200ms);
    EXPECT_EQ(clients[i]->closed_by_server(), i < 3) << i;
  }
  EXPECT_EQ(server->connections().made_room, 3u);
  other.send("Host: test\r\n\r\n");
  EXPECT_THAT(other.read(1, 2s), StartsWith("HTTP/1.1 200 "));
}

// Idle, in the middle of a request, or waiting for the next one: they hold every place, and nobody is kept out.
TEST(HttpServer, ACrowdKeepsNobodyOut) {
  HttpOptions options = local();
  options.max_connections = 100;
  options.total_deadline = 60s;
  options.idle_timeout = 60s;
  const auto server = start(std::move(options));
  server->publish(content_with("{}\n"));
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (uint8_t i = 0; i < 200; ++i) {
    crowd.push_back(std::make_unique<RawClient>(server->port(), false, static_cast<uint8_t>(2 + i % 5)));
    const char* begun[] = {"", "GET /ip-ranges.json HT", "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"};
    crowd.back()->send(begun[i % 3]);
  }
  for (int i = 0; i < 100 && server->connections().open < 100; ++i) std::this_thread::sleep_for(10ms);
  for (int i = 0; i < 50; ++i)
    EXPECT_THAT(exchange(server->port(), "GET /ip-ranges.json"), StartsWith("HTTP/1.1 200 ")) << i;
  EXPECT_LE(server->connections().open, 100u);
  EXPECT_GE(server->connections().made_room, 100u);
}

TEST(HttpServer, AnEndlessRequestIsRefused) {
  const auto server = start();
  const std::string response = exchange(server->port(), "GET /" + std::string(100000, 'a'));
  EXPECT_THAT(response, testing::AnyOf(StartsWith("HTTP/1.1 414 "), StartsWith("HTTP/1.1 431 "), testing::IsEmpty()));
  EXPECT_THAT(exchange(server->port(), "GET /healthz"), StartsWith("HTTP/1.1 200 "));
}

// What is answered before a path is known: by libmicrohttpd, in words of its own.
TEST(HttpServer, RefusalsOfTheLibraryHoldNoAddress) {
  const auto server = start();
  const std::string host = "\r\nHost: 192.0.2.1\r\n";
  const struct {
    std::string request, status;
  } rows[] = {
      {"GET /192.0.2.1 HTTP/1.1\r\n\r\n", "400"},  // no Host
      {"GET /192.0.2.1 HTTP/1.1" + host + "Content-Length: 2001:db8::1\r\n\r\n", "400"},
      {"GET /192.0.2.1 HTTP/1.1" + host + "X: " + std::string(100000, '1') + "\r\n\r\n", "431"},
      {"GET /192.0.2.1" + std::string(100000, '1') + " HTTP/1.1" + host + "\r\n", "414"},
      {"GET /192.0.2.1 HTTP/9.9" + host + "\r\n", "505"},
  };
  for (const auto& row : rows) {
    RawClient client(server->port());
    client.send(row.request);
    const std::string response = client.read();
    EXPECT_THAT(response, StartsWith("HTTP/1.1 " + row.status)) << row.request.substr(0, 60);
    EXPECT_EQ(without_addresses(response), response);
    EXPECT_THAT(body_of(response), HasSubstr("</html>"));
    EXPECT_TRUE(client.closed_by_server());
  }
}

TEST(HttpServer, RubbishDoesNoHarm) {
  const auto server = start();
  for (const std::string& rubbish : {std::string("\r\n\r\n\r\n"), std::string(1000, '\0'), std::string("GET\r\n\r\n"),
                                     std::string("\x16\x03\x01\x02"), std::string("GET / HTTP/9.9\r\n\r\n")}) {
    RawClient client(server->port());
    client.send(rubbish);
    client.read(1, 200ms);
  }
  EXPECT_THAT(exchange(server->port(), "GET /healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, PublishesWhileRequestsRun) {
  const auto server = start();
  server->publish(content_with("0000"));
  std::atomic<bool> done = false;
  std::atomic<int> good = 0, bad = 0;
  std::vector<std::thread> clients;
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([&] {
      while (!done) {
        const std::string body = body_of(exchange(server->port(), "GET /ip-ranges.json"));
        const bool whole = body.size() == 4 && body.find_first_not_of(body[0]) == std::string::npos;
        ++(whole ? good : bad);
      }
    });
  }
  for (int i = 0; i < 300; ++i) {
    server->publish(content_with(std::string(4, static_cast<char>('0' + i % 10))));
    std::this_thread::sleep_for(1ms);
  }
  done = true;
  for (std::thread& client : clients) client.join();
  EXPECT_GT(good, 10);
  EXPECT_EQ(bad, 0);
}

}  // namespace
}  // namespace dnsd
