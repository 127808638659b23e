// Sends what is in the outbox, on a thread of its own: all targets side by side, a few calls to each at a time, so
// that one that is slow or dead delays nobody else.
//
// Taken is what is answered 2xx. 410 disables a target until the configuration names it anew or changes it. All else
// is tried again, in growing intervals and then no more (retries.h); a subscriber that answers 429 or 503 with
// Retry-After is left alone so long. Whatever ends the program: what was not recorded as taken is sent again.
//
// Thread safety: all functions may be called from any thread.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "dnsd/webhooks/http_call.h"
#include "dnsd/webhooks/outbox.h"

namespace dnsd {

struct DelivererOptions {
  std::function<Milliseconds()> now;  // wall clock, since 1970
  CallLimits limits;
  size_t most_at_once = 4;                         // calls to one target
  std::chrono::milliseconds longest_wait{30'000};  // then the clock is looked at again: it may have been set
};

class Deliverer {
 public:
  // Begins at once. The outbox must outlive it.
  static Result<std::unique_ptr<Deliverer>> start(Outbox& outbox, std::vector<WebhookTarget> targets,
                                                  DelivererOptions options);
  // Breaks off what is under way, which is sent again after the next start.
  ~Deliverer();
  Deliverer(const Deliverer&) = delete;
  Deliverer& operator=(const Deliverer&) = delete;

  // Once this has returned, no call begins by the targets before; those under way go on.
  void use(std::vector<WebhookTarget> targets);
  // There is something new in the outbox.
  void look();

  uint64_t delivered() const { return delivered_; }
  uint64_t failed_attempts() const { return failed_attempts_; }
  uint64_t given_up() const { return given_up_; }

 private:
  struct Clean {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  Deliverer(Outbox& outbox, std::vector<WebhookTarget> targets, DelivererOptions options);
  void run();
  void start_due();
  bool start_due_of(const WebhookTarget& target, Milliseconds now);
  bool begin(const WebhookTarget& target, const Delivery& delivery, Milliseconds now);
  void take_ended();
  DeliveryOutcome judge(const HttpCall& call, CURLcode code);
  DeliveryOutcome judge_failure(const HttpCall& call, CURLcode code, Milliseconds now);
  void record();
  void outbox_fails(const std::string& why);
  int wait_time() const;

  Outbox& outbox_;
  const DelivererOptions options_;
  std::unique_ptr<CURLM, Clean> multi_;

  std::mutex mutex_;
  std::vector<WebhookTarget> targets_;  // under the mutex
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> look_ = true;

  // Of the thread alone.
  std::unordered_map<CURL*, std::unique_ptr<HttpCall>> calls_;
  std::unordered_set<int64_t> under_way_;  // numbers of deliveries, until their outcome is recorded
  std::map<std::string, size_t> calls_to_;
  std::vector<DeliveryOutcome> outcomes_;  // to be recorded
  Milliseconds next_ = 0;                  // when something is due
  bool outbox_failed_ = false;
  std::minstd_rand chance_{std::random_device()()};

  std::atomic<uint64_t> delivered_ = 0;
  std::atomic<uint64_t> failed_attempts_ = 0;
  std::atomic<uint64_t> given_up_ = 0;
  std::thread thread_;
};

}  // namespace dnsd
