#include "small_receiver.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

namespace dnsd::testing {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// False where the client ended before its request did.
bool read_hook(int socket, ReceivedHook& hook) {
  std::string text;
  size_t head = std::string::npos, length = 0;
  while (head == std::string::npos || text.size() < head + 4 + length) {
    char octets[4096];
    const ssize_t n = ::recv(socket, octets, sizeof octets, 0);
    if (n <= 0) return false;
    text.append(octets, static_cast<size_t>(n));
    if (head != std::string::npos || (head = text.find("\r\n\r\n")) == std::string::npos) continue;
    size_t at = text.find("\r\n");
    hook.line = text.substr(0, at);
    while (at < head) {
      const size_t begin = at + 2;
      at = text.find("\r\n", begin);
      const std::string line = text.substr(begin, at - begin);
      const size_t colon = line.find(": ");
      hook.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
    }
    length = std::stoul(hook.headers["content-length"]);
  }
  hook.body = text.substr(head + 4);
  return true;
}

}  // namespace

std::string response(const std::string& status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "connection: close\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

SmallReceiver::SmallReceiver(Answer answer) : answer_(std::move(answer)) {
  listener_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::listen(listener_.get(), 64), 0);
  EXPECT_EQ(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

SmallReceiver::~SmallReceiver() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
}

void SmallReceiver::accept_all() {
  for (;;) {
    const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void SmallReceiver::serve(int socket) {
  const FileDescriptor closes(socket);
  ReceivedHook hook;
  if (!read_hook(socket, hook)) return;
  {
    const std::lock_guard lock(mutex_);
    received_.push_back(hook);
    most_at_once_ = std::max(most_at_once_, ++at_once_);
  }
  const std::string text = answer_(hook);
  {
    const std::lock_guard lock(mutex_);
    --at_once_;
  }
  for (size_t sent = 0; sent < text.size();) {
    const ssize_t n = ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return;
    sent += static_cast<size_t>(n);
  }
  ::shutdown(socket, SHUT_WR);
  char octets[4096];
  while (::recv(socket, octets, sizeof octets, 0) > 0) continue;
}

std::vector<ReceivedHook> SmallReceiver::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::vector<std::string> SmallReceiver::ids() const {
  std::vector<std::string> ids;
  for (ReceivedHook& hook : received()) ids.push_back(hook.headers["webhook-id"]);
  return ids;
}

size_t SmallReceiver::most_at_once() const {
  const std::lock_guard lock(mutex_);
  return most_at_once_;
}

}  // namespace dnsd::testing
