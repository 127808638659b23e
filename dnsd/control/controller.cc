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

Controller::Controller(Reloader& reloader, FeedKeeper& feed, Publisher& publisher, ControllerHooks hooks)
    : reloader_(reloader),
      feed_(feed),
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
  const Instant now = wall_clock();
  update_feed(now);
  next_change_ = reloader_.next_change(now);
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
  self->publisher_.reclaim();
  self->follow_schedule();
  self->renew_cookie_secret();
  self->hooks_.tick();
}

void Controller::follow_schedule() {
  const Instant now = wall_clock();
  const bool due = next_change_ && now >= *next_change_;
  if (!due && !feed_is_behind_) return;
  if (due) {
    const Status refreshed = reloader_.refresh(now);
    if (!refreshed) spdlog::error("the schedule goes on with the old snapshot: {}", refreshed.failure().message);
    next_change_ = reloader_.next_change(now);
    hooks_.new_generation(reloader_.generation());
    spdlog::info("a scheduled change took effect; generation {} is in service; the next change: {}",
                 reloader_.generation(), next_change_ ? to_text(*next_change_) : "none");
  }
  update_feed(now);
}

void Controller::renew_cookie_secret() {
  const Instant now = wall_clock();
  if (!reloader_.cookie_secret_is_due(now)) return;
  if (const Status refreshed = reloader_.refresh(now); !refreshed) {
    spdlog::error("cookies go on with the old secret: {}", refreshed.failure().message);
    return;
  }
  hooks_.new_generation(reloader_.generation());
  spdlog::info("a new cookie secret; generation {} is in service", reloader_.generation());
}

void Controller::reload(std::string_view why) {
  spdlog::info("reload: {}", why);
  const Instant now = wall_clock();
  const ReloadReport& report = reloader_.reload(now);
  log_report(report);
  hooks_.after_reload(report);
  if (report.ok) {
    set_log_level(reloader_.data()->config.runtime.log_level);
    update_feed(now);
    next_change_ = reloader_.next_change(now);
  }
  watch_files();
}

// A feed that could not be written is tried again at each tick, and said once.
void Controller::update_feed(Instant now) {
  const Status updated = feed_.update(reloader_.data()->pinned_sets, now);
  if (!updated && !feed_is_behind_) spdlog::error("{}", updated.failure().message);
  if (updated && feed_is_behind_) spdlog::info("the feed is up to date again");
  feed_is_behind_ = !updated;
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
    return status_json({reloader_, hooks_.queries(), hooks_.transport(), wall_clock()}).dump(-1, ' ', false, replace);
  }
  if (name == "reload") {
    reload("asked on the control socket");
    return reload_json(reloader_.last()).dump(-1, ' ', false, replace);
  }
  return R"({"ok":false,"errors":["unknown command; there are status and reload"]})";
}

}  // namespace dnsd
