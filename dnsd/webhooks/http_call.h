// One POST of a webhook, as libcurl makes it, and how it ended.
//
// Nothing but the configured URL is ever called: no redirect is followed, no proxy asked, no other scheme spoken; TLS
// is verified. Of the response only the status counts, and Retry-After; its body is read to its end, or cut off at 64
// KiB. Thread safety: one thread at a time.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>

#include "dnsd/subscribers/webhook_target.h"
#include "dnsd/webhooks/outbox.h"

namespace dnsd {

struct CallLimits {
  std::chrono::milliseconds total{15'000};
  std::chrono::milliseconds connect{10'000};
  std::string ca_file;  // authorities to trust in place of the system's; empty: those
};

class HttpCall {
 public:
  // Ready to be given to a multi handle. `now` is for the header webhook-timestamp.
  static Result<std::unique_ptr<HttpCall>> make(const WebhookTarget& target, const Delivery& delivery,
                                                Milliseconds now, const CallLimits& limits);
  HttpCall(const HttpCall&) = delete;
  HttpCall& operator=(const HttpCall&) = delete;

  CURL* handle() const { return handle_.get(); }
  const WebhookTarget& target() const { return target_; }
  const Delivery& delivery() const { return delivery_; }

  // Once it has ended with this code.
  long status(CURLcode code) const;                 // 0: there was no response
  Milliseconds retry_after() const;                 // 0: not asked for
  std::string what_was_wrong(CURLcode code) const;  // in words

 private:
  struct Clean {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  HttpCall(WebhookTarget target, Delivery delivery) : target_(std::move(target)), delivery_(std::move(delivery)) {}
  Status prepare(Milliseconds now, const CallLimits& limits);
  Status add_headers(Milliseconds now);
  static size_t count_body(const char*, size_t size, size_t number, void* call);

  const WebhookTarget target_;
  const Delivery delivery_;
  std::unique_ptr<curl_slist, Clean> headers_;  // before the handle, which reads them to its end
  std::unique_ptr<CURL, Clean> handle_;
  size_t body_octets_ = 0;
  char error_[CURL_ERROR_SIZE] = "";
};

}  // namespace dnsd
