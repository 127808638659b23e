// A Unix stream socket in the state folder: one line in, one line out, then the connection ends.
//
// The file's mode is 0600: who may open it may do what the daemon's user may. A client has a few seconds for its line.
// Thread safety: the loop's thread.
#pragma once

#include <uv.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dnsd {

class ControlSocket {
 public:
  // The answer to one line, both without the newline.
  using Handler = std::function<std::string(std::string_view line)>;

  // `patience_ms`: what a client has for its line, and for taking the answer.
  ControlSocket(uv_loop_t* loop, Handler handler, uint64_t patience_ms = 5000);
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;
  ~ControlSocket();

  // Precondition: no other process serves this path (the state folder's lock): a leftover is removed.
  Status listen(const std::string& path);
  // Removes the file. The loop must run once more after this, and before the object goes.
  void close();

 private:
  struct Client;
  static void on_connection(uv_stream_t* server, int status);
  static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer);
  static void on_too_late(uv_timer_t* timer);
  void answer(Client& client, std::string_view line);
  void drop(Client* client);

  uv_loop_t* loop_;
  Handler handler_;
  const uint64_t patience_ms_;
  std::string path_;
  uv_pipe_t server_{};
  bool open_ = false;
  std::set<Client*> clients_;
};

}  // namespace dnsd
