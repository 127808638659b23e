#include "dnsd/webhooks/webhooks.h"

#include <spdlog/spdlog.h>

#include <chrono>

namespace dnsd {
namespace {

Milliseconds wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Status use_in(Outbox& outbox, const std::vector<WebhookTarget>& targets) {
  const Result<uint64_t> dropped = outbox.use(targets);
  if (!dropped) return dropped.failure();
  if (*dropped > 0) spdlog::warn("{} webhooks are dropped: their targets are no more configured", *dropped);
  return Done{};
}

}  // namespace

Result<std::unique_ptr<Webhooks>> Webhooks::start(WebhookOptions options) {
  if (!options.deliverer.now) options.deliverer.now = wall_clock;
  Result<std::unique_ptr<Outbox>> outbox = Outbox::open(options.outbox);
  if (!outbox) return outbox.failure();
  if (const Status status = use_in(**outbox, options.targets); !status) return status.failure();
  std::unique_ptr<Webhooks> webhooks(new Webhooks(std::move(*outbox), options.deliverer.now));
  auto deliverer = Deliverer::start(*webhooks->outbox_, std::move(options.targets), std::move(options.deliverer));
  if (!deliverer) return deliverer.failure();
  webhooks->deliverer_ = std::move(*deliverer);
  return webhooks;
}

Status Webhooks::enqueue(std::span<const WebhookEvent> events, const std::string& cursor) {
  if (const Status status = outbox_->enqueue(events, cursor, now_()); !status) return status;
  deliverer_->look();
  return Done{};
}

Status Webhooks::use(std::vector<WebhookTarget> targets) {
  if (const Status status = use_in(*outbox_, targets); !status) return status;
  deliverer_->use(std::move(targets));
  return Done{};
}

WebhookCounters Webhooks::counters() const {
  return {deliverer_->delivered(), deliverer_->failed_attempts(), deliverer_->given_up(), outbox_->waiting(),
          outbox_->disabled()};
}

}  // namespace dnsd
