#include "dnsd/snapshot/nsec3_chain.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

Sha1 starting_with(uint8_t octet) {
  Sha1 hash{};
  hash[0] = octet;
  return hash;
}

Nsec3Chain chain_of(std::initializer_list<uint8_t> hashes) {
  std::vector<Nsec3Chain::Record> records;
  for (const uint8_t octet : hashes) records.push_back({starting_with(octet), octet, 0});
  return Nsec3Chain({0, {}}, std::move(records));
}

TEST(Nsec3Chain, FindsRecordsAndWhatTheyCover) {
  const Nsec3Chain chain = chain_of({0x80, 0x20, 0xc0});
  const auto place = [&](uint8_t octet) {
    const Nsec3Chain::Place found = chain.find(starting_with(octet));
    return std::pair(chain[found.record].owner, found.matches);
  };
  EXPECT_EQ(place(0x20), std::pair(0x20u, true));
  EXPECT_EQ(place(0xc0), std::pair(0xc0u, true));
  EXPECT_EQ(place(0x21), std::pair(0x20u, false));
  EXPECT_EQ(place(0x7f), std::pair(0x20u, false));
  EXPECT_EQ(place(0xff), std::pair(0xc0u, false));
  EXPECT_EQ(place(0x00), std::pair(0xc0u, false));  // the last covers what is before the first (RFC 5155 3.1.7)
}

TEST(Nsec3Chain, OneRecordCoversEverythingElse) {
  const Nsec3Chain chain = chain_of({0x80});
  EXPECT_TRUE(chain.find(starting_with(0x80)).matches);
  for (const int octet : {0x00, 0x7f, 0x81, 0xff})
    EXPECT_FALSE(chain.find(starting_with(static_cast<uint8_t>(octet))).matches);
}

TEST(Nsec3Chain, FindsANameAndItsWildcard) {
  const Nsec3Parameters parameters{1, {0xab}};
  const Name name = *Name::parse("www.example.org."), wildcard = *Name::parse("*.www.example.org.");
  Nsec3Chain chain(parameters, {{parameters.hash(name.view().wire()), 1, 0},
                                {parameters.hash(wildcard.view().wire()), 2, 0}});
  const Nsec3Chain::Place own = chain.place_of(name);
  const Nsec3Chain::Place below = Nsec3Chain::unpack(Nsec3Chain::pack(chain.place_of_wildcard(name)));
  EXPECT_TRUE(own.matches);
  EXPECT_EQ(chain[own.record].owner, 1u);
  EXPECT_TRUE(below.matches);
  EXPECT_EQ(chain[below.record].owner, 2u);
}

TEST(Nsec3Chain, TheLongestNameAndSaltCanBeHashed) {
  std::string text;
  while (text.size() < 250) text += "a.";
  const Nsec3Parameters parameters{0, std::vector<uint8_t>(255, 1)};
  Nsec3Chain chain(parameters, {{starting_with(1), 1, 0}});
  EXPECT_FALSE(chain.place_of(*Name::parse(text + "bc.")).matches);
  EXPECT_FALSE(chain.place_of_wildcard(*Name::parse(text + "bc.")).matches);
}

}  // namespace
}  // namespace dnsd
