#include "dnsd/control/control_socket.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace dnsd {
namespace {

constexpr size_t most_clients = 32;
constexpr size_t longest_line = 4096;

}  // namespace

struct ControlSocket::Client {
  explicit Client(ControlSocket& o) : owner(o) {}
  ControlSocket& owner;
  uv_pipe_t pipe{};
  uv_timer_t timer{};
  uv_write_t write{};
  char input[longest_line];
  size_t size = 0;
  std::string output;
  int open_handles = 2;
  bool closing = false;
};

ControlSocket::ControlSocket(uv_loop_t* loop, Handler handler, uint64_t patience_ms)
    : loop_(loop), handler_(std::move(handler)), patience_ms_(patience_ms) {}

ControlSocket::~ControlSocket() = default;

Status ControlSocket::listen(const std::string& path) {
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return Failure{"the path of the control socket is too long for the system: " + path +
                   "; choose a shorter state folder"};
  }
  ::unlink(path.c_str());
  uv_pipe_init(loop_, &server_, 0);
  server_.data = this;
  open_ = true;
  path_ = path;
  const mode_t mask = ::umask(0177);
  int error = uv_pipe_bind(&server_, path.c_str());
  ::umask(mask);
  if (error == 0) error = uv_listen(reinterpret_cast<uv_stream_t*>(&server_), 16, on_connection);
  if (error != 0) return Failure{"cannot listen on " + path + ": " + uv_strerror(error)};
  return Done{};
}

void ControlSocket::close() {
  while (!clients_.empty()) drop(*clients_.begin());
  if (!open_) return;
  open_ = false;
  uv_close(reinterpret_cast<uv_handle_t*>(&server_), nullptr);  // removes the file, too
}

void ControlSocket::on_connection(uv_stream_t* server, int status) {
  auto* self = static_cast<ControlSocket*>(server->data);
  if (status != 0) return;
  auto* client = new Client(*self);
  uv_pipe_init(self->loop_, &client->pipe, 0);
  uv_timer_init(self->loop_, &client->timer);
  client->pipe.data = client->timer.data = client->write.data = client;
  self->clients_.insert(client);
  if (uv_accept(server, reinterpret_cast<uv_stream_t*>(&client->pipe)) != 0 || self->clients_.size() > most_clients)
    return self->drop(client);
  const auto alloc = [](uv_handle_t* handle, size_t, uv_buf_t* buffer) {
    auto* c = static_cast<Client*>(handle->data);
    *buffer = uv_buf_init(c->input + c->size, static_cast<unsigned>(longest_line - c->size));
  };
  uv_read_start(reinterpret_cast<uv_stream_t*>(&client->pipe), alloc, on_read);
  uv_timer_start(&client->timer, on_too_late, self->patience_ms_, 0);
}

void ControlSocket::on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t*) {
  auto* client = static_cast<Client*>(stream->data);
  if (size < 0) return client->owner.drop(client);
  client->size += static_cast<size_t>(size);
  const std::string_view input(client->input, client->size);
  const size_t end = input.find('\n');
  if (end != std::string_view::npos) {
    uv_read_stop(stream);
    client->owner.answer(*client, input.substr(0, end));
  } else if (client->size == longest_line) {
    client->owner.drop(client);
  }
}

void ControlSocket::on_too_late(uv_timer_t* timer) {
  auto* client = static_cast<Client*>(timer->data);
  client->owner.drop(client);
}

// The handler may take its time (a reload): the client's begins anew after it.
void ControlSocket::answer(Client& client, std::string_view line) {
  client.output = handler_(line) + '\n';
  uv_update_time(loop_);
  uv_timer_start(&client.timer, on_too_late, patience_ms_, 0);
  const uv_buf_t buffer = uv_buf_init(client.output.data(), static_cast<unsigned>(client.output.size()));
  const auto written = [](uv_write_t* write, int) {
    auto* c = static_cast<Client*>(write->data);
    c->owner.drop(c);
  };
  if (uv_write(&client.write, reinterpret_cast<uv_stream_t*>(&client.pipe), &buffer, 1, written) != 0) drop(&client);
}

// Both handles must be closed before the client can go.
void ControlSocket::drop(Client* client) {
  clients_.erase(client);
  if (client->closing) return;
  client->closing = true;
  const auto closed = [](uv_handle_t* handle) {
    auto* c = static_cast<Client*>(handle->data);
    if (--c->open_handles == 0) delete c;
  };
  uv_close(reinterpret_cast<uv_handle_t*>(&client->timer), closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&client->pipe), closed);
}

}  // namespace dnsd
