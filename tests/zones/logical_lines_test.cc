#include "zones/logical_lines.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

// Each line as "number:[begin,end) tokens", with a blank owner as "_", quoted tokens in quotes, defects as "!offset
// text".
std::string lines_of(std::string_view text) {
  std::string out;
  LogicalLines lines(text);
  LogicalLine line;
  LineDefect defect;
  while (lines.next(line, defect)) {
    out += std::to_string(line.number) + ":[" + std::to_string(line.begin) + "," + std::to_string(line.end) + ")";
    if (line.blank_owner) out += " _";
    for (const Token& token : line.tokens) {
      EXPECT_EQ(text.substr(token.offset + (token.quoted ? 1 : 0), token.text.size()), token.text);
      out += token.quoted ? " \"" + std::string(token.text) + "\"" : " " + std::string(token.text);
    }
    if (!defect.message.empty()) out += " !" + std::to_string(defect.offset) + " " + defect.message;
    out += "\n";
  }
  return out;
}

TEST(LogicalLines, AreOneRecordEach) {
  EXPECT_EQ(lines_of("a b\n\n; c\n d ; e\nf"), "1:[0,4) a b\n4:[9,16) _ d\n5:[16,17) f\n");
  EXPECT_EQ(lines_of("a\r\n\tb\r\n"), "1:[0,3) a\n2:[3,7) _ b\n");
  EXPECT_EQ(lines_of(""), "");
}

TEST(LogicalLines, AreJoinedByParentheses) {
  EXPECT_EQ(lines_of("a ( b ; x\n\n (c)\n)d\ne\n"), "1:[0,19) a b c d\n5:[19,21) e\n");
}

TEST(LogicalLines, KnowQuotesAndEscapes) {
  EXPECT_EQ(lines_of("\"a;(\\\"\"b \\\"c\\; \\ d \"\"\n"), "1:[0,22) \"a;(\\\"\" b \\\"c\\; \\ d \"\"\n");
  EXPECT_EQ(lines_of("k=\"v\"\n"), "1:[0,6) k= \"v\"\n");
}

TEST(LogicalLines, GoOnBehindADefect) {
  EXPECT_EQ(lines_of("a \"b\nc\n"), "1:[0,5) !2 a quote that does not end on its line\n2:[5,7) c\n");
  EXPECT_EQ(lines_of("a ) b\nc\n"), "1:[0,6) !2 ')' without '('\n2:[6,8) c\n");
  EXPECT_EQ(lines_of("a (\n b\n)\nc\nd ( e\n\n f\ng\n"),
            "1:[0,9) a b\n4:[9,11) c\n5:[11,21) !13 '(' is never closed\n8:[21,23) g\n");
  EXPECT_EQ(lines_of("a \x01 b\nc\n"), "1:[0,6) !2 a control character; in data write it as \\DDD\n2:[6,8) c\n");
}

TEST(LogicalLines, AreNotLongerThanAMebibyte) {
  const std::string text = "a " + std::string(LogicalLines::longest, 'x') + "\nb\n";
  EXPECT_EQ(lines_of(text), "1:[0," + std::to_string(text.size() - 2) +
                                ") !0 a line of more than 1048576 octets\n2:[" + std::to_string(text.size() - 2) +
                                "," + std::to_string(text.size()) + ") b\n");
  const std::string open = "a (\n" + std::string(LogicalLines::longest, ' ') + "\nb\n";
  EXPECT_NE(lines_of(open).find("!2 '(' is not closed within 1048576 octets"), std::string::npos);
}

TEST(LogicalLines, StopWhereNothingIsClosed) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "a (\n";
  const std::string lines = lines_of(text);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 10);
  EXPECT_TRUE(lines.ends_with("'(' is never closed; the rest of the file was not read\n"));
}

TEST(LogicalLines, ColumnsCountOctetsFromTheLineEnd) {
  EXPECT_EQ(column_at("ab\ncd", 0), 1u);
  EXPECT_EQ(column_at("ab\ncd", 2), 3u);
  EXPECT_EQ(column_at("ab\ncd", 3), 1u);
  EXPECT_EQ(column_at("ab\ncd", 5), 3u);
}

}  // namespace
}  // namespace dnsd
