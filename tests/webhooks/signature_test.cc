#include "dnsd/webhooks/signature.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

// The example that libraries of the specification test themselves with.
constexpr char secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr char id[] = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr char body[] = "{\"test\": 2432232314}";
constexpr char signature[] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(WebhookSignature, IsThatOfTheSpecification) {
  const std::string secrets[] = {secret};
  const Result<std::string> value = webhook_signature(secrets, id, 1614265330, body);
  ASSERT_TRUE(value) << value.failure().message;
  EXPECT_EQ(*value, signature);
}

TEST(WebhookSignature, EachSecretSigns) {
  const std::string secrets[] = {"whsec_" + std::string(32, 'A'), secret};
  const Result<std::string> value = webhook_signature(secrets, id, 1614265330, body);
  ASSERT_TRUE(value);
  EXPECT_TRUE(value->starts_with("v1,"));
  EXPECT_TRUE(value->ends_with(std::string(" ") + signature)) << *value;
}

TEST(WebhookSignature, DependsOnAllItCovers) {
  const std::string secrets[] = {secret};
  for (const Result<std::string>& other :
       {webhook_signature(secrets, "msg_x", 1614265330, body), webhook_signature(secrets, id, 1614265331, body),
        webhook_signature(secrets, id, 1614265330, "{}")}) {
    EXPECT_NE(*other, signature);
  }
}

TEST(WebhookSignature, ABadSecretSignsNothing) {
  const std::string secrets[] = {secret, "whsec_short"};
  EXPECT_FALSE(webhook_signature(secrets, id, 1614265330, body));
}

}  // namespace
}  // namespace dnsd
