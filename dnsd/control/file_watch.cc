#include "dnsd/control/file_watch.h"

#include <algorithm>

namespace dnsd {

FileWatch::FileWatch(uv_loop_t* loop, uint64_t quiet_ms, std::function<void()> on_change)
    : loop_(loop), quiet_ms_(quiet_ms), on_change_(std::move(on_change)) {
  uv_timer_init(loop_, &quiet_);
  quiet_.data = this;
}

std::vector<std::string> FileWatch::watch(const std::vector<std::string>& folders) {
  for (auto it = folders_.begin(); it != folders_.end();) {
    const bool wanted = std::ranges::find(folders, it->first) != folders.end();
    if (!wanted) drop(std::move(it->second));
    it = wanted ? std::next(it) : folders_.erase(it);
  }
  std::vector<std::string> failed;
  for (const std::string& path : folders) {
    if (folders_.contains(path)) continue;
    auto folder = std::make_unique<Folder>();
    uv_fs_event_init(loop_, &folder->handle);
    folder->handle.data = this;
    const int error = uv_fs_event_start(&folder->handle, on_event, path.c_str(), 0);
    if (error == 0) {
      folders_[path] = std::move(folder);
    } else {
      failed.push_back(path);
      drop(std::move(folder));
    }
  }
  return failed;
}

void FileWatch::close() {
  for (auto& [path, folder] : folders_) drop(std::move(folder));
  folders_.clear();
  uv_close(reinterpret_cast<uv_handle_t*>(&quiet_), nullptr);
}

// The loop needs the handle until its close callback: that frees it.
void FileWatch::drop(std::unique_ptr<Folder> folder) {
  Folder* raw = folder.release();
  raw->handle.data = raw;
  uv_close(reinterpret_cast<uv_handle_t*>(&raw->handle),
           [](uv_handle_t* handle) { delete static_cast<Folder*>(handle->data); });
}

void FileWatch::on_event(uv_fs_event_t* handle, const char*, int, int) {
  auto* self = static_cast<FileWatch*>(handle->data);
  uv_timer_start(&self->quiet_, on_quiet, self->quiet_ms_, 0);
}

void FileWatch::on_quiet(uv_timer_t* timer) { static_cast<FileWatch*>(timer->data)->on_change_(); }

}  // namespace dnsd
