// Tells subscribers of changes, by the Standard Webhooks specification 1.0.0: a durable outbox and a thread that
// sends.
//
// Thread safety: all functions may be called from any thread. Those that write wait for the disk, never for a
// subscriber.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "dnsd/subscribers/webhook_target.h"
#include "dnsd/webhooks/deliverer.h"
#include "dnsd/webhooks/outbox.h"

namespace dnsd {

struct WebhookOptions {
  std::string outbox;  // path of its file, "state/outbox.db"
  std::vector<WebhookTarget> targets;
  DelivererOptions deliverer;  // its clock: the wall clock where empty
};

struct WebhookCounters {
  uint64_t delivered = 0;
  uint64_t failed_attempts = 0;
  uint64_t given_up = 0;  // without those of targets that were disabled
  uint64_t waiting = 0;
  uint64_t disabled_targets = 0;
};

class Webhooks {
 public:
  // Goes on with what is in the outbox.
  static Result<std::unique_ptr<Webhooks>> start(WebhookOptions options);

  // Safe on disk when this returns well; then sent as soon as can be. The cursor is the caller's own, and taken in
  // the same transaction: after a failure neither events nor cursor are there.
  Status enqueue(std::span<const WebhookEvent> events, const std::string& cursor);
  // Of the last enqueue() that went well, also before a restart; empty where there was none.
  std::string cursor() const { return outbox_->cursor(); }

  // The targets of a new configuration. What waits for one that is no more there is dropped, and the log says so.
  Status use(std::vector<WebhookTarget> targets);

  WebhookCounters counters() const;

 private:
  Webhooks(std::unique_ptr<Outbox> outbox, std::function<Milliseconds()> now)
      : now_(std::move(now)), outbox_(std::move(outbox)) {}

  const std::function<Milliseconds()> now_;
  const std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Deliverer> deliverer_;  // ends first
};

}  // namespace dnsd
