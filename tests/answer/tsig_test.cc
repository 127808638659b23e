#include "dnsd/answer/tsig.h"

#include <gtest/gtest.h>

#include "dns_message.h"
#include "dnsd/answer/respond.h"
#include "dnsd/pools/rotation.h"
#include "test_snapshot.h"

namespace dnsd {
namespace {

using Octets = std::vector<uint8_t>;

void append(Octets& out, std::string_view octets) { out.insert(out.end(), octets.begin(), octets.end()); }

using namespace std::string_view_literals;
constexpr auto algorithm = "\13hmac-sha256\0"sv;
constexpr auto time_and_fudge = "\0\0\x6b\0\xdf\0\1\x2c"sv;
constexpr auto key_name = "\3key\7example\0"sv;

Octets rdata(size_t mac_size) {
  Octets out;
  append(out, algorithm);
  append(out, time_and_fudge);
  append(out, "\0"sv);
  out.push_back(static_cast<uint8_t>(mac_size));
  out.resize(out.size() + mac_size, 0x5a);
  append(out, "\x2a\x2a\0\0\0\0"sv);
  return out;
}

Octets record(std::string_view owner, const Octets& data) {
  Octets out;
  append(out, owner);
  append(out, "\0\xfa\0\xff\0\0\0\0\0"sv);
  out.push_back(static_cast<uint8_t>(data.size()));
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

class SignedQuery : public ::testing::Test {
 protected:
  SignedQuery() : snapshot(testing::make_test_snapshot()) { state.fit(snapshot->rotation_slots); }

  // The response to a query with these records at its end.
  Octets ask(const std::vector<Octets>& records, testing::QueryWords words = {.name = "www.example.org."}) {
    Octets query = testing::make_query(words);
    for (const Octets& r : records) query.insert(query.end(), r.begin(), r.end());
    query[11] = static_cast<uint8_t>(query[11] + records.size());
    Octets out(max_tcp_response);
    out.resize(respond(*snapshot, state, query, {}, testing::test_now, out));
    return out;
  }
  unsigned rcode(const Octets& response) { return response[3] & 15u; }

  std::unique_ptr<Snapshot> snapshot;
  RotationState state{1};
};

TEST_F(SignedQuery, IsToldThatTheKeyIsNotKnown) {
  const Octets response = ask({record(key_name, rdata(32))});
  EXPECT_EQ(rcode(response), 9u);
  // The same key, algorithm and times, no signature, BADKEY.
  Octets want;
  append(want, key_name);
  append(want, "\0\xfa\0\xff\0\0\0\0\0\x1d"sv);
  append(want, algorithm);
  append(want, time_and_fudge);
  append(want, "\0\0\x2a\x2a\0\x11\0\0"sv);
  ASSERT_GE(response.size(), want.size());
  EXPECT_EQ(Octets(response.end() - static_cast<ptrdiff_t>(want.size()), response.end()), want);
  EXPECT_EQ(load16(&response[10]), 1u);
  EXPECT_EQ(load16(&response[6]), 0u);
}

TEST_F(SignedQuery, HasItsRecordBehindOpt) {
  const Octets response = ask({record(key_name, rdata(0))}, {.name = "www.example.org.", .edns_payload = 1232});
  EXPECT_EQ(rcode(response), 9u);
  EXPECT_EQ(load16(&response[10]), 2u);
  EXPECT_EQ(response.back(), 0);
}

TEST_F(SignedQuery, WithAMalformedRecordIsAFormatError) {
  const Octets good = rdata(32);
  const auto changed = [&](size_t at, uint8_t value) {
    Octets data = good;
    data[at] = value;
    return data;
  };
  const size_t mac_size_at = algorithm.size() + time_and_fudge.size() + 1;
  EXPECT_EQ(rcode(ask({record(key_name, changed(mac_size_at, 31))})), 1u);
  EXPECT_EQ(rcode(ask({record(key_name, changed(mac_size_at, 200))})), 1u);
  EXPECT_EQ(rcode(ask({record(key_name, changed(0, 0xc0))})), 1u);
  EXPECT_EQ(rcode(ask({record(key_name, {})})), 1u);
  EXPECT_EQ(rcode(ask({record("\xc0\x0c"sv, good)})), 1u);
  EXPECT_EQ(rcode(ask({record("\xc0\0"sv, good)})), 1u);
  std::string long_name;
  for (int i = 0; i < 5; ++i) long_name += "\77" + std::string(63, 'x');
  long_name.push_back(0);
  EXPECT_EQ(rcode(ask({record(long_name, good)})), 1u);
  EXPECT_EQ(rcode(ask({record(key_name, good), record(key_name, good)})), 1u);
}

TEST_F(SignedQuery, LeavesTheRecordOutWhereThereIsNoRoom) {
  std::string long_key;
  for (int i = 0; i < 3; ++i) long_key += "\77" + std::string(63, 'x');
  long_key.push_back(0);
  std::string name;
  for (int i = 0; i < 3; ++i) name += std::string(63, 'y') + ".";
  Octets long_algorithm;
  append(long_algorithm, long_key);
  append(long_algorithm, time_and_fudge);
  append(long_algorithm, "\0\0\x2a\x2a\0\0\0\0"sv);
  const Octets response = ask({record(long_key, long_algorithm)}, {.name = name + "example.org."});
  EXPECT_EQ(rcode(response), 9u);
  EXPECT_EQ(load16(&response[10]), 0u);
  EXPECT_LE(response.size(), 512u);
}

}  // namespace
}  // namespace dnsd
