#include "zones/zone_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "zone_text.h"

namespace dnsd {
namespace {

TEST(ZoneFile, ReadsWhatRfc1035Shows) {
  const ReadZone read = read_text(
      "@   IN  SOA     VENERA      Action\\.domains (\n"
      "                                 20     ; SERIAL\n"
      "                                 7200   ; REFRESH\n"
      "                                 600    ; RETRY\n"
      "                                 3600000; EXPIRE\n"
      "                                 60)    ; MINIMUM\n"
      "\n"
      "        NS      A.ISI.EDU.\n"
      "        NS      VENERA\n"
      "        NS      VAXA\n"
      "        MX      10      VENERA\n"
      "        MX      20      VAXA\n"
      "\n"
      "A       A       26.3.0.103\n"
      "\n"
      "VENERA  A       10.1.0.52\n"
      "        A       128.9.0.32\n"
      "\n"
      "VAXA    A       10.2.0.27\n"
      "        A       128.9.0.33\n",
      {}, options_for("ISI.EDU."));
  EXPECT_EQ(read.messages, "");
  ASSERT_TRUE(read.zone);
  EXPECT_EQ(zone_text(*read.zone),
            "ISI.EDU. 60 IN SOA VENERA.ISI.EDU. Action\\.domains.ISI.EDU. 20 7200 600 3600000 60\n"
            "ISI.EDU. 60 IN NS A.ISI.EDU.\n"
            "ISI.EDU. 60 IN NS VENERA.ISI.EDU.\n"
            "ISI.EDU. 60 IN NS VAXA.ISI.EDU.\n"
            "ISI.EDU. 60 IN MX 10 VENERA.ISI.EDU.\n"
            "ISI.EDU. 60 IN MX 20 VAXA.ISI.EDU.\n"
            "A.ISI.EDU. 60 IN A 26.3.0.103\n"
            "VAXA.ISI.EDU. 60 IN A 10.2.0.27\n"
            "VAXA.ISI.EDU. 60 IN A 128.9.0.33\n"
            "VENERA.ISI.EDU. 60 IN A 10.1.0.52\n"
            "VENERA.ISI.EDU. 60 IN A 128.9.0.32\n");
}

TEST(ZoneFile, TtlHasUnits) {
  EXPECT_EQ(records_of("$TTL 1h30m\na TXT x\nb 1W2d3H4m5S TXT x\n"),
            "a.example.com. 5400 IN TXT \"x\"\nb.example.com. 788645 IN TXT \"x\"\n");
  EXPECT_EQ(records_of("www  IN 1w2x A 192.0.2.1\n"),
            "test.zone:4:9: error: '1w2x' is not a TTL; write seconds, or units as in 1h30m\n"
            "www  IN 1w2x A 192.0.2.1\n"
            "        ^\n");
}

TEST(ZoneFile, WithoutTtlTheRecordBeforeGivesIt) {
  EXPECT_EQ(records_of("a 60 TXT x\nb TXT x\nc 70 TXT x\nd TXT x\n"),
            "a.example.com. 60 IN TXT \"x\"\nb.example.com. 60 IN TXT \"x\"\n"
            "c.example.com. 70 IN TXT \"x\"\nd.example.com. 70 IN TXT \"x\"\n");
}

TEST(ZoneFile, WithTtlDirectiveTheRecordBeforeDoesNot) {
  EXPECT_EQ(records_of("$TTL 5\na 60 TXT x\nb TXT x\n$TTL 6\nc TXT x\n"),
            "a.example.com. 60 IN TXT \"x\"\nb.example.com. 5 IN TXT \"x\"\nc.example.com. 6 IN TXT \"x\"\n");
}

TEST(ZoneFile, WithoutAnyTtlTheSoaGivesItsMinimum) {
  const ReadZone read = read_text("@ SOA ns1 h 1 7200 3600 1209600 77\n@ NS ns1\nns1 60 A 192.0.2.1\na TXT x\n");
  ASSERT_TRUE(read.zone) << read.messages;
  for (size_t i = 0; i < read.zone->size(); ++i)
    EXPECT_EQ((*read.zone)[i].ttl, (*read.zone)[i].place.line == 3 ? 60u : 77u);
}

TEST(ZoneFile, NoTtlAtAllIsAnError) {
  EXPECT_EQ(read_text("ns1 A 192.0.2.1\n@ 60 SOA ns1 h 1 7200 3600 1209600 77\n@ NS ns1\n").messages,
            "test.zone:1:1: error: no TTL: write one, or $TTL before the first record\n"
            "ns1 A 192.0.2.1\n"
            "^\n");
}

TEST(ZoneFile, OriginIsRelativeOrAbsolute) {
  EXPECT_EQ(
      records_of("$ORIGIN a\nx 60 TXT 1\n$ORIGIN b\nx 60 TXT 2\n$ORIGIN c.example.com.\nx 60 TXT 3\n@ 60 TXT 4\n"),
      "x.b.a.example.com. 60 IN TXT \"2\"\n"
      "x.a.example.com. 60 IN TXT \"1\"\n"
      "c.example.com. 60 IN TXT \"4\"\n"
      "x.c.example.com. 60 IN TXT \"3\"\n");
}

TEST(ZoneFile, ABlankOwnerIsThatOfTheRecordBefore) {
  EXPECT_EQ(records_of("a 60 TXT 1\n\t60 TXT 2\n$ORIGIN sub\n  60 TXT 3\n"),
            "a.example.com. 60 IN TXT \"1\"\na.example.com. 60 IN TXT \"2\"\na.example.com. 60 IN TXT \"3\"\n");
  EXPECT_EQ(read_text("  60 TXT 1\n  60 TXT 2\n").messages,
            "test.zone:1:3: error: no owner: the first record of a file must begin with a name\n"
            "  60 TXT 1\n"
            "  ^\n");
}

TEST(ZoneFile, ParenthesesQuotesEscapesAndComments) {
  EXPECT_EQ(records_of("a 60 TXT ( \"one ; two (\" ; comment \" )\n  three\\;\\( ) \"\\065\\\"\" ; end\n"
                       "b\\.c 60 ( TXT\n\n ; nothing\n d )\n"),
            "a.example.com. 60 IN TXT \"one ; two (\" \"three;(\" \"A\\\"\"\n"
            "b\\.c.example.com. 60 IN TXT \"d\"\n");
}

TEST(ZoneFile, LineEndsMayBeOfDosAndTheLastOneMissing) {
  EXPECT_EQ(records_of("a 60 TXT x\r\nb 60 TXT y"),
            "a.example.com. 60 IN TXT \"x\"\nb.example.com. 60 IN TXT \"y\"\n");
}

TEST(ZoneFile, OnlyClassIn) {
  EXPECT_EQ(records_of("a CH 60 TXT x\nb CLASS3 TXT x\nc CLASS1 60 TXT x\n"),
            "test.zone:4:3: error: class CH; only class IN is served\n"
            "a CH 60 TXT x\n"
            "  ^\n"
            "test.zone:5:3: error: class CH; only class IN is served\n"
            "b CLASS3 TXT x\n"
            "  ^\n");
}

TEST(ZoneFile, MetaTypesNeverStandInAZone) {
  EXPECT_EQ(records_of("a 60 ANY x\nb 60 TYPE250 \\# 0\nc 60 OPT\n"),
            "test.zone:4:6: error: type ANY is for messages, it never stands in a zone\n"
            "a 60 ANY x\n"
            "     ^\n"
            "test.zone:5:6: error: type TSIG is for messages, it never stands in a zone\n"
            "b 60 TYPE250 \\# 0\n"
            "     ^\n"
            "test.zone:6:6: error: type OPT is for messages, it never stands in a zone\n"
            "c 60 OPT\n"
            "     ^\n");
}

TEST(ZoneFile, AnUnknownTypeGetsASuggestion) {
  EXPECT_EQ(records_of("a 60 CNAM b\n"),
            "test.zone:4:6: error: 'CNAM' is not a record type; did you mean CNAME?\n"
            "a 60 CNAM b\n"
            "     ^\n");
}

TEST(ZoneFile, OwnersThatAreNoNames) {
  EXPECT_EQ(records_of("a..b 60 TXT x\n  60 TXT inherited\n  60 MX x\n\"q\" 60 TXT x\n"),
            "test.zone:4:3: error: the owner: an empty label in 'a..b'\n"
            "a..b 60 TXT x\n"
            "  ^\n"
            "test.zone:6:9: error: MX: the preference 'x' is not a number from 0 to 65535\n"
            "  60 MX x\n"
            "        ^\n"
            "test.zone:7:1: error: the owner: an owner in quotes\n"
            "\"q\" 60 TXT x\n"
            "^\n");
}

TEST(ZoneFile, IncludeHasItsOwnOriginAndOwner) {
  const Files files = {{"a", "x 60 TXT 1\n$ORIGIN deep\ny 60 TXT 2\n"}, {"b", "x 60 TXT 3\n"}};
  EXPECT_EQ(
      records_of("w 60 TXT 0\n$INCLUDE a sub ; with origin\n  60 TXT again\n$INCLUDE \"b\"\n  60 TXT and_again\n",
                 files),
      "y.deep.sub.example.com. 60 IN TXT \"2\"\n"
      "x.sub.example.com. 60 IN TXT \"1\"\n"
      "w.example.com. 60 IN TXT \"0\"\n"
      "w.example.com. 60 IN TXT \"again\"\n"
      "w.example.com. 60 IN TXT \"and_again\"\n"
      "x.example.com. 60 IN TXT \"3\"\n");
}

TEST(ZoneFile, IncludeIsRelativeToTheIncludingFile) {
  ZoneFileOptions options = options_for();
  options.path = "/srv/zones/test.zone";
  options.shown_path = "zones/test.zone";
  const Files files = {{"/srv/zones/parts/a", "$INCLUDE b\n"}, {"/srv/zones/parts/b", "x 60 TXT ok\ny 60 A bad\n"}};
  EXPECT_EQ(read_text(apex + "$INCLUDE parts/a\n", files, options).messages,
            "zones/parts/b:2:8: error: A: the address 'bad' is not an IPv4 address\n"
            "y 60 A bad\n"
            "       ^\n");
}

TEST(ZoneFile, IncludesDoNotLoop) {
  EXPECT_EQ(records_of("$INCLUDE a\n", {{"a", "$INCLUDE ./b\n"}, {"b", "$INCLUDE a\n$INCLUDE test.zone\n"}}),
            "b:1:10: error: 'a' would include itself\n"
            "$INCLUDE a\n"
            "         ^\n"
            "b:2:10: error: 'test.zone' would include itself\n"
            "$INCLUDE test.zone\n"
            "         ^\n");
}

TEST(ZoneFile, IncludesAreNotTooDeep) {
  Files files;
  for (int i = 0; i < 30; ++i) files[std::to_string(i)] = "$INCLUDE " + std::to_string(i + 1) + "\n";
  EXPECT_EQ(records_of("$INCLUDE 0\n", files),
            "19:1:10: error: $INCLUDE more than 20 deep\n"
            "$INCLUDE 20\n"
            "         ^\n");
}

TEST(ZoneFile, IncludesThatMultiplyEnd) {
  Files files;
  for (int i = 0; i < 15; ++i) {
    const std::string next = "$INCLUDE " + std::to_string(i + 1) + "\n";
    files[std::to_string(i)] = next + next + next + next;
  }
  files["15"] = "";
  EXPECT_NE(records_of("$INCLUDE 0\n", files).find("error: more than 10000 times $INCLUDE\n"), std::string::npos);
}

TEST(ZoneFile, AMissingIncludeIsAnError) {
  EXPECT_EQ(records_of("$INCLUDE nowhere\n"),
            "test.zone:4:10: error: cannot include it: no such file\n"
            "$INCLUDE nowhere\n"
            "         ^\n");
}

TEST(ZoneFile, DirectivesWithTheWrongWords) {
  EXPECT_EQ(
      records_of("$ORIGIN\n$TTL 1x\n$INCLUDE\n$FOO\n $TTL 5\n$ORIGIN a..b\n"),
      "test.zone:4:1: error: $ORIGIN wants one name\n"
      "$ORIGIN\n"
      "^\n"
      "test.zone:5:6: error: $TTL: '1x' is not a TTL; write seconds, or units as in 1h30m\n"
      "$TTL 1x\n"
      "     ^\n"
      "test.zone:6:1: error: $INCLUDE wants a file, and may be given an origin\n"
      "$INCLUDE\n"
      "^\n"
      "test.zone:7:1: error: '$FOO' is none of $ORIGIN, $TTL, $INCLUDE and $GENERATE; a name that begins with $ is "
      "written \\$\n"
      "$FOO\n"
      "^\n"
      "test.zone:8:2: error: a directive must begin its line, without blanks before it\n"
      " $TTL 5\n"
      " ^\n"
      "test.zone:9:11: error: $ORIGIN: an empty label in 'a..b'\n"
      "$ORIGIN a..b\n"
      "          ^\n");
}

TEST(ZoneFile, GenerateAsInTheManualOfBind) {
  EXPECT_EQ(records_of("$GENERATE 1-2 HOST-$ 60 A 192.0.2.$\n$GENERATE 1-2 HOST-$ 60 MX \"0 ns1\"\n"
                       "$GENERATE 1-5/4 ${0,3} 60 IN CNAME $.0\n"),
            "001.example.com. 60 IN CNAME 1.0.example.com.\n"
            "005.example.com. 60 IN CNAME 5.0.example.com.\n"
            "HOST-1.example.com. 60 IN A 192.0.2.1\n"
            "HOST-1.example.com. 60 IN MX 0 ns1.example.com.\n"
            "HOST-2.example.com. 60 IN A 192.0.2.2\n"
            "HOST-2.example.com. 60 IN MX 0 ns1.example.com.\n");
}

TEST(ZoneFile, GenerateLeavesTheOwnerAndKnowsManyTokens) {
  EXPECT_EQ(
      records_of("a 60 TXT x\n$GENERATE 1-1 g$ IN 60 TXT \"n $\" m$\n  60 TXT y\n$GENERATE 1-1 s\\$ 60 TXT $$\n"),
      "a.example.com. 60 IN TXT \"x\"\n"
      "a.example.com. 60 IN TXT \"y\"\n"
      "g1.example.com. 60 IN TXT \"n 1\" \"m1\"\n"
      "s\\$.example.com. 60 IN TXT \"$\"\n");
}

TEST(ZoneFile, GenerateSaysAtWhichNumberItFailed) {
  EXPECT_EQ(records_of("$GENERATE 254-999 h$ 60 A 192.0.2.$\n$GENERATE 5-1 h A 1.2.3.4\n$GENERATE 1-2 h A\n"
                       "$GENERATE 1-2 h${0,3,q} 60 A 192.0.2.2\n$GENERATE 1-2000000 h$ 60 A 192.0.2.2\n"),
            "test.zone:4:1: error: A: the address '192.0.2.256' is not an IPv4 address\n"
            "$GENERATE 254-999 h$ 60 A 192.0.2.$\n"
            "^\n"
            "test.zone:5:11: error: $GENERATE: a range that ends before it starts\n"
            "$GENERATE 5-1 h A 1.2.3.4\n"
            "          ^\n"
            "test.zone:6:18: error: $GENERATE wants a range, an owner, a type and RDATA\n"
            "$GENERATE 1-2 h A\n"
            "                 ^\n"
            "test.zone:7:1: error: $GENERATE at 1: '${0,3,q}' is not ${offset,width,base} with a width up to 127 and "
            "a base "
            "of d, o, x, X, n or N\n"
            "$GENERATE 1-2 h${0,3,q} 60 A 192.0.2.2\n"
            "^\n"
            "test.zone:8:11: error: $GENERATE: more than 1000000 records in one zone\n"
            "$GENERATE 1-2000000 h$ 60 A 192.0.2.2\n"
            "          ^\n");
}

TEST(ZoneFile, TheListOfDefectsIsBounded) {
  std::string text = apex;
  for (int i = 0; i < 250; ++i) text += "x 60 A bad\n";
  for (int i = 0; i < 150; ++i) text += "y 60 TXT same\n";
  Diagnostics diagnostics;
  const Files none;
  EXPECT_FALSE(read_zone_text(text, options_for(), open_from(none), diagnostics));
  EXPECT_EQ(diagnostics.all().size(), 202u);
  EXPECT_EQ(to_line(diagnostics.all()[200]), "test.zone: error: and 150 more errors");
  EXPECT_EQ(to_line(diagnostics.all()[201]), "test.zone: warning: and 49 more warnings");
}

TEST(ZoneFile, DefectsOfAllKindsComeInOneRunInTheOrderOfLines) {
  EXPECT_EQ(records_of("a 60 A 192.0.2.2\na 60 CNAME b\nb 60 A x\n\"\n"),
            "test.zone:4:1: error: A at a.example.com., which is an alias by the CNAME in line 5 and can have no "
            "other data "
            "(RFC 1034 3.6.2)\n"
            "a 60 A 192.0.2.2\n"
            "^\n"
            "test.zone:6:8: error: A: the address 'x' is not an IPv4 address\n"
            "b 60 A x\n"
            "       ^\n"
            "test.zone:7:1: error: a quote that does not end on its line\n"
            "\"\n"
            "^\n");
}

TEST(ZoneFile, EmptyAndHostileTexts) {
  for (const std::string text :
       {"", "\n", "(", ")", "\"", "\\", ";", "@", "$", "$TTL", "@ SOA", "@ 1 SOA", "\xff\xfe", "( ; x"}) {
    EXPECT_FALSE(read_text(text).zone) << text;
  }
  EXPECT_FALSE(read_text(std::string("a 60 TXT \0x\n", 12)).zone);
  EXPECT_FALSE(read_text(std::string(3 << 20, 'x')).zone);
  EXPECT_FALSE(read_text(std::string(3 << 20, '(')).zone);
  EXPECT_FALSE(read_text("( " + std::string(1 << 20, '\n') + ")").zone);
  std::string many;
  for (int i = 0; i < 100000; ++i) many += "(\n";
  EXPECT_FALSE(read_text(many).zone);
}

TEST(ZoneFile, ReadsFilesFromDisk) {
  ZoneFileOptions options = options_for();
  options.path = std::string(TEST_DIRECTORY) + "/zones/samples/all_types.zone";
  Diagnostics diagnostics;
  const auto zone = read_zone_file(options, diagnostics);
  ASSERT_TRUE(zone) << to_text(diagnostics);
  EXPECT_EQ(zone->files(), std::vector<std::string>{options.path});
  options.path = "/nowhere/at/all.zone";
  options.shown_path = "zones/all.zone";
  EXPECT_FALSE(read_zone_file(options, diagnostics));
  EXPECT_EQ(diagnostics.all().back().place.file, "zones/all.zone");
}

}  // namespace
}  // namespace dnsd
