// The signature of a webhook by Standard Webhooks 1.0.0: "v1," and base64 of HMAC-SHA256 over "ID.TIMESTAMP.BODY".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dnsd {

// The value of the header webhook-signature: one signature for each secret, with spaces between, so that a subscriber
// who knows any of them can verify it while they change. `secrets` are as webhook_key() takes them.
Result<std::string> webhook_signature(std::span<const std::string> secrets, std::string_view id, int64_t timestamp,
                                      std::string_view body);

}  // namespace dnsd
