// Says when something happened in one of a few folders, once things have been quiet for a moment.
//
// Folders are watched, not files: an atomic replace puts another file in the place of the one that was watched.
// Thread safety: the loop's thread.
#pragma once

#include <uv.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dnsd {

class FileWatch {
 public:
  // `on_change` is called on the loop, at least `quiet_ms` after the last event.
  FileWatch(uv_loop_t* loop, uint64_t quiet_ms, std::function<void()> on_change);
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Watches exactly these folders from now on; the paths of those that cannot be watched come back.
  std::vector<std::string> watch(const std::vector<std::string>& folders);
  // The loop must run once more after this, and before the object goes.
  void close();

 private:
  struct Folder {
    uv_fs_event_t handle{};
  };
  static void on_event(uv_fs_event_t* handle, const char* name, int events, int status);
  static void on_quiet(uv_timer_t* timer);
  static void drop(std::unique_ptr<Folder> folder);

  uv_loop_t* loop_;
  const uint64_t quiet_ms_;
  std::function<void()> on_change_;
  uv_timer_t quiet_{};
  std::map<std::string, std::unique_ptr<Folder>> folders_;
};

}  // namespace dnsd
