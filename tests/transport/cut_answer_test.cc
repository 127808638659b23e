#include "dnsd/transport/cut_answer.h"

#include <gtest/gtest.h>

#include <random>

#include "small_server.h"
#include "zones/rr_types.h"

namespace dnsd::transport_test {
namespace {

const Message opt = {0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 4, 0, 3, 0, 0};  // with an empty NSID

// The query as its own response, with `answers` records and `additional` as they are.
Message response(unsigned answers, const std::vector<Message>& additional) {
  Message message = query("www.example.", rr_type::A, 0x1234);
  message[2] = 0x85;  // QR, AA, RD
  message[3] = 0x03;
  message[7] = static_cast<uint8_t>(answers);
  message[11] = static_cast<uint8_t>(additional.size());
  const Message record = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};
  for (unsigned i = 0; i < answers; ++i) message.insert(message.end(), record.begin(), record.end());
  for (const Message& one : additional) message.insert(message.end(), one.begin(), one.end());
  return message;
}

Message cut(Message message) {
  message.resize(cut_answer(message));
  return message;
}

// What it should leave: header with TC, question, `rest`.
Message left(const Message& rest) {
  Message message = response(0, {});
  message[2] |= 2;
  message[11] = rest.empty() ? 0 : 1;
  message.insert(message.end(), rest.begin(), rest.end());
  return message;
}

TEST(CutAnswer, KeepsHeaderAndQuestion) {
  EXPECT_EQ(cut(response(5, {})), left({}));
  EXPECT_EQ(cut(response(0, {})), left({}));
}

TEST(CutAnswer, KeepsTheOptWhereverItStands) {
  const Message glue = {2, 'n', 's', 0xc0, 16, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 53};
  EXPECT_EQ(cut(response(5, {opt})), left(opt));
  EXPECT_EQ(cut(response(1, {glue, opt})), left(opt));
  EXPECT_EQ(cut(response(1, {opt, glue})), left(opt));
}

TEST(CutAnswer, LeavesWhatIsNoResponseOfOurs) {
  const Message whole = response(3, {opt});
  for (size_t size = 0; size < whole.size(); ++size) {
    Message part(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    const Message before = part;
    EXPECT_EQ(cut_answer(part), 0u) << size;
    EXPECT_EQ(part, before);
  }
  Message two_questions = whole;
  two_questions[5] = 2;
  EXPECT_EQ(cut_answer(two_questions), 0u);
}

TEST(CutAnswer, StaysInsideWhateverTheOctets) {
  std::mt19937 random(1);
  for (int i = 0; i < 100000; ++i) {
    Message octets = response(random() % 4, {opt});
    for (unsigned n = random() % 8; n > 0; --n) octets[random() % octets.size()] = static_cast<uint8_t>(random());
    octets.resize(random() % (octets.size() + 1));
    octets.shrink_to_fit();
    const size_t size = octets.size();
    EXPECT_LE(cut_answer(octets), size);
  }
}

}  // namespace
}  // namespace dnsd::transport_test
