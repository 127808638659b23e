// Each defect has a sample named after it, with what a user reads beside it in NAME.txt. NAME.valid are near misses.
#include "zones/zone_check.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "zone_text.h"
#include "zones/zone_reader.h"

namespace dnsd {
namespace {

std::vector<std::string> samples(const std::string& extension) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TEST_DIRECTORY) + "/zones/samples"))
    if (entry.path().extension() == extension) names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

ReadZone read_sample(const std::string& file) {
  ZoneFileOptions options = options_for();
  options.path = file;
  return read_text(sample(file), {}, options);
}

// The records of a sample as they stand, however defective.
Zone raw_zone(const std::string& text) {
  const ZoneFileOptions options = options_for();
  const Files none;
  const OpenFile open = open_from(none);
  DefectList defects;
  ZoneBuilder builder(options.origin);
  builder.add_file("sample");
  ZoneReader reader(options, open, defects,
                    [&](const ReadRecord& r) { builder.add(r.owner, r.type, r.ttl, r.rdata, r.place); });
  reader.read(text);
  return std::move(builder).build();
}

class DefectSample : public testing::TestWithParam<size_t> {
 protected:
  std::string defect() const { return std::string(defect_name(static_cast<ZoneDefect>(GetParam()))); }
};

TEST_P(DefectSample, IsReportedVerbatim) {
  EXPECT_EQ(read_sample(defect() + ".zone").messages, sample(defect() + ".txt"));
}

INSTANTIATE_TEST_SUITE_P(All, DefectSample, testing::Range(size_t{0}, defect_count()), [](const auto& test) {
  return std::string(defect_name(static_cast<ZoneDefect>(test.param)));
});

class ValidSample : public testing::TestWithParam<std::string> {};

TEST_P(ValidSample, HasNothingToReport) { EXPECT_EQ(read_sample(GetParam() + ".valid").messages, ""); }

INSTANTIATE_TEST_SUITE_P(All, ValidSample, testing::ValuesIn(samples(".valid")),
                         [](const auto& test) { return test.param; });

TEST(ZoneCheck, ErrorsKeepAZoneFromBeingLoadedAndWarningsDoNot) {
  for (size_t i = 0; i < defect_count(); ++i) {
    const std::string defect(defect_name(static_cast<ZoneDefect>(i)));
    const ReadZone read = read_sample(defect + ".zone");
    EXPECT_EQ(read.zone.has_value(), read.messages.find(": error: ") == std::string::npos) << defect;
  }
}

TEST(ZoneCheck, NamesElsewhereHaveAddresses) {
  ZoneFileOptions options = options_for();
  const std::string text = "$TTL 300\n@ SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ NS ns1\n@ MX 10 Pool\n";
  EXPECT_EQ(read_text(text, {}, options).messages,
            "test.zone:3:1: error: NS names ns1.example.com., which is in this zone and has no address here\n"
            "@ NS ns1\n"
            "^\n"
            "test.zone:4:1: warning: MX names Pool.example.com., which is in this zone and has no address\n"
            "@ MX 10 Pool\n"
            "^\n");
  options.names_elsewhere = {name("ns1.example.com."), name("pool.example.com.")};
  EXPECT_EQ(read_text(text, {}, options).messages, "");
}

TEST(ZoneCheck, AbsenceIsNoNewsWhereTheFileCouldNotBeRead) {
  EXPECT_EQ(read_text("$TTL 300\n@ SOA ns1 hostmaster 1 7200 3600 1209600\n@ NS ns1\n").messages,
            "test.zone:2:41: error: SOA: the minimum is missing\n"
            "@ SOA ns1 hostmaster 1 7200 3600 1209600\n"
            "                                        ^\n");
}

TEST(ZoneCheck, MendsDuplicatesAndTtls) {
  const ReadZone read = read_text(apex + "w 300 A 192.0.2.2\nw 60 A 192.0.2.3\nW 300 A 192.0.2.2\nw 500 TXT x\n");
  ASSERT_TRUE(read.zone);
  EXPECT_EQ(zone_text(*read.zone),
            "example.com. 300 IN SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 300\n"
            "example.com. 300 IN NS ns1.example.com.\n"
            "ns1.example.com. 300 IN A 192.0.2.1\n"
            "w.example.com. 60 IN A 192.0.2.2\n"
            "w.example.com. 60 IN A 192.0.2.3\n"
            "w.example.com. 500 IN TXT \"x\"\n");
}

TEST(ZoneCheck, SignaturesOfOneNameMayDifferInTtl) {
  const std::string rest = " 5 3 86400 20300322173103 20300220173103 2642 @ AQIDBA==\n";
  EXPECT_EQ(records_of("w 60 A 192.0.2.2\nw 70 MX 1 ns1\nw 60 RRSIG A" + rest + "w 70 RRSIG MX" + rest),
            "w.example.com. 60 IN A 192.0.2.2\n"
            "w.example.com. 70 IN MX 1 ns1.example.com.\n"
            "w.example.com. 60 IN RRSIG A 5 3 86400 20300322173103 20300220173103 2642 example.com. AQIDBA==\n"
            "w.example.com. 70 IN RRSIG MX 5 3 86400 20300322173103 20300220173103 2642 example.com. AQIDBA==\n");
}

TEST(ZoneCheck, ALongChainOfAliasesIsReported) {
  std::string text;
  for (int i = 0; i < 17; ++i) text += "a" + std::to_string(i) + " 60 CNAME a" + std::to_string(i + 1) + "\n";
  EXPECT_EQ(records_of(text),
            "test.zone:4:1: warning: the alias a0.example.com. leads on to more than 15 other aliases\n"
            "a0 60 CNAME a1\n"
            "^\n");
}

TEST(ZoneCheck, ManyRecordsAtOneOwnerCostNoMoreThanElsewhere) {
  ZoneBuilder builder(name("example.com."));
  builder.add_file("large");
  const Name ns = name("ns.example.com.");
  for (uint32_t i = 0; i < 40'000; ++i) {
    uint8_t octets[4];
    store32(octets, i);
    std::vector<uint8_t> mx(octets + 2, octets + 4);
    mx.insert(mx.end(), ns.view().wire().begin(), ns.view().wire().end());
    builder.add(ns, 1, 60, octets, {});
    builder.add(name("example.com."), 15, 60, mx, {});
  }
  size_t found = 0;
  check_zone(std::move(builder).build(), {}, [&](const ZoneFinding&) { ++found; });
  EXPECT_EQ(found, 2u);  // no SOA, no NS
}

TEST(ZoneCheck, FindsEachDefectInItsSample) {
  for (size_t i = 0; i < defect_count(); ++i) {
    const auto defect = static_cast<ZoneDefect>(i);
    std::set<ZoneDefect> found;
    check_zone(raw_zone(sample(std::string(defect_name(defect)) + ".zone")), {},
               [&](const ZoneFinding& finding) { found.insert(finding.defect); });
    EXPECT_TRUE(found.contains(defect)) << defect_name(defect);
  }
}

}  // namespace
}  // namespace dnsd
