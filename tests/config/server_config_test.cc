#include "dnsd/config/server_config.h"

#include <gmock/gmock.h>

#include "loading.h"

namespace dnsd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ServerConfig good(std::string_view text, const std::string& path = "etc/dnsd.yaml") {
  Diagnostics diagnostics;
  std::optional<ServerConfig> config = parse_server_config(text, path, diagnostics);
  EXPECT_EQ(to_text(diagnostics), "");
  return config.value_or(ServerConfig());
}

TEST(ServerConfig, HasDefaultsForAllButTheAddresses) {
  const ServerConfig config = good("listen: [127.0.0.1:5300]\n");
  ASSERT_EQ(config.startup.listen.size(), 1u);
  EXPECT_EQ(to_text(config.startup.listen[0]), "127.0.0.1:5300");
  EXPECT_EQ(config.startup.listen[0].place.line, 1u);
  EXPECT_EQ(config.startup.listen[0].place.column, 10u);
  EXPECT_EQ(config.startup.workers, 0u);
  EXPECT_FALSE(config.startup.pin_workers);
  EXPECT_EQ(config.startup.steering, Steering::core);
  EXPECT_EQ(config.startup.udp.segmentation, Segmentation::automatic);
  EXPECT_EQ(config.startup.udp.receive_buffer, 4194304u);
  EXPECT_EQ(config.startup.udp.send_buffer, 4194304u);
  EXPECT_EQ(config.startup.udp.busy_poll, 0u);
  EXPECT_EQ(config.startup.state, "etc/state");
  EXPECT_FALSE(config.startup.http_listen);
  EXPECT_EQ(config.startup.log_format, LogFormat::text);
  EXPECT_EQ(config.runtime.zones, "etc/zones");
  EXPECT_EQ(config.runtime.pinned_ips, "etc/pinned_ips");
  EXPECT_EQ(config.runtime.log_level, LogLevel::info);
  EXPECT_EQ(config.runtime.udp.max_response, 1232);
  EXPECT_EQ(config.startup.tcp.max_connections, 1000u);
  EXPECT_EQ(config.startup.tcp.max_per_client, 100u);
  EXPECT_EQ(config.startup.tcp.idle_timeout, Duration{10});
  EXPECT_EQ(config.runtime.identity.id, "");
  EXPECT_EQ(config.runtime.identity.version, "");
  EXPECT_EQ(config.runtime.cookies.policy, CookieWord::answer);
  EXPECT_EQ(config.runtime.cookies.secrets, "");
  EXPECT_EQ(config.startup.tcp.fast_open, 0);
  EXPECT_EQ(config.runtime.client_subnet.policy, ClientSubnetPolicy::use);
  EXPECT_FALSE(config.runtime.client_subnet.resolvers);
  EXPECT_TRUE(config.startup.tls_listen.empty());
  EXPECT_FALSE(config.runtime.tls);
  EXPECT_FALSE(config.startup.http_over_tls);
  EXPECT_EQ(config.startup.http.max_connections, 10000u);
  EXPECT_EQ(config.startup.http.max_per_client, 100u);
  EXPECT_EQ(config.startup.http.deadline, Duration{10});
  EXPECT_FALSE(config.runtime.http_tls);
  EXPECT_EQ(config.runtime.feed_url, "");
  EXPECT_EQ(config.place.file, "etc/dnsd.yaml");
}

TEST(ServerConfig, ReadsEveryOption) {
  const ServerConfig config = good(
      "listen: [\"0.0.0.0:53\", \"[::1]:5300\"]\n"
      "workers: 4\n"
      "pin_workers: [3, 2, 1, 0]\n"
      "steering: flow\n"
      "zones: /srv/zones\n"
      "pinned_ips: pins\n"
      "state: ../state\n"
      "http: {listen: \"[::1]:8053\", url: \"https://feed.example.com\", tls: {certificate: feed.pem, key: /srv/feed.key},\n"
      "       max_connections: 20, max_per_client: 2, deadline: 1m}\n"
      "log: {level: debug, format: json}\n"
      "udp: {max_response: 4096, segmentation: off, receive_buffer: 65536, send_buffer: 1073741824, busy_poll: 50}\n"
      "identity: {id: dfw-1, version: \"1.0\"}\n"
      "cookies: {policy: require, secrets: keys/cookies}\n"
      "tcp: {max_connections: 50, max_per_client: 50, idle_timeout: 1m, fast_open: 256}\n"
      "tls: {listen: [\"0.0.0.0:853\", \"[::]:853\"], certificate: tls/chain.pem, key: /srv/key.pem}\n"
      "client_subnet: {policy: ignore, resolvers: [192.0.2.53, \"2001:db8::/32\"]}\n");
  EXPECT_EQ(to_text(config.startup.listen[1]), "[::1]:5300");
  EXPECT_EQ(config.startup.workers, 4u);
  EXPECT_THAT(config.startup.pin_workers.value(), ElementsAre(3, 2, 1, 0));
  EXPECT_EQ(config.startup.steering, Steering::flow);
  EXPECT_EQ(config.startup.udp.segmentation, Segmentation::off);
  EXPECT_EQ(config.startup.udp.receive_buffer, 65536u);
  EXPECT_EQ(config.startup.udp.send_buffer, 1073741824u);
  EXPECT_EQ(config.startup.udp.busy_poll, 50u);
  EXPECT_EQ(config.runtime.zones, "/srv/zones");
  EXPECT_EQ(config.runtime.pinned_ips, "etc/pins");
  EXPECT_EQ(config.startup.state, "etc/../state");
  EXPECT_EQ(to_text(*config.startup.http_listen), "[::1]:8053");
  EXPECT_EQ(to_text(config.runtime.log_level), "debug");
  EXPECT_EQ(config.startup.log_format, LogFormat::json);
  EXPECT_EQ(config.runtime.udp.max_response, 4096);
  EXPECT_EQ(config.startup.tcp.max_per_client, 50u);
  EXPECT_EQ(config.runtime.identity.id, "dfw-1");
  EXPECT_EQ(config.runtime.identity.version, "1.0");
  EXPECT_EQ(config.runtime.cookies.policy, CookieWord::require);
  EXPECT_EQ(config.runtime.cookies.secrets, "etc/keys/cookies");
  EXPECT_EQ(config.startup.tcp.idle_timeout, Duration{60});
  EXPECT_EQ(config.startup.tcp.fast_open, 256);
  ASSERT_EQ(config.startup.tls_listen.size(), 2u);
  EXPECT_EQ(to_text(config.startup.tls_listen[1]), "[::]:853");
  EXPECT_EQ(config.runtime.tls->certificate, "etc/tls/chain.pem");
  EXPECT_EQ(config.runtime.tls->key, "/srv/key.pem");
  EXPECT_EQ(config.runtime.tls->key_place.line, 15u);
  EXPECT_TRUE(config.startup.http_over_tls);
  EXPECT_EQ(config.startup.http.max_connections, 20u);
  EXPECT_EQ(config.startup.http.max_per_client, 2u);
  EXPECT_EQ(config.startup.http.deadline, Duration{60});
  EXPECT_EQ(config.runtime.http_tls->certificate, "etc/feed.pem");
  EXPECT_EQ(config.runtime.http_tls->key, "/srv/feed.key");
  EXPECT_EQ(config.runtime.http_tls->certificate_place.line, 8u);
  EXPECT_EQ(config.runtime.feed_url, "https://feed.example.com");
  EXPECT_EQ(config.runtime.client_subnet.policy, ClientSubnetPolicy::ignore);
  EXPECT_THAT(config.runtime.client_subnet.resolvers.value(),
              ElementsAre(*IpPrefix::parse("192.0.2.53/32"), *IpPrefix::parse("2001:db8::/32")));
}

TEST(ServerConfig, AFewConnectionsAreAlsoTheMostOfOneClient) {
  EXPECT_EQ(good("listen: [127.0.0.1:53]\ntcp: {max_connections: 5}\n").startup.tcp.max_per_client, 5u);
  EXPECT_EQ(good("listen: [127.0.0.1:53]\nhttp: {listen: 127.0.0.1:80, max_connections: 5}\n").startup.http.max_per_client,
            5u);
}

TEST(ServerConfig, PinsByWordOrByList) {
  const auto pinned = [](const std::string& text) { return good("listen: [127.0.0.1:53]\n" + text).startup.pin_workers; };
  EXPECT_FALSE(pinned("pin_workers: off\n"));
  EXPECT_THAT(pinned("pin_workers: auto\n").value(), IsEmpty());
  EXPECT_THAT(pinned("pin_workers: [2, 0]\n").value(), ElementsAre(2, 0));
}

TEST(ServerConfig, NamesTheStartupSettingsThatChanged) {
  const auto startup = [](const std::string& text) { return good("listen: [127.0.0.1:53]\n" + text).startup; };
  const StartupConfig before = startup("");
  EXPECT_THAT(changed_startup_settings(before, startup("udp: {max_response: 512}\nlog: {level: off}\n")), IsEmpty());
  EXPECT_THAT(changed_startup_settings(before, startup("client_subnet: {policy: ignore, resolvers: [10.0.0.0/8]}\n")),
              IsEmpty());
  EXPECT_THAT(changed_startup_settings(before, startup("workers: 2\nstate: s\nhttp: {listen: 127.0.0.1:80}\n")),
              ElementsAre("workers", "state", "http.listen"));
  EXPECT_THAT(
      changed_startup_settings(startup("http: {listen: 127.0.0.1:80}\n"), startup("http: {listen: 127.0.0.1:81}\n")),
      ElementsAre("http.listen"));
  EXPECT_THAT(changed_startup_settings(
                  before, good("listen: [127.0.0.1:54]\nlog: {format: json}\ntcp: {max_per_client: 9}\n").startup),
              ElementsAre("listen", "log.format", "tcp"));
  EXPECT_THAT(changed_startup_settings(before, startup("pin_workers: auto\nsteering: flow\nudp: {busy_poll: 1}\n")),
              ElementsAre("pin_workers", "steering", "udp"));
  EXPECT_THAT(changed_startup_settings(before, startup("pin_workers: off\nudp: {segmentation: auto}\n")), IsEmpty());
  const auto tls = [&](const std::string& port, const std::string& key) {
    return startup("tls: {listen: [127.0.0.1:" + port + "], certificate: c, key: " + key + "}\n");
  };
  EXPECT_THAT(changed_startup_settings(before, tls("853", "k")), ElementsAre("tls.listen"));
  EXPECT_THAT(changed_startup_settings(tls("853", "k"), tls("854", "k")), ElementsAre("tls.listen"));
  EXPECT_THAT(changed_startup_settings(tls("853", "k"), tls("853", "other")), IsEmpty());
  const auto http = [&](const std::string& more) { return startup("http: {listen: 127.0.0.1:80" + more + "}\n"); };
  EXPECT_THAT(changed_startup_settings(http(""), http(", url: \"http://e.com\"")), IsEmpty());
  EXPECT_THAT(changed_startup_settings(http(""), http(", tls: {certificate: c, key: k}")), ElementsAre("http.tls"));
  EXPECT_THAT(changed_startup_settings(http(""), http(", deadline: 5s")), ElementsAre("http"));
  EXPECT_THAT(changed_startup_settings(http(", tls: {certificate: c, key: k}"), http(", tls: {certificate: c, key: l}")),
              IsEmpty());
  EXPECT_THAT(changed_startup_settings(before, good("listen: [127.0.0.1:53, 127.0.0.2:53]\n").startup),
              ElementsAre("listen"));
}

TEST(ServerConfig, ReadsTheExample) {
  Diagnostics diagnostics;
  const auto config = read_server_config(SOURCE_DIRECTORY "/examples/dnsd.yaml", diagnostics);
  EXPECT_EQ(to_text(diagnostics), "");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->runtime.zones, SOURCE_DIRECTORY "/examples/zones");
}

TEST(ServerConfig, AFileThatCannotBeReadIsADefect) {
  Diagnostics diagnostics;
  EXPECT_FALSE(read_server_config("no/such/dnsd.yaml", diagnostics));
  EXPECT_EQ(to_text(diagnostics),
            "no/such/dnsd.yaml: error: cannot open no/such/dnsd.yaml: No such file or directory\n");
}

TEST(ServerConfig, ReadsWebhooks) {
  const ServerConfig config = good(
      "listen: [127.0.0.1:5300]\n"
      "webhooks:\n"
      "  - {name: acme, url: \"https://hooks.example.com/dnsd\", secret_file: keys/acme}\n"
      "  - {name: local, url: \"http://127.0.0.1:8080/\", secret_file: /keys/local}\n");
  ASSERT_EQ(config.runtime.webhooks.size(), 2u);
  const WebhookConfig& acme = config.runtime.webhooks[0];
  EXPECT_EQ(acme.name, "acme");
  EXPECT_EQ(acme.url, "https://hooks.example.com/dnsd");
  EXPECT_EQ(acme.secret_file, "etc/keys/acme");
  EXPECT_EQ(acme.secret_file_place.line, 3u);
  EXPECT_EQ(acme.secret_file_place.column, 70u);
  EXPECT_EQ(config.runtime.webhooks[1].secret_file, "/keys/local");
}

}  // namespace
}  // namespace dnsd
