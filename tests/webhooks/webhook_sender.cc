// The sender of webhooks alone, driven by a test: commands as JSON, a line each, on standard input; an answer, a line
// each, on standard output. The log is on standard error.
//
// usage: webhook_sender OUTBOX [CA_FILE]
//   {"use": [{"name": …, "url": …, "secrets": […]}]}             the targets; the first command, which starts it
//   {"enqueue": [{"id": …, "type": …, "body": …}], "cursor": …}
//   {"pass": SECONDS}                                             moves its clock on
//   {"counters": {}}
// An answer has "error", where it did not go well, and the cursor and the counters.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "dnsd/webhooks/webhooks.h"

namespace {

using nlohmann::json;

std::atomic<dnsd::Milliseconds> passed = 0;

dnsd::Milliseconds now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return passed + std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

std::vector<dnsd::WebhookTarget> targets(const json& list) {
  std::vector<dnsd::WebhookTarget> targets;
  for (const json& one : list) targets.push_back({one.at("name"), one.at("url"), one.at("secrets")});
  return targets;
}

dnsd::Status start(std::unique_ptr<dnsd::Webhooks>& webhooks, const json& list, int count, char** words) {
  dnsd::WebhookOptions options{words[1], targets(list), {}};
  options.deliverer.now = now;
  options.deliverer.longest_wait = std::chrono::milliseconds(20);
  if (count > 2) options.deliverer.limits.ca_file = words[2];
  auto started = dnsd::Webhooks::start(std::move(options));
  if (!started) return started.failure();
  webhooks = std::move(*started);
  return dnsd::Done{};
}

dnsd::Status obey(dnsd::Webhooks& webhooks, const json& command) {
  if (command.contains("use")) return webhooks.use(targets(command["use"]));
  if (command.contains("pass")) passed += command["pass"].get<dnsd::Milliseconds>() * 1000;
  if (!command.contains("enqueue")) return dnsd::Done{};
  std::vector<dnsd::WebhookEvent> events;
  for (const json& event : command["enqueue"]) events.push_back({event.at("id"), event.at("type"), event.at("body")});
  return webhooks.enqueue(events, command.at("cursor"));
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  spdlog::set_default_logger(spdlog::stderr_logger_mt("sender"));
  spdlog::set_pattern("%l: %v");
  std::unique_ptr<dnsd::Webhooks> webhooks;
  for (std::string line; std::getline(std::cin, line);) {
    const json command = json::parse(line);
    const dnsd::Status status =
        webhooks ? obey(*webhooks, command) : start(webhooks, command.at("use"), count, words);
    json answer;
    if (!status) answer["error"] = status.failure().message;
    if (webhooks) {
      const dnsd::WebhookCounters counters = webhooks->counters();
      answer["cursor"] = webhooks->cursor();
      answer["delivered"] = counters.delivered;
      answer["failed_attempts"] = counters.failed_attempts;
      answer["given_up"] = counters.given_up;
      answer["waiting"] = counters.waiting;
      answer["disabled_targets"] = counters.disabled_targets;
    }
    std::cout << answer.dump() + "\n" << std::flush;
  }
  return 0;
}
