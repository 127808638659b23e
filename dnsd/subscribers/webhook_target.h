// Who is told of changes, and what such a subscriber's URL and secrets may look like (Standard Webhooks 1.0.0).
//
// Pure functions; messages never repeat a secret.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dnsd {

constexpr size_t most_webhook_secrets = 4;

struct WebhookTarget {
  std::string name;
  std::string url;  // as webhook_url_value() gives it
  std::vector<std::string>
      secrets;  // "whsec_…", 1 to most_webhook_secrets; each signs, so that they can be changed in step
  bool operator==(const WebhookTarget&) const = default;
};

// The URL itself, where it is one that may be called: https to any host, or http to an address of this machine
// (127.0.0.0/8, [::1]), written as such: a name could come to mean another machine. No user, password or fragment.
Result<std::string> webhook_url_value(std::string_view text);

// The octets of "whsec_BASE64"; 24 to 64 of them, as the specification has it.
Result<std::string> webhook_key(std::string_view secret);

}  // namespace dnsd
