#include "dnsd/webhooks/http_call.h"

#include <algorithm>

#include "dnsd/webhooks/signature.h"

namespace dnsd {
namespace {

constexpr size_t most_body_octets = 64 << 10;

Failure no_memory() { return Failure{"no memory to call a webhook"}; }

}  // namespace

Result<std::unique_ptr<HttpCall>> HttpCall::make(const WebhookTarget& target, const Delivery& delivery,
                                                 Milliseconds now, const CallLimits& limits) {
  std::unique_ptr<HttpCall> call(new HttpCall(target, delivery));
  if (const Status status = call->prepare(now, limits); !status) return status.failure();
  return call;
}

Status HttpCall::add_headers(Milliseconds now) {
  const int64_t timestamp = now / 1000;
  const WebhookEvent& event = delivery_.event;
  const Result<std::string> signature = webhook_signature(target_.secrets, event.id, timestamp, event.body);
  if (!signature) return signature.failure();
  for (const std::string& line : {std::string("content-type: application/json"), "webhook-id: " + event.id,
                                  "webhook-timestamp: " + std::to_string(timestamp),
                                  "webhook-signature: " + *signature, std::string("expect:")}) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    if (!longer) return no_memory();
    static_cast<void>(headers_.release());
    headers_.reset(longer);
  }
  return Done{};
}

Status HttpCall::prepare(Milliseconds now, const CallLimits& limits) {
  // Whoever filled in the target has checked it; here it is what keeps us from calling anything else.
  if (const Result<std::string> url = webhook_url_value(target_.url); !url) return url.failure();
  handle_.reset(curl_easy_init());
  if (!handle_) return no_memory();
  if (const Status status = add_headers(now); !status) return status;
  CURL* const curl = handle_.get();
  bool good = true;
  const auto set = [&](CURLoption option, auto value) {
    good = good && curl_easy_setopt(curl, option, value) == CURLE_OK;
  };
  set(CURLOPT_URL, target_.url.c_str());
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(delivery_.event.body.size()));
  set(CURLOPT_POSTFIELDS, delivery_.event.body.c_str());
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_USERAGENT, "dnsd/" DNSD_VERSION);
  set(CURLOPT_PROTOCOLS_STR, target_.url.starts_with("https:") ? "https" : "http");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!limits.ca_file.empty()) set(CURLOPT_CAINFO, limits.ca_file.c_str());
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  set(CURLOPT_NOSIGNAL, 1L);
  // Names are looked up in a thread of their own. Without this the end of a call would wait for one that hangs, and
  // all other calls with it.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_ERRORBUFFER, error_);
  set(CURLOPT_WRITEFUNCTION, &count_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_PRIVATE, this);
  return good ? Status(Done{})
              : Status(Failure{"this libcurl cannot be told how to call a webhook; install libcurl 7.87 or newer"});
}

size_t HttpCall::count_body(const char*, size_t size, size_t number, void* call) {
  auto* self = static_cast<HttpCall*>(call);
  self->body_octets_ += size * number;
  return self->body_octets_ > most_body_octets ? 0 : size * number;  // 0 ends it
}

long HttpCall::status(CURLcode code) const {
  const bool cut_off_by_us = code == CURLE_WRITE_ERROR && body_octets_ > most_body_octets;
  if (code != CURLE_OK && !cut_off_by_us) return 0;
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

Milliseconds HttpCall::retry_after() const {
  curl_off_t seconds = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &seconds);
  return seconds > 0 ? std::min<Milliseconds>(seconds, 7 * 86400) * 1000 : 0;
}

std::string HttpCall::what_was_wrong(CURLcode code) const {
  if (const long answered = status(code); answered != 0) {
    const bool redirect = answered >= 300 && answered < 400;
    return "answered " + std::to_string(answered) +
           (redirect ? "; redirects are not followed, configure where it leads" : "");
  }
  return *error_ ? error_ : curl_easy_strerror(code);
}

}  // namespace dnsd
