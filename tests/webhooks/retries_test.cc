#include "dnsd/webhooks/retries.h"

#include <gtest/gtest.h>

#include <vector>

namespace dnsd {
namespace {

TEST(WebhookRetries, ComeAsTheSpecificationHasThem) {
  const std::vector<Milliseconds> seconds = {5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400};
  for (unsigned attempt = 1; attempt <= seconds.size(); ++attempt)
    EXPECT_EQ(webhook_delay(attempt, 0), seconds[attempt - 1] * 1000) << attempt;
  EXPECT_EQ(webhook_delay(most_webhook_attempts, 0), std::nullopt);
  EXPECT_EQ(webhook_delay(most_webhook_attempts + 1, 0), std::nullopt);
}

TEST(WebhookRetries, ChanceMakesThemATenthLongerAtMost) {
  EXPECT_EQ(webhook_delay(1, 1), 5500);
  EXPECT_EQ(webhook_delay(1, 0.5), 5250);
  EXPECT_EQ(webhook_delay(1, 7), 5500);
}

TEST(WebhookRetries, TheSubscriberMayAskForMoreButNotForLess) {
  EXPECT_EQ(webhook_delay(1, 0, 60'000), 60'000);
  EXPECT_EQ(webhook_delay(2, 0, 60'000), 300'000);
  EXPECT_EQ(webhook_delay(1, 0, 400 * 86'400'000LL), 86'400'000) << "a day at most";
  EXPECT_EQ(webhook_delay(most_webhook_attempts, 0, 60'000), std::nullopt);
}

}  // namespace
}  // namespace dnsd
