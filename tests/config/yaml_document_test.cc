#include "dnsd/config/yaml_document.h"

#include <gmock/gmock.h>

namespace dnsd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::string refusal(std::string_view text) {
  Diagnostics diagnostics;
  YamlDocument::parse(text, "f.yaml", diagnostics);
  return to_text(diagnostics);
}

// A document together with its text.
struct Parsed {
  explicit Parsed(std::string t) : text(std::move(t)), document(YamlDocument::parse(text, "f.yaml", diagnostics)) {}
  const YamlNode& root() const { return document->root(); }
  std::string piece(const YamlNode& node) const { return text.substr(node.begin, node.end - node.begin); }

  std::string text;
  Diagnostics diagnostics;
  std::optional<YamlDocument> document;
};

TEST(YamlDocument, GivesTextsAndNothingElse) {
  const Parsed yaml("a: 010\nb: yes\nc: \"0x10\"\nd: ~\ne:\nf: 'it''s'\n");
  ASSERT_TRUE(yaml.document);
  EXPECT_EQ(to_text(yaml.diagnostics), "");
  EXPECT_EQ(yaml.root().find("a")->scalar, "010");
  EXPECT_EQ(yaml.root().find("b")->scalar, "yes");
  EXPECT_EQ(yaml.root().find("c")->scalar, "0x10");
  EXPECT_TRUE(yaml.root().find("c")->quoted);
  EXPECT_EQ(yaml.root().find("d")->kind, YamlNode::Kind::null);
  EXPECT_EQ(yaml.root().find("e")->kind, YamlNode::Kind::null);
  EXPECT_EQ(yaml.root().find("f")->scalar, "it's");
  EXPECT_EQ(yaml.root().find("g"), nullptr);
}

TEST(YamlDocument, KnowsWhereValuesBeginAndEnd) {
  const Parsed yaml(
      "a: \"q\\\"é\" # c\r\n"
      "b: x 'y  # no\r\n"
      "c:\r\n"
      "  - {x: 1, y: 'it''s', z: [p, q, ], } # c\r\n"
      "  - k: one\r\n"
      "      two # c\r\n"
      "    m: v\r\n"
      "d: ~\r\n"
      "e: []\r\n");
  ASSERT_TRUE(yaml.document) << to_text(yaml.diagnostics);
  const YamlNode& list = *yaml.root().find("c");
  EXPECT_EQ(yaml.piece(*yaml.root().find("a")), "\"q\\\"é\"");
  EXPECT_EQ(yaml.piece(*yaml.root().find("b")), "x 'y");
  EXPECT_EQ(yaml.piece(list.children[0]), "{x: 1, y: 'it''s', z: [p, q, ], }");
  EXPECT_EQ(yaml.piece(*list.children[0].find("y")), "'it''s'");
  EXPECT_EQ(yaml.piece(*list.children[0].find("z")), "[p, q, ]");
  EXPECT_EQ(yaml.piece(*list.children[1].find("k")), "one\r\n      two");
  EXPECT_EQ(yaml.piece(list.children[1]), "k: one\r\n      two # c\r\n    m: v");
  EXPECT_EQ(yaml.piece(*yaml.root().find("d")), "~");
  EXPECT_EQ(yaml.piece(*yaml.root().find("e")), "[]");
  EXPECT_EQ(yaml.document->place(list.children[1]).line, 5u);
  EXPECT_EQ(yaml.document->place(list.children[1]).column, 5u);
}

TEST(YamlDocument, AValueThatIsNotThereHasThePlaceWhereItShouldBe) {
  const Parsed yaml("a:\nb: {c: , d}\ne:\n  -\n  - 1\n");
  ASSERT_TRUE(yaml.document) << to_text(yaml.diagnostics);
  const auto place = [&](const YamlNode& node) {
    const Place p = yaml.document->place(node);
    return std::to_string(p.line) + ":" + std::to_string(p.column);
  };
  EXPECT_EQ(place(*yaml.root().find("a")), "1:2");
  EXPECT_EQ(place(*yaml.root().find("b")->find("c")), "2:6");
  EXPECT_EQ(place(yaml.root().find("e")->children[0]), "4:3");
}

TEST(YamlDocument, RefusesDuplicateKeys) {
  EXPECT_EQ(refusal("ttl: 60\ncap: 8\nttl: 30\n\"ttl\": 20\n"),
            "f.yaml:3:1: error: duplicate key 'ttl', first in line 1\n"
            "ttl: 30\n"
            "^\n"
            "f.yaml:4:1: error: duplicate key 'ttl', first in line 1\n"
            "\"ttl\": 20\n"
            "^\n");
}

TEST(YamlDocument, RefusesAnchorsAndAliases) {
  EXPECT_EQ(refusal("a: &x 1\nb: [*x, 2]\n"),
            "f.yaml:1:4: error: anchors are not supported (&x); write the value out where it is needed\n"
            "a: &x 1\n"
            "   ^\n"
            "f.yaml:2:5: error: aliases are not supported; write the value out\n"
            "b: [*x, 2]\n"
            "    ^\n");
}

// Nine lines that mean a billion values where aliases are followed.
TEST(YamlDocument, AnAliasBombIsAFewDefects) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string name = "a" + std::to_string(i), before = "*a" + std::to_string(i - 1);
    text += name + ": &" + name + " [";
    for (int k = 0; k < 10; ++k) text.append(before).append(k < 9 ? ", " : "]\n");
  }
  const Parsed bomb(text);
  EXPECT_EQ(bomb.diagnostics.errors(), 9u + 80u);
}

TEST(YamlDocument, RefusesTags) {
  EXPECT_EQ(refusal("a: !!int 3\nb: !mine {c: 1}\nd: ! x\n"),
            "f.yaml:1:4: error: tags are not supported (tag:yaml.org,2002:int); leave it out\n"
            "a: !!int 3\n"
            "   ^\n"
            "f.yaml:2:4: error: tags are not supported (!mine); leave it out\n"
            "b: !mine {c: 1}\n"
            "   ^\n"
            "f.yaml:3:4: error: tags are not supported (!); leave it out\n"
            "d: ! x\n"
            "   ^\n");
}

TEST(YamlDocument, RefusesMergeKeysButNotTheirQuotedText) {
  EXPECT_EQ(refusal("a:\n  <<: {b: 1}\n"),
            "f.yaml:2:3: error: merge keys (<<) are not supported; write the keys out\n"
            "  <<: {b: 1}\n"
            "  ^\n");
  EXPECT_EQ(refusal("a:\n  \"<<\": {b: 1}\n"), "");
}

TEST(YamlDocument, RefusesASecondDocument) {
  EXPECT_EQ(refusal("---\na: 1\n---\nb: &x 1\n"),
            "f.yaml:3:1: error: a second document begins here; a file holds one\n"
            "---\n"
            "^\n");
}

TEST(YamlDocument, RefusesKeysThatAreNoText) {
  EXPECT_EQ(refusal("? [a]\n: 1\n{b: c}: 2\n~: 3\nnull: 4\n"),
            "f.yaml:1:3: error: a key must be plain text\n"
            "? [a]\n"
            "  ^\n"
            "f.yaml:3:1: error: a key must be plain text\n"
            "{b: c}: 2\n"
            "^\n"
            "f.yaml:4:1: error: a key is missing, or is null without quotes\n"
            "~: 3\n"
            "^\n"
            "f.yaml:5:1: error: a key is missing, or is null without quotes\n"
            "null: 4\n"
            "^\n");
}

TEST(YamlDocument, RefusesDepth) {
  EXPECT_EQ(refusal(std::string(32, '[') + std::string(32, ']')), "");
  EXPECT_EQ(refusal(std::string(33, '[') + std::string(33, ']')),
            "f.yaml:1:33: error: nested deeper than 32 levels\n" + std::string(33, '[') + std::string(33, ']') + "\n" +
                std::string(32, ' ') + "^\n");
  EXPECT_THAT(refusal(std::string(31, '[') + "{a: {b: 1}, c: [2], d: 3}" + std::string(31, ']')),
              AllOf(HasSubstr("f.yaml:1:36: error: nested deeper"), Not(HasSubstr("plain text"))));
  EXPECT_THAT(refusal(std::string(100000, '[')), HasSubstr("error: nested deeper than 32 levels"));
  EXPECT_THAT(refusal(std::string(100000, '{')), HasSubstr("error: nested deeper than 32 levels"));
}

TEST(YamlDocument, RefusesWhatIsNotText) {
  EXPECT_EQ(refusal(std::string_view("a: 1\nb: \0c\n", 11)),
            "f.yaml:2:4: error: a control character; is this a text file?\nb: ?c\n   ^\n");
  EXPECT_EQ(refusal("a: \xc3(\n"), "f.yaml:1:4: error: an octet that is not UTF-8; is this a text file?\na: ?(\n   ^\n");
  EXPECT_EQ(refusal("\xef\xbb\xbf" "a: 1\n"),
            "f.yaml:1:1: error: the file begins with a byte order mark; save it as UTF-8 without one\n???a: 1\n^\n");
  EXPECT_EQ(refusal("a: 1\rb: 2\n"), "f.yaml:1:5: error: a control character; is this a text file?\na: 1?b: 2\n    ^\n");
  for (const char* text : {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xff"})
    EXPECT_THAT(refusal(text), HasSubstr("1:1: error: an octet that is not UTF-8")) << text;
  EXPECT_EQ(refusal("a: \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n"), "");
}

TEST(YamlDocument, RefusesAFileWithoutContent) {
  EXPECT_EQ(refusal(""), "f.yaml: error: the file is empty\n");
  EXPECT_EQ(refusal("# nothing yet\n\n"), "f.yaml: error: the file is empty\n");
}

TEST(YamlDocument, ExplainsBrokenSyntax) {
  EXPECT_EQ(refusal("a: {b: 1\nc: 2\n"),
            "f.yaml:2:2: error: expected ',' or '}' here; text with a ':' needs quotes\nc: 2\n ^\n");
  EXPECT_EQ(refusal("a: [1, 2\nb: 1\n"),
            "f.yaml:2:2: error: expected ',' or ']' here; text with a ':' needs quotes\nb: 1\n ^\n");
  EXPECT_EQ(refusal("a: \"b\nc: 1\n"), "f.yaml:1:4: error: this quote is never closed\na: \"b\n   ^\n");
  EXPECT_EQ(refusal("a: 'b''\n"), "f.yaml:1:4: error: this quote is never closed\na: 'b''\n   ^\n");
  EXPECT_EQ(refusal("a: \"b"), "f.yaml:1:6: error: the file ends inside quotes that were opened above\na: \"b\n     ^\n");
  EXPECT_THAT(refusal("a: 1\n  b: 2\n"), HasSubstr("f.yaml:2:4: error: a ':' with no key before it on this line"));
  EXPECT_THAT(refusal("a:\n  b: 1\n c: 2\n"), HasSubstr("error: this line does not align with the keys above it"));
  EXPECT_THAT(refusal("a: @x\n"), HasSubstr("f.yaml:1:4: error: not valid YAML: "));
}

TEST(YamlDocument, ReportsAllDefectsAndKeepsTheRest) {
  const Parsed yaml("a: 1\na: 2\nb: *x\nc: 3\n");
  // An alias without an anchor ends yaml-cpp's reading.
  EXPECT_FALSE(yaml.document);
  EXPECT_THAT(yaml.diagnostics.all(), SizeIs(1));

  const Parsed good("a: 1\na: 2\nb: !x 1\n<<: 2\nc: 3\n");
  ASSERT_TRUE(good.document);
  EXPECT_EQ(good.diagnostics.errors(), 3u);
  EXPECT_EQ(good.root().find("a")->scalar, "1");
  EXPECT_EQ(good.root().find("b")->kind, YamlNode::Kind::refused);
  EXPECT_EQ(good.root().find("c")->scalar, "3");
  EXPECT_EQ(good.root().pairs(), 3u);
}

TEST(YamlDocument, RefusesTooManyValues) {
  Diagnostics diagnostics;
  EXPECT_TRUE(YamlDocument::parse("[1, 2, 3]", "f.yaml", diagnostics, 4));
  EXPECT_EQ(to_text(diagnostics), "");
  EXPECT_FALSE(YamlDocument::parse("[1, 2, 3, {4: 5}, 6]", "f.yaml", diagnostics, 4));
  EXPECT_EQ(to_text(diagnostics),
            "f.yaml:1:15: error: more than 4 values in one file\n[1, 2, 3, {4: 5}, 6]\n              ^\n");
}

TEST(YamlDocument, LeavesOutLinesThatNobodyCanRead) {
  EXPECT_EQ(refusal("a: [" + std::string(600, ' ') + "!x y]\n"),
            "f.yaml:1:605: error: tags are not supported (!x); leave it out\n");
}

}  // namespace
}  // namespace dnsd
