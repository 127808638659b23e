#include "dnsd/http/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <atomic>
#include <thread>
#include <vector>

#include "dnsd/http/http_date.h"
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
  EXPECT_EQ(field_of(refused, "Allow"), "GET, HEAD");
  EXPECT_THAT(body_of(refused), HasSubstr("\"status\":405"));
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

TEST(HttpServer, OneClientCannotTakeAllConnections) {
  HttpOptions options = local();
  options.max_connections_per_client = 3;
  const auto server = start(std::move(options));
  std::vector<std::unique_ptr<RawClient>> clients;
  int served = 0;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    clients.back()->send("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
    served += clients.back()->read(1, 2s).starts_with("HTTP/1.1 200 ");
  }
  EXPECT_EQ(served, 3);
  clients.clear();
  for (int i = 0; i < 100 && served == 3; ++i) {
    served += exchange(server->port(), "GET /healthz").starts_with("HTTP/1.1 200 ");
    if (served == 3) std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(served, 4);
}

TEST(HttpServer, AnEndlessRequestIsRefused) {
  const auto server = start();
  const std::string response = exchange(server->port(), "GET /" + std::string(100000, 'a'));
  EXPECT_THAT(response, testing::AnyOf(StartsWith("HTTP/1.1 414 "), StartsWith("HTTP/1.1 431 "), testing::IsEmpty()));
  EXPECT_THAT(exchange(server->port(), "GET /healthz"), StartsWith("HTTP/1.1 200 "));
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
