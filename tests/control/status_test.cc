#include "dnsd/control/status.h"

#include <gtest/gtest.h>

#include "dnsd/control/metrics.h"
#include "temporary_folder.h"

namespace dnsd {
namespace {

const Instant now = *parse_instant("2026-11-21T00:00:00Z");

TEST(Status, SaysWhatIsServed) {
  const testing::TemporaryFolder folder;
  testing::write_data_directory(folder);
  Publisher publisher;
  std::filesystem::create_directory(folder / "state");
  const auto keeper = ContractKeeper::open(folder / "state");
  ASSERT_TRUE(keeper);
  Reloader reloader(folder / "dnsd.yaml", NameHash(1, 2), publisher, **keeper, [] { return CookieSecret{}; });
  reloader.reload(now);
  const auto json = status_json(
      {reloader, {{"udp_queries", 7}}, {{"kernel", {{"no_ports", 3}}}}, **keeper, publisher.clock(), now});
  EXPECT_EQ(json["generation"], 1);
  EXPECT_EQ(json["loaded_at"], "2026-11-21T00:00:00Z");
  ASSERT_EQ(json["zones"].size(), 1u);
  EXPECT_EQ(json["zones"][0]["zone"], "a.example.");
  EXPECT_EQ(json["zones"][0]["records"], 4);
  EXPECT_EQ(json["pools"][0],
            (nlohmann::ordered_json{{"zone", "a.example."}, {"pool", "street"}, {"ipv4", 3}, {"ipv6", 0}}));
  EXPECT_TRUE(json["next_change"].is_null());
  EXPECT_EQ(json["last_reload"]["ok"], true);
  EXPECT_EQ(json["queries"]["udp_queries"], 7);
}

TEST(Status, ReloadListsDefects) {
  ReloadReport report;
  report.at = now;
  report.diagnostics.error({"a.yaml", 3, 1}, "wrong");
  report.diagnostics.warning({"a.yaml", 4, 0}, "odd");
  const auto json = reload_json(report);
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["errors"], nlohmann::ordered_json({"a.yaml:3:1: error: wrong"}));
  EXPECT_EQ(json["warnings"], nlohmann::ordered_json({"a.yaml:4: warning: odd"}));
}

TEST(Metrics, TextFormat) {
  const std::string text = prometheus_text({{"dnsd_queries_total", "Queries", false, {{"", "", 12}}},
                                            {"dnsd_responses_total", "By code", false, {{"rcode", "NXDOMAIN", 3}}},
                                            {"dnsd_open", "Open", true, {{"", "", 4}}}});
  EXPECT_NE(text.find("# TYPE dnsd_queries_total counter\ndnsd_queries_total 12\n"), std::string::npos) << text;
  EXPECT_NE(text.find("dnsd_responses_total{rcode=\"NXDOMAIN\"} 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("# TYPE dnsd_open gauge\ndnsd_open 4\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace dnsd
