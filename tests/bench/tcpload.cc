// tcpload: DNS queries over TCP connections that stay open, several under way on each (RFC 7766 6.2.1), answers checked.
//
// Closed loop: every connection keeps a window of queries under way. One thread that never sleeps. load_queries.h has the
// form of QUERYFILE. Prints one line of KEY=VALUE; exit code 1 where an answer was lost or wrong or a connection ended.
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>

#include "load_figures.h"
#include "load_options.h"
#include "load_queries.h"

namespace dnsd::bench {

void fail(const std::string& message) {
  std::fprintf(stderr, "tcpload: %s\n", message.c_str());
  std::exit(2);
}

namespace {

constexpr size_t longest_message = 65535;

// Queries have their number under way as ID: as many as the window is wide, in any order.
class Connection {
 public:
  explicit Connection(const LoadOptions& options) : under_way_(options.window), in_(4 * longest_message) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<const sockaddr*>(&options.to), sizeof options.to) != 0)
      fail("cannot connect");
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(fd_); }

  int descriptor() const { return fd_; }
  bool has_ended() const { return ended_; }

  // All that the window has room for, in one write.
  void send(const QueryList& queries, size_t& next, Totals& totals) {
    const uint64_t at = now_ns();
    for (size_t id = 0; id < under_way_.size(); ++id) {
      if (under_way_[id].at != 0) continue;
      under_way_[id] = {at, next};
      const size_t size = queries.message_size(next), begin = out_.size();
      out_.resize(begin + 2 + size);
      write16(&out_[begin], size);
      std::memcpy(&out_[begin + 2], queries.message(next), size);
      write16(&out_[begin + 2], id);
      next = (next + 1) % queries.size();
      ++totals.sent;
    }
    flush();
  }

  void receive(const QueryList& queries, Totals& totals) {
    flush();
    const ssize_t got = ::recv(fd_, &in_[filled_], in_.size() - filled_, 0);
    if (got == 0) ended_ = true;
    if (got <= 0) return;
    filled_ += static_cast<size_t>(got);
    const uint64_t at = now_ns();
    size_t begin = 0;
    while (filled_ - begin >= 2 && filled_ - begin >= 2u + read16(&in_[begin])) {
      const size_t size = read16(&in_[begin]);
      take(queries, &in_[begin + 2], size, at, totals);
      begin += 2 + size;
    }
    filled_ -= begin;
    std::memmove(in_.data(), &in_[begin], filled_);
  }

 private:
  struct UnderWay {
    uint64_t at = 0;  // 0: none
    size_t query = 0;
  };

  void flush() {
    const ssize_t sent = out_.empty() ? 0 : ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent > 0) out_.erase(out_.begin(), out_.begin() + sent);
  }

  void take(const QueryList& queries, const uint8_t* message, size_t size, uint64_t at, Totals& totals) {
    const size_t id = size >= header_octets ? read16(message) : under_way_.size();
    if (id >= under_way_.size() || under_way_[id].at == 0) {
      ++totals.wrong;  // nobody asked
      return;
    }
    if (!queries.is_right(under_way_[id].query, message, size)) ++totals.wrong;
    totals.latency.add(at - under_way_[id].at);
    totals.octets += size;
    ++totals.answered;
    under_way_[id].at = 0;
  }

  int fd_ = -1;
  bool ended_ = false;
  std::vector<UnderWay> under_way_;
  Octets out_, in_;
  size_t filled_ = 0;
};

Totals load(const LoadOptions& options, const QueryList& queries) {
  std::vector<std::unique_ptr<Connection>> connections;
  const int epoll = ::epoll_create1(0);
  Totals totals;
  size_t next = options.first_query % queries.size();
  for (unsigned i = 0; i < options.sockets; ++i) {
    connections.push_back(std::make_unique<Connection>(options));
    epoll_event event{.events = EPOLLIN, .data = {.ptr = connections.back().get()}};
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, connections.back()->descriptor(), &event);
  }
  const uint64_t end = now_ns() + static_cast<uint64_t>(options.seconds * static_cast<double>(second_ns));
  for (auto& connection : connections) connection->send(queries, next, totals);
  std::array<epoll_event, 256> events;
  uint64_t now = now_ns();
  for (; now < end || (totals.answered < totals.sent && now < end + lost_after_ns); now = now_ns()) {
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
      auto* connection = static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
      connection->receive(queries, totals);
      if (connection->has_ended()) fail("the server closed a connection");
      if (now < end) connection->send(queries, next, totals);
    }
  }
  totals.lost = totals.sent - totals.answered;
  return totals;
}

constexpr const char* usage =
    "usage: tcpload HOST PORT QUERYFILE SECONDS [-s CONNECTIONS] [-w WINDOW] [-e EDNS_SIZE] [-f FIRST_QUERY] [-x]\n"
    "  4 connections with 32 queries under way each, no EDNS; -x: any answer is right";

}  // namespace
}  // namespace dnsd::bench

int main(int argc, char** argv) {
  using namespace dnsd::bench;
  const std::optional<LoadOptions> options = parse_load_options(argc, argv);
  if (!options || options->rate > 0) fail(usage);
  raise_descriptors(options->sockets);
  const QueryList queries(options->query_file, options->edns_size, options->any_answer);
  const Totals totals = load(*options, queries);
  totals.print(options->seconds);
  return totals.all_well() ? 0 : 1;
}
