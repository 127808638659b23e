#include "tools/zone_edit/query_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zones/name.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

using testing::ElementsAre;

struct Read {
  std::vector<std::string> queries;  // "instant client name type"
  QueryLogSummary summary;
};

Read read(std::string_view content) {
  Read read;
  read.summary = read_query_log(content, "q.log", [&](const LoggedQuery& query) {
    read.queries.push_back(to_text(query.at) + " " + to_text(query.source) + " " + to_text(NameView(query.name)) +
                           " " + type_text(query.type) + (query.client_subnet.empty() ? "" : " with client subnet"));
  });
  return read;
}

TEST(QueryLog, LinesOfBothKindsOfTime) {
  const Read found = read(
      "# time client name type\n\n"
      "2026-11-20T10:00:00Z 198.18.5.7 us-street.api.example.com A\n"
      "  1795168800.250\t2001:DB8::1   WWW.example.com.\ttype65  \r\n"
      "1795168801 ::ffff:192.0.2.1 . NS");
  EXPECT_THAT(found.queries, ElementsAre("2026-11-20T10:00:00Z 198.18.5.7 us-street.api.example.com. A",
                                         "2026-11-20T10:00:00Z 2001:db8::1 WWW.example.com. HTTPS",
                                         "2026-11-20T10:00:01Z 192.0.2.1 . NS"));
  EXPECT_EQ(found.summary.queries, 3u);
  EXPECT_EQ(found.summary.defects, 0u);
}

TEST(QueryLog, DefectsAreToldWithTheirLineAndTheRestIsRead) {
  const Read found = read(
      "1 192.0.2.1 example. A\n"
      "1 192.0.2.1 example.\n"
      "1 192.0.2.1 example. A more\n"
      "yesterday 192.0.2.1 example. A\n"
      "1. 192.0.2.1 example. A\n"
      "1 192.0.2 example. A\n"
      "1 192.0.2.1 a..b A\n"
      "1 192.0.2.1 example. AAAAA\n"
      "2 192.0.2.1 example. A\n");
  EXPECT_EQ(found.summary.queries, 2u);
  EXPECT_EQ(found.summary.defects, 7u);
  EXPECT_THAT(found.summary.first_defects,
              ElementsAre("q.log:2: not 'time client name type'", "q.log:3: not 'time client name type'",
                          "q.log:4: 'yesterday' is neither an instant nor seconds since 1970",
                          "q.log:5: '1.' is neither an instant nor seconds since 1970",
                          "q.log:6: '192.0.2' is not an IPv4 or IPv6 address"));
}

TEST(QueryLog, Nothing) {
  for (const std::string_view content : {"", "\n", "#", " \t\r\n# x"}) {
    EXPECT_EQ(read(content).summary.queries, 0u);
    EXPECT_EQ(read(content).summary.defects, 0u);
  }
  EXPECT_EQ(read(std::string_view("\0\0\0\0\n\xff", 6)).summary.defects, 2u);
}

}  // namespace
}  // namespace dnsd
