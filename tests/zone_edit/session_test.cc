#include "tools/zone_edit/session.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace dnsd {
namespace {

TEST(DistanceText, IsAsExactAsItMatters) {
  const Instant now = *parse_instant("2026-11-21T00:00:00Z");
  EXPECT_EQ(distance_text(now, now), "now");
  EXPECT_EQ(distance_text(now + Duration{59}, now), "in 59s");
  EXPECT_EQ(distance_text(now - Duration{61}, now), "1m1s ago");
  EXPECT_EQ(distance_text(now + hours(3) + Duration{59}, now), "in 3h");
  EXPECT_EQ(distance_text(now + days(33) + hours(15) + Duration{1800}, now), "in 33d15h");
}

TEST(Counted, HasAPlural) {
  EXPECT_EQ(counted(0, "error"), "0 errors");
  EXPECT_EQ(counted(1, "error"), "1 error");
  EXPECT_EQ(counted(2, "error"), "2 errors");
}

TEST(Refuse, TellsPeopleAndScripts) {
  std::ostringstream out;
  std::ostringstream err;
  Session session{.now = {}, .out = out, .err = err};
  Diagnostics defects;
  defects.error({"a.yaml", 3, 5}, "no");
  EXPECT_EQ(refuse(session, "the reason", defects), exit_status::refused);
  EXPECT_EQ(err.str(), "a.yaml:3:5: error: no\nzone-edit: the reason\n");
  EXPECT_EQ(out.str(), "");
  session.json = true;
  refuse(session, "the reason", defects);
  const Json json = Json::parse(out.str());
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["error"], "the reason");
  EXPECT_EQ(json["defects"][0]["line"], 3);
}

TEST(PrintJson, ReplacesWhatIsNoUtf8) {
  std::ostringstream out;
  std::ostringstream err;
  print_json({.now = {}, .out = out, .err = err}, {{"site", "\xff"}});
  EXPECT_EQ(out.str(), "{\n  \"site\": \"\xEF\xBF\xBD\"\n}\n");
}

}  // namespace
}  // namespace dnsd
