#include "dnsd/config/reader.h"

#include <gtest/gtest.h>

#include "dnsd/config/values.h"

namespace dnsd {
namespace {

// Reads a text with `body(reader)` and gives every report.
template <typename Body>
std::string reports(std::string_view text, Body body) {
  Diagnostics diagnostics;
  const std::optional<YamlDocument> document = YamlDocument::parse(text, "f.yaml", diagnostics);
  if (document) {
    Reader reader(*document, document->root(), diagnostics, "a test");
    body(reader);
    reader.finish();
  }
  std::string lines;
  for (const Diagnostic& d : diagnostics.all()) lines += to_line(d) + "\n";
  return lines;
}

auto small_number(std::string_view text) { return number_value(text, 0, 100); }

TEST(Reader, KeepsTheDefaultWhereAKeyIsAbsentOrBad) {
  unsigned a = 1, b = 2, c = 3;
  EXPECT_EQ(reports("a: 10\nb: 1000\n",
                    [&](Reader& r) {
                      EXPECT_NE(r.read("a", small_number, a), nullptr);
                      EXPECT_EQ(r.read("b", small_number, b), nullptr);
                      EXPECT_EQ(r.read("c", small_number, c), nullptr);
                    }),
            "f.yaml:2:4: error: b: '1000' is not a number from 0 to 100\n");
  EXPECT_EQ(a, 10u);
  EXPECT_EQ(b, 2u);
  EXPECT_EQ(c, 3u);
}

TEST(Reader, ReportsWhatIsMissing) {
  unsigned a = 0;
  EXPECT_EQ(reports("b: 1\n",
                    [&](Reader& r) {
                      r.read("b", small_number, a);
                      r.require("a", small_number, a);
                    }),
            "f.yaml:1:1: error: a test lacks the key 'a'\n");
}

TEST(Reader, ReportsKeysThatNobodyAskedFor) {
  unsigned a = 0;
  EXPECT_EQ(reports("weight: 1\nwieght: 2\ncolour: red\n",
                    [&](Reader& r) {
                      r.read("weight", small_number, a);
                      r.optional("site");
                    }),
            "f.yaml:2:1: error: unknown key 'wieght' in a test; did you mean 'weight'?\n"
            "f.yaml:3:1: error: unknown key 'colour' in a test; known are weight, site\n");
}

TEST(Reader, ReportsTheWrongKindOfValue) {
  unsigned a = 0;
  const auto read = [&](Reader& r) {
    r.read("one", small_number, a);
    r.sequence("list");
    r.mapping("map");
  };
  EXPECT_EQ(reports("one: [1]\nlist: 1\nmap: [x]\n", read),
            "f.yaml:1:6: error: 'one' takes one value here, not a list\n"
            "f.yaml:2:7: error: 'list' must be a list: [one, two], or lines that begin with '- '\n"
            "f.yaml:3:6: error: 'map' must be a mapping, lines of 'key: value'\n");
  EXPECT_EQ(reports("one: {a: 1}\nlist:\nmap: ~\n", read),
            "f.yaml:1:6: error: 'one' takes one value here, not a mapping; text with a ':' needs quotes\n"
            "f.yaml:2:5: error: 'list' must be a list: [one, two], or lines that begin with '- '\n"
            "f.yaml:3:6: error: 'map' must be a mapping, lines of 'key: value'\n");
  EXPECT_EQ(reports("one:\n", read), "f.yaml:1:4: error: 'one' has no value\n");
  EXPECT_EQ(reports("[one]\n", read), "f.yaml:1:1: error: a test must be a mapping, lines of 'key: value'\n");
}

TEST(Reader, ReadsListsItemByItem) {
  std::vector<uint64_t> values;
  EXPECT_EQ(reports("a: [1, x, 3, [4], ~]\n",
                    [&](Reader& r) {
                      r.each("a", small_number, [&](uint64_t v, const YamlNode&) { values.push_back(v); });
                    }),
            "f.yaml:1:8: error: a: 'x' is not a number from 0 to 100\n"
            "f.yaml:1:14: error: 'a' takes one value here, not a list\n"
            "f.yaml:1:19: error: 'a' has no value\n");
  EXPECT_EQ(values, (std::vector<uint64_t>{1, 3}));
}

TEST(Reader, PointsIntoTheValueWhereItCan) {
  Endpoint endpoint;
  const auto read = [&](Reader& r) {
    r.read("a", endpoint_value, endpoint);
    r.read("b", endpoint_value, endpoint);
    r.read("c", endpoint_value, endpoint);
  };
  EXPECT_EQ(reports("a: 127.0.0.1:99999\nb: \"127.0.0.1:99999\"\nc: \"127.0.0.1:\\x39\\x39999\"\n", read),
            "f.yaml:1:14: error: a: port '99999' is not a number from 1 to 65535\n"
            "f.yaml:2:15: error: b: port '99999' is not a number from 1 to 65535\n"
            "f.yaml:3:4: error: c: port '99999' is not a number from 1 to 65535\n");
}

TEST(Reader, IsSilentAboutWhatWasRefusedAlready) {
  unsigned a = 0;
  EXPECT_EQ(reports("a: !x 1\n", [&](Reader& r) { r.require("a", small_number, a); }),
            "f.yaml:1:4: error: tags are not supported (!x); leave it out\n");
}

}  // namespace
}  // namespace dnsd
