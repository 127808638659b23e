#include "dnsd/control/controller.h"

#include <spdlog/spdlog.h>

#include <csignal>

#include "base/text.h"
#include "dnsd/control/clock.h"
#include "dnsd/control/log.h"
#include "dnsd/control/status.h"

namespace dnsd {
namespace {

// How late the feed may follow an instant of the schedule; answers follow by themselves, see PinnedAnswers.
constexpr uint64_t tick_ms = 100;
// Editors write a file in several steps, operators several files.
constexpr uint64_t quiet_ms = 300;

uv_loop_t* initialized(uv_loop_t* loop) {
  uv_loop_init(loop);
  return loop;
}

void log_report(const ReloadReport& report) {
  for (const Diagnostic& d : report.diagnostics.all()) {
    if (d.severity == Severity::error) {
      spdlog::error("{}", to_text(d));
    } else {
      spdlog::warn("{}", to_text(d));
    }
  }
  if (report.ok) {
    spdlog::info("generation {} is in service", report.generation);
  } else {
    spdlog::error("nothing was changed: {}; generation {} stays in service",
                  counted(report.diagnostics.errors(), "defect"), report.generation);
  }
}

}  // namespace

Controller::Controller(Reloader& reloader, ContractKeeper& keeper, Subscriptions& subscriptions, Publisher& publisher,
                       ControllerHooks hooks)
    : reloader_(reloader),
      keeper_(keeper),
      subscriptions_(subscriptions),
      publisher_(publisher),
      hooks_(std::move(hooks)),
      files_(initialized(&loop_), quiet_ms,
             [this] {
               if (reloader_.loader().changed()) reload("files changed");
             }),
      socket_(&loop_, [this](std::string_view line) { return command(line); }) {
  uv_timer_init(&loop_, &tick_);
  tick_.data = this;
  for (uv_signal_t* signal : {&hangup_, &terminate_, &interrupt_}) {
    uv_signal_init(&loop_, signal);
    signal->data = this;
  }
}

Controller::~Controller() {
  close();
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_loop_close(&loop_);
}

Status Controller::start(const std::string& control_socket_path) {
  uv_signal_start(&hangup_, on_signal, SIGHUP);
  uv_signal_start(&terminate_, on_signal, SIGTERM);
  uv_signal_start(&interrupt_, on_signal, SIGINT);
  uv_timer_start(&tick_, on_tick, tick_ms, tick_ms);
  log_report(reloader_.last());
  hooks_.after_reload(reloader_.last());
  watch_clock();
  reloader_.before_answers([this](const DataDirectory& data, Instant now) { show_feed(data, now); });
  show_feed(*reloader_.data(), now_);
  next_change_ = reloader_.next_change(reloader_.loaded_at());  // it may have come due since: the first tick sees
  tell_subscribers(now_);
  watch_files();
  return socket_.listen(control_socket_path);
}

void Controller::run() { uv_run(&loop_, UV_RUN_DEFAULT); }

void Controller::close() {
  if (uv_is_closing(reinterpret_cast<uv_handle_t*>(&tick_))) return;
  files_.close();
  socket_.close();
  uv_close(reinterpret_cast<uv_handle_t*>(&tick_), nullptr);
  for (uv_signal_t* signal : {&hangup_, &terminate_, &interrupt_})
    uv_close(reinterpret_cast<uv_handle_t*>(signal), nullptr);
}

void Controller::on_signal(uv_signal_t* signal, int number) {
  auto* self = static_cast<Controller*>(signal->data);
  if (number == SIGHUP) return self->reload("SIGHUP");
  spdlog::info("{}: ending", number == SIGTERM ? "SIGTERM" : "SIGINT");
  self->close();
}

void Controller::on_tick(uv_timer_t* timer) {
  auto* self = static_cast<Controller*>(timer->data);
  self->watch_clock();
  self->publisher_.reclaim();
  self->follow_schedule();
  self->renew_cookie_secret();
  self->hooks_.tick();
}

// Said once when it goes wrong, and once when it is right again.
void Controller::watch_clock() {
  ContractClock& clock = publisher_.clock();
  now_ = clock.observe(read_clocks());
  const bool is_behind = clock.behind() > ContractClock::most_step;
  const bool is_wrong = clock.is_frozen() || is_behind;
  if (is_wrong && !clock_was_wrong_) {
    const std::string what = is_behind ? "the clock is " + to_text(clock.behind()) + " behind what was recorded"
                                       : "the clock stepped by " + std::to_string(clock.step().seconds) + " s";
    spdlog::critical("{}: nothing enters or leaves a pinned set after {} until it is right; "
                     "`zone-edit reload --accept-clock` says that it is", what, to_text(now_));
  }
  if (!is_wrong && clock_was_wrong_) spdlog::info("the clock is right again: pinned sets go on by it");
  clock_was_wrong_ = is_wrong;
}

void Controller::accept_clock() {
  now_ = publisher_.clock().accept(read_clocks());
  spdlog::warn("the clock was accepted as it is: {}", to_text(now_));
}

void Controller::follow_schedule() {
  // The page counts the days and hours down.
  constexpr Duration page_age{60};
  if (next_change_ && now_ >= *next_change_) {
    const Status refreshed = reloader_.refresh(now_);
    if (!refreshed) spdlog::error("the schedule goes on with the old snapshot: {}", refreshed.failure().message);
    next_change_ = reloader_.next_change(now_);
    hooks_.new_generation(reloader_.generation());
    spdlog::info("a scheduled change took effect; generation {} is in service; the next change: {}",
                 reloader_.generation(), next_change_ ? to_text(*next_change_) : "none");
  } else if (feed_is_behind_ || now_ >= shown_at_ + page_age) {
    show_feed(*reloader_.data(), now_);
  } else if (!subscribers_are_behind_ || now_ <= told_at_) {
    return;
  }
  told_at_ = now_;
  tell_subscribers(now_);
}

void Controller::renew_cookie_secret() {
  if (!reloader_.cookie_secret_is_due(now_)) return;
  if (const Status refreshed = reloader_.refresh(now_); !refreshed) {
    spdlog::error("cookies go on with the old secret: {}", refreshed.failure().message);
    return;
  }
  hooks_.new_generation(reloader_.generation());
  spdlog::info("a new cookie secret; generation {} is in service", reloader_.generation());
}

void Controller::reload(std::string_view why, const std::string& actor) {
  spdlog::info("reload: {}", why);
  watch_clock();
  const ReloadReport& report = reloader_.reload(now_, actor);
  log_report(report);
  hooks_.after_reload(report);
  if (report.ok) {
    set_log_level(reloader_.data()->config.runtime.log_level);
    next_change_ = reloader_.next_change(now_);
    if (const Status used = subscriptions_.use(reloader_.data()->webhooks); !used)
      spdlog::error("webhooks go on with the targets they had: {}", used.failure().message);
    tell_subscribers(now_);
  }
  watch_files();
}

// A feed that could not be written is tried again at each tick, and said once.
void Controller::show_feed(const DataDirectory& data, Instant now) {
  const Status shown = keeper_.show(data.config.runtime.feed_url, now);
  if (!shown && !feed_is_behind_) spdlog::error("{}", shown.failure().message);
  if (shown && feed_is_behind_) spdlog::info("the feed is up to date again");
  feed_is_behind_ = !shown;
  shown_at_ = now;
}

// After the feed shows it: what a subscriber is told must be there to be fetched.
void Controller::tell_subscribers(Instant now) {
  const Status told = subscriptions_.tell(*keeper_.chronicle(), reloader_.data()->config.runtime.feed_url, now);
  if (!told && !subscribers_are_behind_) spdlog::error("webhooks wait: {}", told.failure().message);
  if (told && subscribers_are_behind_) spdlog::info("webhooks are up to date again");
  subscribers_are_behind_ = !told;
}

void Controller::watch_files() {
  for (const std::string& folder : files_.watch(reloader_.loader().folders()))
    spdlog::warn("cannot watch {} for changes: reload by SIGHUP or zone-edit reload", folder);
}

std::string Controller::command(std::string_view line) {
  const auto request = nlohmann::json::parse(line, nullptr, false);
  const bool is_request = request.is_object() && request.contains("command") && request["command"].is_string();
  const std::string name = is_request ? request["command"].get<std::string>() : "";
  constexpr auto replace = nlohmann::json::error_handler_t::replace;
  if (name == "status") {
    const StatusSource source{reloader_, hooks_.queries(), hooks_.transport(), keeper_, publisher_.clock(), now_};
    return status_json(source).dump(-1, ' ', false, replace);
  }
  if (name == "reload") {
    constexpr size_t longest_actor = 200;
    const auto given = request.find("actor");
    std::string actor = given != request.end() && given->is_string() ? given->get<std::string>() : "control socket";
    actor.resize(std::min(actor.size(), longest_actor));
    if (request.contains("accept_clock") && request["accept_clock"] == true) accept_clock();
    reload("asked on the control socket", actor);
    return reload_json(reloader_.last()).dump(-1, ' ', false, replace);
  }
  return R"({"ok":false,"errors":["unknown command; there are status and reload"]})";
}

}  // namespace dnsd
