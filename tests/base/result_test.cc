#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace dnsd {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Failure{"odd", 3};
  return n / 2;
}

TEST(Result, HoldsAValue) {
  Result<int> four = half(8);
  ASSERT_TRUE(four);
  EXPECT_TRUE(four.ok());
  EXPECT_EQ(*four, 4);
  *four = 5;
  EXPECT_EQ(four.value(), 5);
}

TEST(Result, HoldsAFailure) {
  const Result<int> none = half(7);
  ASSERT_FALSE(none);
  EXPECT_FALSE(none.ok());
  EXPECT_EQ(none.failure().message, "odd");
  EXPECT_EQ(none.failure().offset, 3u);
}

TEST(Result, HoldsWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> held(std::make_unique<int>(1));
  ASSERT_TRUE(held);
  const std::unique_ptr<int> taken = std::move(*held);
  EXPECT_EQ(*taken, 1);
}

TEST(Result, AStringValueIsNoFailure) {
  const Result<std::string> text(std::string("x"));
  ASSERT_TRUE(text);
  EXPECT_EQ(text->size(), 1u);
}

TEST(Status, IsDoneOrAFailure) {
  EXPECT_TRUE(Status(Done{}));
  EXPECT_FALSE(Status(Failure{"no"}));
}

TEST(ResultDeathTest, TheWrongSideIsAProgrammingError) {
  EXPECT_DEATH((void)half(7).value(), "ok\\(\\)");
  EXPECT_DEATH((void)half(8).failure(), "ok\\(\\)");
}

}  // namespace
}  // namespace dnsd
