// The slow side, on the main thread: signals, reloads, the schedule, the control socket.
//
//   SIGHUP, `zone-edit reload`, a changed file  -> reload
//   an instant of the schedule                  -> the same files, a new snapshot and feed
//   a clock that steps                          -> nothing enters or leaves a pinned set until it is right (ContractClock)
//   SIGTERM, SIGINT                             -> run() returns
#pragma once

#include <uv.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "base/result.h"
#include "dnsd/control/contract_keeper.h"
#include "dnsd/control/control_socket.h"
#include "dnsd/control/file_watch.h"
#include "dnsd/control/reloader.h"
#include "dnsd/control/subscriptions.h"

namespace dnsd {

// What a reload means to the rest, and what the rest tells status.
struct ControllerHooks {
  std::function<nlohmann::ordered_json()> queries;          // counters by name
  std::function<nlohmann::ordered_json()> transport;        // sockets, workers, what the kernel counts
  std::function<void()> tick;                               // ten times a second
  std::function<void(const ReloadReport&)> after_reload;    // whether it was ok or not; after start, too
  std::function<void(uint64_t generation)> new_generation;  // by the schedule
};

class Controller {
 public:
  // All references must outlive the controller. Precondition: the reloader has loaded once, and well.
  Controller(Reloader& reloader, ContractKeeper& keeper, Subscriptions& subscriptions, Publisher& publisher,
             ControllerHooks hooks);
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;
  ~Controller();

  Status start(const std::string& control_socket_path);
  // Until SIGTERM or SIGINT.
  void run();

 private:
  static void on_tick(uv_timer_t* timer);
  static void on_signal(uv_signal_t* signal, int number);
  void reload(std::string_view why, const std::string& actor = "files");
  void watch_clock();
  void accept_clock();
  void follow_schedule();
  void renew_cookie_secret();
  void show_feed(const DataDirectory& data, Instant now);
  void tell_subscribers(Instant now);
  void watch_files();
  std::string command(std::string_view line);
  void close();

  Reloader& reloader_;
  ContractKeeper& keeper_;
  Subscriptions& subscriptions_;
  Publisher& publisher_;
  const ControllerHooks hooks_;
  uv_loop_t loop_{};
  uv_timer_t tick_{};
  uv_signal_t hangup_{}, terminate_{}, interrupt_{};
  FileWatch files_;
  ControlSocket socket_;
  std::optional<Instant> next_change_;
  Instant now_;               // the contract's time, as of the last tick
  Instant shown_at_;          // when the documents were made last
  Instant told_at_;           // when subscribers were told last
  bool feed_is_behind_ = false, subscribers_are_behind_ = false;
  bool clock_was_wrong_ = false;
};

}  // namespace dnsd
