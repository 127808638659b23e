// The webhooks that are still to be delivered, on disk: what was put in here is sent, whatever ends the program.
//
// An event goes in for all targets in one transaction, together with the cursor: how far the history was turned into
// events. Whoever is killed before that turns the same history into the same events again; an event that is here
// already, waiting or delivered, is not put in twice. So each event reaches each target at least once, always with
// the same id.
//
// Thread safety: any thread, one call at a time waits for the other; a call that writes waits for the disk.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "dnsd/sqlite/database.h"
#include "dnsd/subscribers/webhook_target.h"
#include "dnsd/webhooks/retries.h"

namespace dnsd {

struct WebhookEvent {
  std::string id;    // letters, digits, '-' and '_': the same whenever the same event is derived again
  std::string type;  // "iprange.announced"
  std::string body;  // as it is sent, octet by octet
};

struct Delivery {
  int64_t number = 0;  // in the outbox
  std::string target;
  WebhookEvent event;
  unsigned attempts = 0;  // that failed so far
};

// What became of an attempt.
struct DeliveryOutcome {
  enum class Kind { delivered, retry, given_up, gone };
  int64_t number = 0;
  Kind kind = Kind::delivered;
  Milliseconds at = 0;     // now
  Milliseconds again = 0;  // with retry: when
  WebhookTarget target{};  // with gone: as it was called. It is disabled, and what waits for it given up
};

class Outbox {
 public:
  // Made where it is missing. A failure says what is wrong and the way out.
  static Result<std::unique_ptr<Outbox>> open(const std::string& path);

  // From now on events are for these, and what waits for others is dropped. A target that is new, or whose URL or
  // secrets changed, is enabled. Returns how many deliveries were dropped.
  Result<uint64_t> use(std::span<const WebhookTarget> targets);

  // All of it or nothing. The cursor is taken even where there is no event or no target.
  Status enqueue(std::span<const WebhookEvent> events, const std::string& cursor, Milliseconds now);
  std::string cursor() const;

  // What of this target is due, oldest first, at most so many.
  Result<std::vector<Delivery>> due(const std::string& target, Milliseconds now, size_t most) const;
  // When the next one is due that is not yet.
  Result<std::optional<Milliseconds>> next_due(Milliseconds now) const;

  // All of them or none. One that is no more in the outbox is passed over.
  Status record(std::span<const DeliveryOutcome> outcomes);

  uint64_t waiting() const { return waiting_; }
  uint64_t disabled() const { return disabled_; }

 private:
  explicit Outbox(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  Status prepare();
  Status enqueue_one(const WebhookEvent& event, Milliseconds now);
  Status enable(const WebhookTarget& target);
  Result<uint64_t> drop_all_but(std::span<const WebhookTarget> targets);
  Status record_one(const DeliveryOutcome& outcome);
  Status disable(const WebhookTarget& target, Milliseconds now);
  Status forget_old(Milliseconds now);
  Status run(std::string_view sql, std::span<const std::string> texts, std::span<const int64_t> numbers = {}) const;
  Status count();

  mutable std::mutex mutex_;
  const std::unique_ptr<Database> database_;
  std::string cursor_;
  std::atomic<uint64_t> waiting_ = 0;
  std::atomic<uint64_t> disabled_ = 0;
};

}  // namespace dnsd
