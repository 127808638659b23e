#include "dnsd/tls/ticket_keys.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

const TicketKeys::Time start{std::chrono::hours(1000)};
constexpr auto lifetime = TicketKeys::lifetime;
constexpr std::chrono::seconds second{1};

TEST(TicketKeys, OneKeySealsForItsLifetime) {
  TicketKeys keys;
  const TicketKey first = keys.seals(start).value();
  EXPECT_EQ(keys.seals(start + lifetime - second)->name, first.name);
  const TicketKey second_key = keys.seals(start + lifetime).value();
  EXPECT_NE(second_key.name, first.name);
  EXPECT_NE(second_key.cipher, first.cipher);
  EXPECT_NE(second_key.mac, first.mac);
}

TEST(TicketKeys, ItOpensForAsLongAgainAndIsForgotten) {
  TicketKeys keys;
  const TicketKey first = keys.seals(start).value();
  keys.seals(start + lifetime);
  const auto still = keys.opens(first.name.data(), start + 2 * lifetime - second);
  ASSERT_TRUE(still);
  EXPECT_EQ(still->cipher, first.cipher);
  EXPECT_FALSE(keys.opens(first.name.data(), start + 2 * lifetime));
}

TEST(TicketKeys, ASealOnTheLastSecondOpensForALifetime) {
  TicketKeys keys;
  keys.seals(start);
  const auto sealed_at = start + lifetime - second;
  const TicketKey key = keys.seals(sealed_at).value();
  EXPECT_TRUE(keys.opens(key.name.data(), sealed_at + lifetime));
}

TEST(TicketKeys, AKeyThatNobodyMadeOpensNothing) {
  TicketKeys keys;
  const TicketKey stranger;
  EXPECT_FALSE(keys.opens(stranger.name.data(), start));
  keys.seals(start);
  EXPECT_FALSE(keys.opens(stranger.name.data(), start));
}

}  // namespace
}  // namespace dnsd
