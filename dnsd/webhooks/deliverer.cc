#include "dnsd/webhooks/deliverer.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace dnsd {
namespace {

constexpr long gone = 410, too_many = 429, unavailable = 503;
constexpr std::chrono::milliseconds outbox_patience{1000};  // before an outbox that fails is tried again

}  // namespace

Deliverer::Deliverer(Outbox& outbox, std::vector<WebhookTarget> targets, DelivererOptions options)
    : outbox_(outbox), options_(std::move(options)), multi_(curl_multi_init()), targets_(std::move(targets)) {}

Result<std::unique_ptr<Deliverer>> Deliverer::start(Outbox& outbox, std::vector<WebhookTarget> targets,
                                                    DelivererOptions options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  std::unique_ptr<Deliverer> deliverer(new Deliverer(outbox, std::move(targets), std::move(options)));
  if (ready != CURLE_OK || !deliverer->multi_) return Failure{"libcurl cannot be set up for webhooks: no memory?"};
  deliverer->thread_ = std::thread([self = deliverer.get()] { self->run(); });
  return deliverer;
}

Deliverer::~Deliverer() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void Deliverer::use(std::vector<WebhookTarget> targets) {
  {
    const std::lock_guard lock(mutex_);
    targets_ = std::move(targets);
  }
  look();
}

void Deliverer::look() {
  look_ = true;
  curl_multi_wakeup(multi_.get());
}

void Deliverer::run() {
  while (!stopping_) {
    if (look_.exchange(false) || options_.now() >= next_) start_due();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    take_ended();
    if (!outcomes_.empty()) record();
    if (look_) continue;
    curl_multi_poll(multi_.get(), nullptr, 0, wait_time(), nullptr);
  }
  for (const auto& [handle, call] : calls_) curl_multi_remove_handle(multi_.get(), handle);
  calls_.clear();
}

int Deliverer::wait_time() const {
  const std::chrono::milliseconds longest =
      outbox_failed_ ? std::min(outbox_patience, options_.longest_wait) : options_.longest_wait;
  return static_cast<int>(std::clamp<Milliseconds>(next_ - options_.now(), 0, longest.count()));
}

void Deliverer::start_due() {
  // To the end: once use() has returned, no call begins by the old configuration.
  const std::lock_guard lock(mutex_);
  const Milliseconds now = options_.now();
  next_ = now + outbox_patience.count();  // where the outbox cannot be read
  for (const WebhookTarget& target : targets_) {
    if (!start_due_of(target, now)) return;
  }
  const Result<std::optional<Milliseconds>> next = outbox_.next_due(now);
  if (!next) return outbox_fails(next.failure().message);
  next_ = next->value_or(INT64_MAX);
}

bool Deliverer::start_due_of(const WebhookTarget& target, Milliseconds now) {
  const size_t under_way = calls_to_[target.name];
  if (under_way >= options_.most_at_once) return true;
  const Result<std::vector<Delivery>> due = outbox_.due(target.name, now, options_.most_at_once + under_way_.size());
  if (!due) {
    outbox_fails(due.failure().message);
    return false;
  }
  size_t room = options_.most_at_once - under_way;
  for (const Delivery& delivery : *due) {
    if (room == 0) break;
    if (under_way_.contains(delivery.number)) continue;
    if (!begin(target, delivery, now)) break;
    --room;
  }
  return true;
}

bool Deliverer::begin(const WebhookTarget& target, const Delivery& delivery, Milliseconds now) {
  Result<std::unique_ptr<HttpCall>> call = HttpCall::make(target, delivery, now, options_.limits);
  if (!call || curl_multi_add_handle(multi_.get(), (*call)->handle()) != CURLM_OK) {
    spdlog::error("webhook {} to {} cannot be sent: {}", delivery.event.id, target.name,
                  call ? "libcurl does not take it" : call.failure().message);
    return false;
  }
  under_way_.insert(delivery.number);
  ++calls_to_[target.name];
  CURL* const handle = (*call)->handle();
  calls_.emplace(handle, std::move(*call));
  return true;
}

void Deliverer::take_ended() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto found = calls_.find(message->easy_handle);
    const CURLcode code = message->data.result;  // the message goes with its handle
    outcomes_.push_back(judge(*found->second, code));
    curl_multi_remove_handle(multi_.get(), found->first);
    --calls_to_[found->second->target().name];
    calls_.erase(found);
  }
}

DeliveryOutcome Deliverer::judge(const HttpCall& call, CURLcode code) {
  const Milliseconds now = options_.now();
  const Delivery& delivery = call.delivery();
  const long status = call.status(code);
  if (status >= 200 && status < 300) {
    ++delivered_;
    spdlog::debug("webhook {} ({}) was taken by {}", delivery.event.id, delivery.event.type, delivery.target);
    return {delivery.number, DeliveryOutcome::Kind::delivered, now};
  }
  ++failed_attempts_;
  if (status == gone) {
    spdlog::error("webhooks to {} are off: it answered 410 Gone; take it out of the configuration, or change its url",
                  delivery.target);
    return {delivery.number, DeliveryOutcome::Kind::gone, now, 0, call.target()};
  }
  return judge_failure(call, code, now);
}

DeliveryOutcome Deliverer::judge_failure(const HttpCall& call, CURLcode code, Milliseconds now) {
  const Delivery& delivery = call.delivery();
  const unsigned attempt = delivery.attempts + 1;
  const double chance = std::uniform_real_distribution<double>(0, 1)(chance_);
  const long status = call.status(code);
  const bool asked = status == too_many || status == unavailable;
  const auto delay = webhook_delay(attempt, chance, asked ? call.retry_after() : 0);
  if (!delay) {
    ++given_up_;
    spdlog::error("webhook {} ({}) to {} is given up after {} attempts: {}", delivery.event.id, delivery.event.type,
                  delivery.target, attempt, call.what_was_wrong(code));
    return {delivery.number, DeliveryOutcome::Kind::given_up, now};
  }
  spdlog::warn("webhook {} ({}) to {} failed, attempt {} of {}: {}; again in {} s", delivery.event.id,
               delivery.event.type, delivery.target, attempt, most_webhook_attempts, call.what_was_wrong(code),
               (*delay + 999) / 1000);
  return {delivery.number, DeliveryOutcome::Kind::retry, now, now + *delay};
}

// Until this has gone well, nothing of it is sent again.
void Deliverer::record() {
  if (const Status status = outbox_.record(outcomes_); !status) return outbox_fails(status.failure().message);
  if (outbox_failed_) spdlog::info("the outbox of webhooks works again");
  outbox_failed_ = false;
  for (const DeliveryOutcome& outcome : outcomes_) under_way_.erase(outcome.number);
  outcomes_.clear();
  look_ = true;
}

// Once: it is tried again every second.
void Deliverer::outbox_fails(const std::string& why) {
  if (!outbox_failed_) spdlog::error("webhooks wait for their outbox: {}", why);
  outbox_failed_ = true;
}

}  // namespace dnsd
