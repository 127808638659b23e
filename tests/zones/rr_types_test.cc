#include "zones/rr_types.h"

#include <gtest/gtest.h>

#include <vector>

namespace dnsd {
namespace {

TEST(RrTypes, AreFoundByNumberAndMnemonic) {
  EXPECT_EQ(find_rr_type(uint16_t{28})->mnemonic, "AAAA");
  EXPECT_EQ(find_rr_type("nsec3param")->number, 51);
  EXPECT_EQ(find_rr_type(uint16_t{0}), nullptr);
  EXPECT_EQ(find_rr_type("FOO"), nullptr);
}

TEST(RrTypes, HaveTextInBothForms) {
  EXPECT_EQ(type_text(rr_type::HTTPS), "HTTPS");
  EXPECT_EQ(type_text(65280), "TYPE65280");
  EXPECT_EQ(parse_type("https"), rr_type::HTTPS);
  EXPECT_EQ(parse_type("TYPE65"), rr_type::HTTPS);
  EXPECT_EQ(parse_type("type65280"), 65280);
  for (const char* bad : {"", "TYPE", "TYPE65536", "TYPE-1", "TYPE01", "TYPEx", "FOO"})
    EXPECT_FALSE(parse_type(bad)) << bad;
}

TEST(RrTypes, EveryRowIsFoundByItsOwnMnemonic) {
  int rows = 0;
  for (uint32_t number = 0; number <= 65535; ++number) {
    const RrType* row = find_rr_type(static_cast<uint16_t>(number));
    if (!row) continue;
    ++rows;
    EXPECT_EQ(find_rr_type(row->mnemonic), row);
    EXPECT_EQ(row->kind == RrKind::meta, is_meta_type(row->number)) << row->mnemonic;
  }
  EXPECT_GT(rows, 80);
}

TEST(RrTypes, MetaTypesAreThoseOfRfc6895) {
  for (const uint16_t type : std::vector<uint16_t>{41, 128, 249, 252, 255}) EXPECT_TRUE(is_meta_type(type)) << type;
  for (const uint16_t type : std::vector<uint16_t>{1, 40, 42, 127, 256, 65280})
    EXPECT_FALSE(is_meta_type(type)) << type;
}

TEST(RrTypes, ClassesHaveTextInBothForms) {
  EXPECT_EQ(class_text(rr_class::IN), "IN");
  EXPECT_EQ(class_text(32), "CLASS32");
  EXPECT_EQ(parse_class("in"), rr_class::IN);
  EXPECT_EQ(parse_class("CLASS3"), rr_class::CH);
  EXPECT_FALSE(parse_class("CLASS65536"));
  EXPECT_FALSE(parse_class("INN"));
}

struct Found {
  size_t at, length;
  bool compressible;
  bool operator==(const Found&) const = default;
};

std::vector<Found> names_in(uint16_t type, std::vector<uint8_t> rdata, bool fits = true) {
  std::vector<Found> found;
  EXPECT_EQ(for_each_name(type, rdata,
                          [&](size_t at, size_t length, bool c) {
                            found.push_back({at, length, c});
                          }),
            fits);
  return found;
}

TEST(RrTypes, NamesInRdataAreFound) {
  EXPECT_EQ(names_in(rr_type::MX, {0, 10, 1, 'a', 0}), (std::vector<Found>{{2, 3, true}}));
  EXPECT_EQ(names_in(rr_type::SRV, {0, 1, 0, 2, 0, 3, 1, 'a', 0}), (std::vector<Found>{{6, 3, false}}));
  EXPECT_EQ(names_in(rr_type::NAPTR, {0, 1, 0, 2, 1, 'u', 0, 2, 'x', 'y', 1, 'a', 0}),
            (std::vector<Found>{{10, 3, false}}));
  EXPECT_EQ(names_in(17, {1, 'a', 0, 0}), (std::vector<Found>{{0, 3, false}, {3, 1, false}}));
  EXPECT_EQ(names_in(rr_type::SVCB, {0, 1, 0, 0, 3, 0, 2, 0, 53}), (std::vector<Found>{{2, 1, false}}));
  EXPECT_EQ(names_in(rr_type::TXT, {9, 9}), (std::vector<Found>{}));
  EXPECT_EQ(names_in(65280, {9, 9}), (std::vector<Found>{}));
}

TEST(RrTypes, RdataOfAnotherShapeIsRefused) {
  names_in(rr_type::A, {1, 2, 3}, false);
  names_in(rr_type::A, {1, 2, 3, 4, 5}, false);
  names_in(rr_type::MX, {0}, false);
  names_in(rr_type::MX, {0, 1}, false);
  names_in(rr_type::NS, {1, 'a'}, false);
  names_in(rr_type::NS, {0xc0, 12}, false);
  names_in(rr_type::NAPTR, {0, 1, 0, 2, 200, 'u'}, false);
  EXPECT_EQ(names_in(rr_type::NS, {1, 'a', 0, 0}, false).size(), 1u);
}

}  // namespace
}  // namespace dnsd
