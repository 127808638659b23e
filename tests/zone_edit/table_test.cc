#include "tools/zone_edit/table.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

TEST(Table, ColumnsAlignAndNothingTrails) {
  Table table({"ADDRESS", "SITE"});
  EXPECT_TRUE(table.empty());
  table.add({"192.0.2.100", "dfw"});
  table.add({"192.0.2.1", "ewr"});
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table.to_text(), "ADDRESS      SITE\n192.0.2.100  dfw\n192.0.2.1    ewr\n");
  EXPECT_EQ(table.to_text(2), "  ADDRESS      SITE\n  192.0.2.100  dfw\n  192.0.2.1    ewr\n");
}

TEST(Table, EmptyCellsShow) {
  Table table({"A", "B"});
  table.add({"", ""});
  EXPECT_EQ(table.to_text(), "A  B\n-  -\n");
}

TEST(Table, CharactersCountNotOctets) {
  Table table;
  EXPECT_EQ(table.to_text(), "");
  table.add({"Zürich", "1"});
  table.add({"Geneva", "2"});
  EXPECT_EQ(table.to_text(), "Zürich  1\nGeneva  2\n");
}

}  // namespace
}  // namespace dnsd
