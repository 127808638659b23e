#include "pinned_ips/feed/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feed_sample.h"

namespace dnsd {
namespace {

using testing::HasSubstr;

TEST(Page, WithoutEntriesItSaysSo) { EXPECT_THAT(feed_page(sample::view({})), HasSubstr("No prefix is listed.")); }

}  // namespace
}  // namespace dnsd
