// Signatures against RFC 8032's vectors, against forgers, and against the real minisign, both ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pinned_ips/feed/digest.h"
#include "pinned_ips/feed/minisign.h"

namespace dnsd {
namespace {

using testing::HasSubstr;

std::array<uint8_t, 40> octets(uint8_t first) {
  std::array<uint8_t, 40> random;
  for (uint8_t& octet : random) octet = first++;
  return random;
}

const MinisignKey key = *make_minisign_key(octets(1));
constexpr std::string_view comment = "serial:42 file:ip-ranges.json";

std::string verified(std::string_view document, std::string_view signature, const MinisignKey& by = key) {
  const Result<std::string> result = verify_minisign(document, signature, by.public_key);
  return result ? *result : "refused: " + result.failure().message;
}

TEST(Base64, OnlyWhatItWroteItselfComesBack) {
  for (size_t size = 1; size < 70; ++size) {
    std::vector<uint8_t> some(size);
    for (size_t i = 0; i < size; ++i) some[i] = static_cast<uint8_t>(i * 37 + size);
    EXPECT_EQ(base64_octets(base64(some)), some);
  }
  for (const char* wrong : {"", "A", "QQ=", "QQ==\n", " QQ==", "QR==", "Q===", "QQ==QQ==", "Q*=="})
    EXPECT_EQ(base64_octets(wrong), std::nullopt) << wrong;
}

// RFC 8032 7.1, test 1: the public key of that secret key.
TEST(Minisign, PublicKeyOfRfc8032) {
  const std::string secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
  std::array<uint8_t, 40> random{};
  for (size_t i = 0; i < 32; ++i) random[i] = static_cast<uint8_t>(std::stoul(secret.substr(2 * i, 2), nullptr, 16));
  EXPECT_EQ(hex(make_minisign_key(random)->public_key.point),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST(Minisign, EqualInputGivesEqualBytes) {
  EXPECT_EQ(*minisign_signature("text", key, comment), *minisign_signature("text", key, comment));
}

TEST(Minisign, WhatWasChangedIsRefused) {
  const std::string signature = *minisign_signature("text", key, comment);
  EXPECT_EQ(verified("text", signature), comment);
  EXPECT_THAT(verified("Text", signature), HasSubstr("not that of the document"));
  EXPECT_THAT(verified("text", signature, *make_minisign_key(octets(2))), HasSubstr("another key"));
  std::string later = signature;
  later.replace(later.find("serial:42"), 9, "serial:43");
  EXPECT_THAT(verified("text", later), HasSubstr("trusted comment"));
  // Each octet of the two lines of base64.
  for (size_t i = signature.find('\n') + 1; i + 1 < signature.size(); ++i) {
    if (i > signature.find("\ntrusted") && i < signature.rfind('\n', signature.size() - 2)) continue;
    std::string forged = signature;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(verified("text", forged), HasSubstr("refused")) << i;
  }
}

TEST(Minisign, FilesComeBack) {
  EXPECT_EQ(*parse_public_key_file(public_key_file(key.public_key)), key.public_key);
  const Result<MinisignKey> back = parse_secret_key_file(secret_key_file(key));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->public_key, key.public_key);
  EXPECT_EQ(back->seed, key.seed);
}

TEST(Minisign, OtherFilesAreRefusedWithTheReason) {
  EXPECT_THAT(parse_secret_key_file("").failure().message, HasSubstr("no secret key of minisign"));
  EXPECT_THAT(parse_secret_key_file("untrusted comment: x\nRWQ=\n").failure().message, HasSubstr("158 octets"));
  EXPECT_THAT(parse_public_key_file(secret_key_file(key)).failure().message, HasSubstr("42 octets"));
}

// As minisign -G writes it.
TEST(Minisign, AKeyWithAPasswordIsRefusedWithAdvice) {
  const Result<MinisignKey> locked = parse_secret_key_file(
      "untrusted comment: minisign encrypted secret key\n"
      "RWRTY0IyC7aQ764f4BPS0lcEC4D2gKqCc1K7c4FNefx16ykqAqcAAAACAAAAAAAAAEAAAAAAhaDR5sN2RZI3Z+AidOVWBaeelMV2Uox0hp"
      "Wr8Mb9wZZTniuyARZEFGXqGSiBL75Cdl2DzH6zrxm6mCJKNEQM7sUjgBE0UtTIfTCFOQLbeiAyJnyaR+zwkzGjXEPLiIF5jVi6UpmZvtc=\n");
  ASSERT_FALSE(locked);
  EXPECT_THAT(locked.failure().message, HasSubstr("this key has a password"));
  EXPECT_THAT(locked.failure().message, HasSubstr("minisign -G -W"));
}

class RealMinisign : public testing::Test {
 protected:
  RealMinisign() : folder_(testing::TempDir() + "minisign-" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~RealMinisign() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, std::string_view text) { std::ofstream(path(name)) << text; }
  std::string read(const std::string& name) {
    std::ifstream file(path(name));
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  // Its exit status; what it said is in the file `said`.
  int minisign(const std::string& arguments) {
    return std::system(("cd " + folder_ + " && minisign " + arguments + " >said 2>&1 </dev/null").c_str());
  }

  std::string folder_;
};

TEST_F(RealMinisign, VerifiesOurSignature) {
  write("ip-ranges.json", "{}\n");
  write("our.pub", public_key_file(key.public_key));
  write("ip-ranges.json.minisig", *minisign_signature("{}\n", key, comment));
  EXPECT_EQ(minisign("-Vm ip-ranges.json -p our.pub"), 0) << read("said");
  EXPECT_THAT(read("said"), HasSubstr(comment));
  EXPECT_EQ(minisign("-H -Vm ip-ranges.json -P " + key_text(key.public_key)), 0) << read("said");
  write("ip-ranges.json", "{ }\n");
  EXPECT_NE(minisign("-Vm ip-ranges.json -p our.pub"), 0);
}

TEST_F(RealMinisign, SignsWithOurKey) {
  write("our.key", secret_key_file(key));
  write("document", "text");
  ASSERT_EQ(minisign("-S -s our.key -m document -t serial:7"), 0) << read("said");
  EXPECT_EQ(verified("text", read("document.minisig")), "serial:7");
}

TEST_F(RealMinisign, ItsKeyWorksForUs) {
  ASSERT_EQ(minisign("-G -W -p its.pub -s its.key"), 0) << read("said");
  const Result<MinisignKey> its = parse_secret_key_file(read("its.key"));
  ASSERT_TRUE(its) << its.failure().message;
  EXPECT_EQ(*parse_public_key_file(read("its.pub")), its->public_key);
  EXPECT_THAT(read("its.pub"), HasSubstr(key_id_text(its->public_key)));
  write("document", "text");
  write("document.minisig", *minisign_signature("text", *its, comment));
  EXPECT_EQ(minisign("-Vm document -p its.pub"), 0) << read("said");
}

}  // namespace
}  // namespace dnsd
