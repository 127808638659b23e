#include "dnsd/answer/message_writer.h"

#include <gtest/gtest.h>

#include "dns_message.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

std::vector<uint8_t> record(uint16_t type, const std::vector<uint8_t>& rdata) {
  std::vector<uint8_t> r(12);
  store16(&r[0], 0xc00c);
  store16(&r[2], type);
  store16(&r[4], rr_class::IN);
  store32(&r[6], 60);
  store16(&r[10], static_cast<uint16_t>(rdata.size()));
  r.insert(r.end(), rdata.begin(), rdata.end());
  return r;
}

std::vector<uint8_t> wire(const char* name) {
  const Name n = *Name::parse(name);
  return {n.view().wire().begin(), n.view().wire().end()};
}

class Writer : public ::testing::Test {
 protected:
  Writer() : packet(testing::make_query({.name = "www.Example.org.", .type = "NS"})) {
    EXPECT_EQ(read_query(packet, query), Verdict::answer);
  }
  testing::Message finish(MessageWriter& writer) {
    size = writer.finish();
    return testing::read_message(Bytes(out).first(size));
  }

  std::vector<uint8_t> packet;
  std::vector<uint8_t> out = std::vector<uint8_t>(70000);
  Query query;
  ServerSettings settings;
  ResponseOpt opt{query.edns, {}, settings, {}};
  size_t size = 0;
};

TEST_F(Writer, PointsIntoTheQuestionWhateverTheCase) {
  MessageWriter writer(query, 512, opt, out);
  ASSERT_TRUE(writer.add(Section::answer, *Name::parse("EXAMPLE.org."), rr_type::NS,
                         record(rr_type::NS, wire("ns.example.ORG.")), 1));
  const auto message = finish(writer);
  EXPECT_TRUE(message.well_formed);
  EXPECT_EQ(size, packet.size() + 2 + 10 + 3 + 2);
  EXPECT_EQ(message.answer[0], "Example.org. 60 IN NS ns.Example.org.");  // the question's case, where it points
}

// However many labels the question has, all it ends in can be pointed at, and other names still find room.
TEST_F(Writer, PointsIntoAQuestionOfVeryManyLabels) {
  std::string deep = "org.";
  for (int i = 0; i < 120; ++i) deep.insert(0, "a.");
  packet = testing::make_query({.name = deep, .type = "NS"});
  ASSERT_EQ(read_query(packet, query), Verdict::answer);
  MessageWriter writer(query, 1232, opt, out);
  const std::string middle = deep.substr(120);
  ASSERT_TRUE(writer.add(Section::answer, *Name::parse(middle), rr_type::NS, record(rr_type::NS, wire("ns.net.")), 1));
  ASSERT_TRUE(writer.add(Section::answer, *Name::parse("org."), rr_type::NS, record(rr_type::NS, wire("b.ns.net.")), 1));
  const auto message = finish(writer);
  EXPECT_TRUE(message.well_formed);
  EXPECT_EQ(size, packet.size() + 2 + 10 + 8 + 2 + 10 + 2 + 2);
  EXPECT_EQ(message.answer[0], middle + " 60 IN NS ns.net.");
  EXPECT_EQ(message.answer[1], "org. 60 IN NS b.ns.net.");
}

TEST_F(Writer, UncompressedTypesStayWhole) {
  MessageWriter writer(query, 512, opt, out);
  std::vector<uint8_t> srv = {0, 1, 0, 2, 0, 53};
  const auto target = wire("ns.example.org.");
  srv.insert(srv.end(), target.begin(), target.end());
  ASSERT_TRUE(writer.add(Section::answer, *Name::parse("www.example.org."), rr_type::SRV, record(rr_type::SRV, srv), 1));
  finish(writer);
  EXPECT_EQ(size, packet.size() + 2 + 10 + srv.size());
}

TEST_F(Writer, WholeRrsetsOrNothing) {
  MessageWriter writer(query, 512, opt, out);
  std::vector<uint8_t> many;
  for (int i = 0; i < 60; ++i) {
    const auto r = record(rr_type::NS, wire(("ns" + std::to_string(i) + ".elsewhere.net.").c_str()));
    many.insert(many.end(), r.begin(), r.end());
  }
  EXPECT_FALSE(writer.add(Section::answer, *Name::parse("www.example.org."), rr_type::NS, many, 60));
  // What was tried left no trace: names it had written are not pointed at.
  ASSERT_TRUE(writer.add(Section::answer, *Name::parse("www.example.org."), rr_type::NS,
                         record(rr_type::NS, wire("ns1.elsewhere.net.")), 1));
  const auto message = finish(writer);
  EXPECT_TRUE(message.well_formed);
  EXPECT_EQ(message.answer, std::vector<std::string>{"www.Example.org. 60 IN NS ns1.elsewhere.net."});
}

TEST_F(Writer, PointersBeyondReachAreNotWritten) {
  MessageWriter writer(query, 65535, opt, out);
  const std::vector<uint8_t> filler = record(rr_type::TXT, std::vector<uint8_t>(17000, 1));
  ASSERT_TRUE(writer.copy(Section::answer, filler, 1));
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(writer.add(Section::answer, *Name::parse("www.example.org."), rr_type::NS,
                           record(rr_type::NS, wire("far.elsewhere.net.")), 1));
  }
  const size_t end = writer.finish();
  EXPECT_EQ(end, packet.size() + filler.size() + 2 * (2 + 10 + 19));
}

TEST_F(Writer, ClaimedRoomIsCounted) {
  MessageWriter writer(query, 512, opt, out);
  const std::vector<uint8_t> one = record(rr_type::A, {192, 0, 2, 1});
  uint8_t* at = writer.claim(Section::answer, 2 * one.size(), 2);
  ASSERT_NE(at, nullptr);
  std::copy(one.begin(), one.end(), at);
  std::copy(one.begin(), one.end(), at + one.size());
  EXPECT_EQ(writer.claim(Section::answer, writer.room() + 1, 1), nullptr);
  EXPECT_EQ(writer.count(Section::answer), 2u);
  EXPECT_EQ(finish(writer).answer.size(), 2u);
}

}  // namespace
}  // namespace dnsd
