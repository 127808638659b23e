#include "tools/zone_edit/daemon_client.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/file_descriptor.h"

namespace dnsd {
namespace {

using Outcome = DaemonReply::Outcome;
using Clock = std::chrono::steady_clock;

constexpr size_t longest_answer = size_t{64} << 20;

// A socket's address holds 107 octets of path: a longer one is reached through a descriptor of its folder.
std::string short_path(const std::string& path, const FileDescriptor& folder) {
  if (path.size() < sizeof(sockaddr_un::sun_path)) return path;
  return "/proc/self/fd/" + std::to_string(folder.get()) + path.substr(path.rfind('/'));
}

DaemonReply connect_to(int fd, const std::string& path) {
  const size_t slash = path.rfind('/');
  const FileDescriptor folder(
      ::open(slash == std::string::npos ? "." : path.substr(0, slash).c_str(), O_PATH | O_CLOEXEC));
  const std::string reachable = short_path(path, folder);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, reachable.c_str(), sizeof(address.sun_path) - 1);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0)
    return {Outcome::answered, {}, {}};
  const int error = errno;
  switch (error) {
    case ENOENT: return {Outcome::not_running, {}, "dnsd is not running: no control socket at " + path};
    case ECONNREFUSED: return {Outcome::not_running, {}, "dnsd is not running: nobody answers at " + path};
    case EACCES:
      return {Outcome::unknown,
              {},
              "no permission to talk to dnsd at " + path + ": run this as the user that dnsd runs as"};
    default: return {Outcome::unknown, {}, "cannot talk to dnsd at " + path + ": " + std::strerror(error)};
  }
}

// False where the deadline passed first.
bool wait_until(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd poller{fd, events, 0};
    const int ready = ::poll(&poller, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool send_line(int fd, std::string_view line, Clock::time_point deadline) {
  while (!line.empty()) {
    if (!wait_until(fd, POLLOUT, deadline)) return false;
    const ssize_t n = ::send(fd, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n < 0) return false;
    line.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Up to the newline or the end of the connection; empty where it did not come in time.
std::string receive_line(int fd, Clock::time_point deadline) {
  std::string line;
  char buffer[16384];
  while (line.size() < longest_answer && wait_until(fd, POLLIN, deadline)) {
    const ssize_t n = ::recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n < 0) return {};
    line.append(buffer, static_cast<size_t>(n));
    const size_t end = line.find('\n');
    if (end != std::string::npos) return line.substr(0, end);
    if (n == 0) return line;
  }
  return {};
}

}  // namespace

std::string control_socket(const std::string& state_folder) { return state_folder + "/control.sock"; }

DaemonReply ask_daemon(const std::string& socket_path, const nlohmann::ordered_json& command, Duration timeout) {
  const FileDescriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connection.get() < 0) return {Outcome::unknown, {}, std::string("cannot open a socket: ") + std::strerror(errno)};
  if (DaemonReply connected = connect_to(connection.get(), socket_path); connected.outcome != Outcome::answered)
    return connected;
  const auto deadline = Clock::now() + std::chrono::seconds(timeout.seconds);
  const std::string request = command.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  std::string answer;
  if (send_line(connection.get(), request, deadline)) answer = receive_line(connection.get(), deadline);
  if (answer.empty()) {
    if (Clock::now() >= deadline)
      return {Outcome::unknown, {}, "dnsd did not answer within " + to_text(timeout) + " at " + socket_path};
    return {Outcome::unknown, {}, "dnsd ended the conversation without an answer at " + socket_path};
  }
  if (!nlohmann::json::accept(answer))
    return {Outcome::unknown, {}, "dnsd's answer at " + socket_path + " is not JSON: is it another version?"};
  return {Outcome::answered, std::move(answer), {}};
}

}  // namespace dnsd
