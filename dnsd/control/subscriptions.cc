#include "dnsd/control/subscriptions.h"

#include "dnsd/control/feed_events.h"

namespace dnsd {

Result<std::unique_ptr<Subscriptions>> Subscriptions::start(const std::string& state_folder,
                                                            std::vector<WebhookTarget> targets) {
  std::unique_ptr<Subscriptions> subscriptions(new Subscriptions(state_folder + "/outbox.db"));
  if (const Status used = subscriptions->use(std::move(targets)); !used) return used.failure();
  return subscriptions;
}

Status Subscriptions::use(std::vector<WebhookTarget> targets) {
  if (webhooks_) return webhooks_->use(std::move(targets));
  if (targets.empty()) return Done{};
  Result<std::unique_ptr<Webhooks>> started = Webhooks::start({outbox_, std::move(targets), {}});
  if (!started) return started.failure();
  webhooks_ = std::move(*started);
  return Done{};
}

Status Subscriptions::tell(const Chronicle& chronicle, const std::string& public_url, Instant now) {
  if (!webhooks_ || chronicle.issues().empty()) return Done{};
  const EventCursor until{chronicle.issue_at_end()->stamp.serial, now};
  const std::string known = webhooks_->cursor();
  if (known.empty()) return webhooks_->enqueue({}, to_text(until));
  const Result<EventCursor> cursor = parse_event_cursor(known);
  if (!cursor) return Failure{outbox_ + ": " + cursor.failure().message + "; remove the file to begin anew"};
  const Result<std::vector<WebhookEvent>> events = feed_events(chronicle, *cursor, now, public_url);
  if (!events) return events.failure();
  // Nothing new: the cursor may stay where it is, so that the disk is left alone.
  if (events->empty() && cursor->serial == until.serial) return Done{};
  return webhooks_->enqueue(*events, to_text(until));
}

}  // namespace dnsd
