#include "pinned_ips/feed/feed_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "feed_sample.h"

namespace dnsd {
namespace {

using sample::at;
using testing::ElementsAre;
using testing::HasSubstr;

std::array<uint8_t, 40> octets(uint8_t first) {
  std::array<uint8_t, 40> random;
  for (uint8_t& octet : random) octet = first++;
  return random;
}

FeedKey key(uint8_t seed, std::string_view created) { return {at(created), *make_minisign_key(octets(seed))}; }

const FeedKeys two({key(2, "2026-11-25T20:00:00Z"), key(1, "2026-01-01T00:00:00Z")});

std::string id(const FeedKey* one) { return one ? key_id_text(one->key.public_key) : "none"; }

std::string published(Instant now) {
  std::string ids;
  for (const FeedKey* one : two.published_at(now)) ids += id(one) + " ";
  return ids;
}

TEST(FeedKeys, TheFirstSignsAtOnceANewerOneAfterFourteenDays) {
  const std::string first = id(&two.all()[0]), second = id(&two.all()[1]);
  for (const char* when :
       {"2025-12-31T00:00:00Z", "2026-01-01T00:00:00Z", "2026-11-25T20:00:00Z", "2026-12-09T19:59:59Z"})
    EXPECT_EQ(id(two.signing_at(at(when))), first) << when;
  EXPECT_EQ(id(two.signing_at(at("2026-12-09T20:00:00Z"))), second);
  EXPECT_EQ(id(FeedKeys().signing_at(at("2026-12-09T20:00:00Z"))), "none");
}

TEST(FeedKeys, BothArePublishedUntilFourteenDaysAfterTheChange) {
  const std::string first = id(&two.all()[0]) + " ", second = id(&two.all()[1]) + " ";
  EXPECT_EQ(published(at("2026-11-25T20:00:00Z")), first + second);
  EXPECT_EQ(published(at("2026-12-23T19:59:59Z")), first + second);
  EXPECT_EQ(published(at("2026-12-23T20:00:00Z")), second);
}

TEST(FeedKeys, ItsChangesAreForetold) {
  EXPECT_EQ(two.next_change(at("2026-11-25T20:00:00Z")), at("2026-12-09T20:00:00Z"));
  EXPECT_EQ(two.next_change(at("2026-12-09T20:00:00Z")), at("2026-12-23T20:00:00Z"));
  EXPECT_EQ(two.next_change(at("2026-12-23T20:00:00Z")), std::nullopt);
}

TEST(FeedKeys, JsonHasBothAndWhichSigns) {
  const auto json = nlohmann::json::parse(*feed_keys_json(two, at("2026-12-01T00:00:00Z")));
  EXPECT_EQ(json["signing"], "2827262524232221");
  ASSERT_EQ(json["keys"].size(), 2u);
  EXPECT_EQ(json["keys"][0]["published_until"], "2026-12-23T20:00:00Z");
  EXPECT_EQ(json["keys"][1]["signs_from"], "2026-12-09T20:00:00Z");
  EXPECT_TRUE(json["keys"][1]["published_until"].is_null());
  EXPECT_EQ(json["keys"][1]["public_key"], key_text(two.all()[1].key.public_key));
  EXPECT_EQ(feed_keys_json(FeedKeys(), at("2026-12-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(signing_key_file(two, at("2026-12-01T00:00:00Z")), public_key_file(two.all()[0].key.public_key));
}

TEST(SignFeed, TheTrustedCommentSaysWhatWhenAndHowLong) {
  const auto signature = sign_feed(two, "text", "ip-ranges.json", sample::stamp(), at("2026-11-29T23:59:59Z"));
  ASSERT_TRUE(signature && *signature);
  const auto comment = verify_minisign("text", **signature, two.all()[0].key.public_key);
  ASSERT_TRUE(comment);
  EXPECT_EQ(*comment, "serial:42 generated:2026-11-21T09:55:00Z expires:2026-12-07T00:00:00Z file:ip-ranges.json");
  const auto unsigned_feed = sign_feed(FeedKeys(), "text", "ip-ranges.json", sample::stamp(), sample::now);
  ASSERT_TRUE(unsigned_feed);
  EXPECT_EQ(*unsigned_feed, std::nullopt);
}

TEST(SignFeed, IsTheSameAllWeekAndNewOnMondays) {
  const FeedKeys one({key(1, "2026-01-01T00:00:00Z")});
  EXPECT_EQ(signature_expiry(at("2026-11-23T00:00:00Z")), at("2026-12-07T00:00:00Z"));
  EXPECT_EQ(signature_expiry(at("2026-11-29T23:59:59Z")), at("2026-12-07T00:00:00Z"));
  EXPECT_EQ(signature_expiry(at("2026-11-30T00:00:00Z")), at("2026-12-14T00:00:00Z"));
  EXPECT_EQ(next_signing(one, at("2026-11-23T00:00:00Z")), at("2026-11-30T00:00:00Z"));
  EXPECT_EQ(next_signing(one, at("2026-11-29T23:59:59Z")), at("2026-11-30T00:00:00Z"));
  EXPECT_EQ(next_signing(two, at("2026-12-09T00:00:00Z")), at("2026-12-09T20:00:00Z"));
}

class FeedKeyFiles : public testing::Test {
 protected:
  FeedKeyFiles() : folder_(testing::TempDir() + "feed-keys-" + std::to_string(::getpid())) {
    std::filesystem::remove_all(folder_);
  }
  ~FeedKeyFiles() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string why() const {
    const Result<FeedKeys> keys = FeedKeys::load(folder_);
    return keys ? "it loads" : keys.failure().message;
  }
  void add() { ASSERT_TRUE(add_feed_key(folder_, at("2026-11-25T20:00:00Z"), octets(1))); }

  std::string folder_;
};

TEST_F(FeedKeyFiles, AFolderThatIsNotThereHasNone) {
  const Result<FeedKeys> keys = FeedKeys::load(folder_);
  ASSERT_TRUE(keys);
  EXPECT_TRUE(keys->empty());
}

TEST_F(FeedKeyFiles, WhatIsMadeIsLoaded) {
  add();
  const Result<FeedKeys> keys = FeedKeys::load(folder_);
  ASSERT_TRUE(keys) << keys.failure().message;
  ASSERT_EQ(keys->all().size(), 1u);
  EXPECT_EQ(keys->all()[0].created, at("2026-11-25T20:00:00Z"));
  EXPECT_EQ(keys->all()[0].key.public_key, make_minisign_key(octets(1))->public_key);
  struct stat info;
  ASSERT_EQ(::stat(path("20261125T200000Z.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777u, 0600u);
}

TEST_F(FeedKeyFiles, NoSecondKeyOfOneInstant) {
  add();
  const auto second = add_feed_key(folder_, at("2026-11-25T20:00:00Z"), octets(9));
  ASSERT_FALSE(second);
  EXPECT_THAT(second.failure().message, HasSubstr("wait a second"));
}

TEST_F(FeedKeyFiles, AKeyThatOthersMayReadIsRefused) {
  add();
  ASSERT_EQ(::chmod(path("20261125T200000Z.key").c_str(), 0644), 0);
  EXPECT_EQ(why(),
            path("20261125T200000Z.key") +
                ": others may read this secret key (mode 0644); chmod 600 it, and make a new one with zone-edit "
                "feed key new if somebody did");
}

TEST_F(FeedKeyFiles, ADamagedOneIsRefused) {
  add();
  std::ifstream file(path("20261125T200000Z.key"));
  std::string secret(std::istreambuf_iterator<char>(file), {});
  const size_t inside = secret.find('\n') + 100;
  secret[inside] = secret[inside] == 'A' ? 'B' : 'A';
  std::ofstream(path("20261125T200000Z.key")) << secret;
  EXPECT_THAT(why(), HasSubstr("its public half does not belong to its secret half"));
}

TEST_F(FeedKeyFiles, APublicKeyOfAnotherOneIsRefused) {
  add();
  std::ofstream(path("20261125T200000Z.pub")) << public_key_file(make_minisign_key(octets(7))->public_key);
  EXPECT_THAT(why(), HasSubstr("20261125T200000Z.pub: not the public key of 20261125T200000Z.key"));
}

TEST_F(FeedKeyFiles, NamesSayWhenTheyWereMade) {
  add();
  std::filesystem::rename(path("20261125T200000Z.key"), path("ours.key"));
  std::filesystem::rename(path("20261125T200000Z.pub"), path("ours.pub"));
  EXPECT_THAT(why(), HasSubstr("ours.key: its name is not the instant when it was made"));
}

TEST_F(FeedKeyFiles, HalvesBelongTogether) {
  add();
  std::filesystem::remove(path("20261125T200000Z.key"));
  EXPECT_THAT(why(), HasSubstr("20261125T200000Z.pub: there is no 20261125T200000Z.key beside it"));
  std::filesystem::remove(path("20261125T200000Z.pub"));
  add();
  std::filesystem::remove(path("20261125T200000Z.pub"));
  EXPECT_THAT(why(), HasSubstr("20261125T200000Z.pub"));
}

}  // namespace
}  // namespace dnsd
