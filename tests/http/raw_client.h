// A TCP client that sends what it is told and reads what comes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>

namespace dnsd {

class RawClient {
 public:
  // `host` of 127.0.0.0/8 is where it comes from.
  explicit RawClient(uint16_t port, bool v6 = false, uint8_t host = 1)
      : fd_(::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in v4_address{};
    v4_address.sin_family = AF_INET;
    v4_address.sin_port = htons(port);
    v4_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (sockaddr_in source = v4_address; !v6 && host != 1) {
      source.sin_port = 0;
      source.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + host);
      ::bind(fd_, reinterpret_cast<const sockaddr*>(&source), sizeof source);
    }
    sockaddr_in6 v6_address{};
    v6_address.sin6_family = AF_INET6;
    v6_address.sin6_port = htons(port);
    v6_address.sin6_addr = in6addr_loopback;
    const auto* address = v6 ? reinterpret_cast<sockaddr*>(&v6_address) : reinterpret_cast<sockaddr*>(&v4_address);
    connected_ = ::connect(fd_, address, v6 ? sizeof v6_address : sizeof v4_address) == 0;
  }
  ~RawClient() { ::close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  bool send(std::string_view text) {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  // Reads until the server closes, `enough` octets are there, or nothing came for the time.
  std::string read(size_t enough = SIZE_MAX, std::chrono::milliseconds patience = std::chrono::seconds(5)) {
    std::string text;
    char buffer[4096];
    while (text.size() < enough) {
      pollfd wait{fd_, POLLIN, 0};
      if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) break;
      const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
      if (n <= 0) {
        closed_ = true;
        break;
      }
      text.append(buffer, static_cast<size_t>(n));
    }
    return text;
  }
  bool closed_by_server() const { return closed_; }
  int fd() const { return fd_; }

 private:
  int fd_;
  bool connected_ = false;
  bool closed_ = false;
};

// One request on a connection of its own; the whole response.
inline std::string exchange(uint16_t port, std::string_view request_line, std::string_view fields = {}) {
  RawClient client(port);
  client.send(std::string(request_line) + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n" + std::string(fields) +
              "\r\n");
  return client.read();
}

// The value of a header field, empty where absent.
inline std::string field_of(std::string_view response, std::string_view name) {
  const std::string key = "\r\n" + std::string(name) + ": ";
  const size_t at = response.find(key);
  if (at == std::string_view::npos || at > response.find("\r\n\r\n")) return {};
  const size_t begin = at + key.size();
  return std::string(response.substr(begin, response.find("\r\n", begin) - begin));
}

inline std::string body_of(std::string_view response) {
  const size_t end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string() : std::string(response.substr(end + 4));
}

}  // namespace dnsd
