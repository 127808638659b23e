// Keeps subscribers in step with the feed: what is new since the outbox's cursor goes into the outbox.
//
// Thread safety: one thread.
#pragma once

#include <memory>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "dnsd/webhooks/webhooks.h"
#include "pinned_ips/chronicle.h"

namespace dnsd {

class Subscriptions {
 public:
  // `state_folder`/outbox.db. Without targets and without an outbox there is nothing to do, and none is made.
  static Result<std::unique_ptr<Subscriptions>> start(const std::string& state_folder, std::vector<WebhookTarget> targets);

  // The targets of a new configuration.
  Status use(std::vector<WebhookTarget> targets);
  // Everything until `now` that was not told yet is safe in the outbox when this returns well; after a failure it is
  // told the next time. Who begins to be told is told from then on.
  Status tell(const Chronicle& chronicle, const std::string& public_url, Instant now);

  WebhookCounters counters() const { return webhooks_ ? webhooks_->counters() : WebhookCounters(); }

 private:
  explicit Subscriptions(std::string outbox) : outbox_(std::move(outbox)) {}

  const std::string outbox_;
  std::unique_ptr<Webhooks> webhooks_;  // null: nobody is to be told
};

}  // namespace dnsd
