#include "tools/zone_edit/message.h"

#include <gtest/gtest.h>

#include "zones/rr_types.h"

namespace dnsd {
namespace {

using Octets = std::vector<uint8_t>;

// www.example. MX, answered by one record whose name and exchange point back into the message.
Octets response() {
  return {0x00, 0x00, 0x84, 0x00, 0, 1,   0,   1,   0,    0,   0,   1,                       // qr aa
          3,    'w',  'w',  'w',  7, 'e', 'x', 'a', 'm',  'p', 'l', 'e', 0, 0,  15, 0,   1,  // the question
          0xc0, 12,   0,    15,   0, 1,   0,   0,   1,    44,  0,   9,   0, 10, 4,  'm', 'a',
          'i',  'l',  0xc0, 16,   0, 0,   41,  4,   0xd0, 1,   0,   0,   0, 0,  0};  // OPT, upper bits of BADVERS
}

TEST(MakeQuery, IsWhatAResolverSends) {
  const Octets query = make_query(*Name::parse("a.b"), rr_type::AAAA);
  EXPECT_EQ(query, (Octets{0, 0, 0,  0, 0, 1, 0, 0,  0, 0,    0, 1, 1, 'a', 1, 'b',
                           0, 0, 28, 0, 1, 0, 0, 41, 4, 0xd0, 0, 0, 0, 0,   0, 0}));
}

TEST(ReadMessage, UndoesCompression) {
  const std::optional<Message> message = read_message(response());
  ASSERT_TRUE(message);
  EXPECT_EQ(to_text(message->question), "www.example.");
  EXPECT_EQ(message->question_type, rr_type::MX);
  EXPECT_EQ(message->rcode, 16);
  EXPECT_EQ(flag_texts(*message), (std::vector<std::string>{"qr", "aa"}));
  ASSERT_EQ(message->sections[0].size(), 1u);
  EXPECT_EQ(record_text(message->sections[0][0]), "www.example. 300 IN MX 10 mail.example.");
  EXPECT_TRUE(message->sections[2].empty());
  EXPECT_EQ(to_text(*message),
            "BADVERS, flags qr aa, 61 octets\nanswer:\n  www.example.  300  IN  MX  10 mail.example.\n");
}

TEST(ReadMessage, RefusesEveryCut) {
  const Octets whole = response();
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(read_message(Bytes(whole).first(size))) << size;
}

TEST(ReadMessage, RefusesPointersThatDoNotGoBack) {
  Octets forward = response();
  forward[30] = 60;
  EXPECT_FALSE(read_message(forward));
  Octets itself = response();
  itself[30] = 29;
  EXPECT_FALSE(read_message(itself));
}

TEST(ReadMessage, RefusesWhatFollowsTheEnd) {
  Octets longer = response();
  longer.push_back(0);
  EXPECT_FALSE(read_message(longer));
}

TEST(ReadMessage, RefusesRdataThatRunsOver) {
  Octets shorter = response();
  shorter[40] = 5;  // its RDLENGTH: the exchange would end beyond
  EXPECT_FALSE(read_message(shorter));
}

TEST(RcodeText, KnownAndOther) {
  EXPECT_EQ(rcode_text(3), "NXDOMAIN");
  EXPECT_EQ(rcode_text(5), "REFUSED");
  EXPECT_EQ(rcode_text(23), "RCODE23");
}

}  // namespace
}  // namespace dnsd
