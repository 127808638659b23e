#include "dnsd/answer/cookie.h"

#include <gtest/gtest.h>

#include <string>

namespace dnsd {
namespace {

std::vector<uint8_t> octets(const std::string& hex) {
  std::vector<uint8_t> out;
  for (size_t i = 0; i < hex.size(); i += 2)
    out.push_back(static_cast<uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return out;
}

CookieSecret secret(const std::string& hex) {
  CookieSecret out{};
  const auto all = octets(hex);
  std::copy(all.begin(), all.end(), out.begin());
  return out;
}

std::vector<uint8_t> vector_of(const CookieOctets& cookie) { return {cookie.begin(), cookie.end()}; }

// The vectors of RFC 9018 appendix A.
const CookieSecret first = secret("e5e973e5a6b2a43f48e7dc849e37bfcf");
const IpAddress client_a = *IpAddress::parse("198.51.100.100");

TEST(Cookie, LearningANewOne) {  // A.1
  const CookieAnswer answer = answer_cookie(octets("2464c4abcf10c957"), client_a, {first}, {1559731985});
  EXPECT_EQ(answer.state, CookieState::client_only);
  EXPECT_EQ(vector_of(answer.cookie), octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480"));
}

TEST(Cookie, TheSameClientLearningARenewedOne) {  // A.2: 40 minutes later
  const CookieAnswer answer =
      answer_cookie(octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480"), client_a, {first}, {1559734385});
  EXPECT_EQ(answer.state, CookieState::valid);
  EXPECT_EQ(vector_of(answer.cookie), octets("2464c4abcf10c957010000005cf7a871d4a564a1442aca77"));
}

TEST(Cookie, AnotherClientWithReservedBits) {  // A.3: reserved bits are part of the hash, and not sent back set
  const IpAddress client = *IpAddress::parse("203.0.113.203");
  const CookieAnswer answer =
      answer_cookie(octets("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5"), client, {first}, {1559728001});
  EXPECT_EQ(answer.state, CookieState::valid);
  EXPECT_EQ(vector_of(answer.cookie), octets("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5"));
  const CookieAnswer renewed =
      answer_cookie(octets("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5"), client, {first}, {1559730000});
  EXPECT_EQ(renewed.state, CookieState::valid);
  EXPECT_EQ(load32(&renewed.cookie[8]), 0x01000000u);
}

TEST(Cookie, Ipv6WithARolledOverSecret) {  // A.4
  const IpAddress client = *IpAddress::parse("2001:db8:220:1:59de:d0f4:8769:82b8");
  const CookieSecret old = secret("dd3bdf9344b678b185a6f5cb60fca715");
  const CookieSecret now = secret("445536bcd2513298075a5d379663c962");
  const auto option = octets("22681ab97d52c298010000005cf7c57926556bd0934c72f8");
  const CookieAnswer answer = answer_cookie(option, client, {now, old}, {1559741961});
  EXPECT_EQ(answer.state, CookieState::valid);
  EXPECT_EQ(vector_of(answer.cookie), octets("22681ab97d52c298010000005cf7c609a6bb79d16625507a"));
  EXPECT_EQ(answer_cookie(option, client, {now}, {1559741961}).state, CookieState::invalid);
}

TEST(Cookie, IsGoodForAnHourAndFiveMinutesAhead) {
  const int64_t made = 1559731985;
  const auto option = octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
  const auto state = [&](int64_t at) { return answer_cookie(option, client_a, {first}, {at}).state; };
  EXPECT_EQ(state(made + 3600), CookieState::valid);
  EXPECT_EQ(state(made + 3601), CookieState::invalid);
  EXPECT_EQ(state(made - 300), CookieState::valid);
  EXPECT_EQ(state(made - 301), CookieState::invalid);
}

TEST(Cookie, WhatWeDidNotMakeIsInvalidAndGetsAGoodOne) {
  const auto good = octets("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
  for (size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 1;
    const CookieAnswer answer = answer_cookie(bad, client_a, {first}, {1559731985});
    EXPECT_EQ(answer.state, CookieState::invalid) << i;
    EXPECT_EQ(answer_cookie(answer.cookie, client_a, {first}, {1559731985}).state, CookieState::valid) << i;
  }
  EXPECT_EQ(answer_cookie(good, *IpAddress::parse("198.51.100.101"), {first}, {1559731985}).state, CookieState::invalid);
  auto longer = good;
  longer.resize(40);
  EXPECT_EQ(answer_cookie(longer, client_a, {first}, {1559731985}).state, CookieState::invalid);
}

TEST(Cookie, TimestampsMayWrap) {
  const int64_t wrap = int64_t{1} << 32;
  const CookieAnswer made = answer_cookie(octets("2464c4abcf10c957"), client_a, {first}, {wrap - 10});
  EXPECT_EQ(answer_cookie(made.cookie, client_a, {first}, {wrap + 10}).state, CookieState::valid);
}

TEST(Cookie, SizesOfRfc7873) {
  for (size_t n = 0; n < 50; ++n) EXPECT_EQ(is_cookie_size(n), n == 8 || (n >= 16 && n <= 40)) << n;
}

}  // namespace
}  // namespace dnsd
