// udpload: DNS queries over UDP, each answer checked, and how long it took.
//
// Closed loop: every socket keeps a window of queries under way, so that the server answers as fast as it can. Open loop
// (-r): queries have their times, one as far from the next as the other, and are sent at these times whatever became of
// those before. An answer's time then counts from when its query should have been sent: neither a slow server nor a slow
// generator makes it look better. One thread with sendmmsg and recvmmsg that never sleeps: it takes a core of its own.
//
// load_queries.h has the form of QUERYFILE. Prints one line of KEY=VALUE; exit code 1 where an answer was lost or wrong.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "load_figures.h"
#include "load_options.h"
#include "load_queries.h"

namespace dnsd::bench {

void fail(const std::string& message) {
  std::fprintf(stderr, "udpload: %s\n", message.c_str());
  std::exit(2);
}

namespace {

constexpr size_t slot_octets = 4096;  // of a message, sent or received
constexpr unsigned few_sockets = 16;  // that are all looked at in turn; of more, those that have something

class Batch {
 public:
  explicit Batch(unsigned size) : room_(size * slot_octets), parts_(size), messages_(size) {
    for (unsigned i = 0; i < size; ++i) {
      parts_[i] = {slot(i), slot_octets};
      messages_[i].msg_hdr.msg_iov = &parts_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  unsigned size() const { return static_cast<unsigned>(messages_.size()); }
  uint8_t* slot(unsigned i) { return &room_[i * slot_octets]; }
  size_t length(unsigned i) const { return messages_[i].msg_len; }
  void set_length(unsigned i, size_t octets) { parts_[i].iov_len = octets; }
  mmsghdr* messages() { return messages_.data(); }

 private:
  Octets room_;
  std::vector<iovec> parts_;
  std::vector<mmsghdr> messages_;
};

// When queries should be sent; of a closed loop: now.
class Schedule {
 public:
  Schedule(uint64_t start, unsigned rate) : start_(start), rate_(rate) {}
  bool is_open_loop() const { return rate_ > 0; }
  uint64_t time_of(uint64_t query) const { return start_ + query * second_ns / rate_; }
  // How many more are due.
  uint64_t due(uint64_t now, uint64_t sent) const {
    const uint64_t until_now = (now - start_) * rate_ / second_ns + 1;
    return until_now > sent ? until_now - sent : 0;
  }

 private:
  uint64_t start_;
  uint64_t rate_;
};

// One socket and its queries under way, known by their IDs.
class Asker {
 public:
  explicit Asker(const LoadOptions& options) : window_(options.window), under_way_(std::bit_ceil(options.window) * 2) {
    fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (fd_ < 0) fail("no more sockets");
    const int buffer = 4 << 20;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&options.to), sizeof options.to) != 0) fail("cannot connect");
  }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  ~Asker() { ::close(fd_); }

  int descriptor() const { return fd_; }
  unsigned open() const { return open_; }
  unsigned room() const { return window_ - open_; }

  void send(const QueryList& queries, size_t& next, unsigned most, const Schedule& schedule, Batch& batch,
            Totals& totals) {
    const unsigned count = prepare(queries, next, std::min({most, room(), batch.size()}), batch);
    if (count == 0) return;
    const uint64_t at = now_ns();
    const int sent = ::sendmmsg(fd_, batch.messages(), count, 0);
    for (int i = 0; i < sent; ++i) {
      const uint64_t planned = schedule.is_open_loop() ? schedule.time_of(totals.sent) : at;
      if (schedule.is_open_loop()) totals.behind.add(at > planned ? at - planned : 0);
      row(next_id_) = {planned, static_cast<uint32_t>(next), next_id_};
      ++next_id_;
      ++totals.sent;
      ++open_;
      next = (next + 1) % queries.size();
    }
  }

  void receive(const QueryList& queries, Batch& batch, Totals& totals) {
    for (unsigned i = 0; i < batch.size(); ++i) batch.set_length(i, slot_octets);
    const int count = ::recvmmsg(fd_, batch.messages(), batch.size(), MSG_DONTWAIT, nullptr);
    if (count <= 0) return;
    const uint64_t at = now_ns();
    for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
      const uint8_t* message = batch.slot(i);
      const size_t size = batch.length(i);
      UnderWay* asked = size >= header_octets ? &row(read16(message)) : nullptr;
      if (!asked || asked->at == 0 || asked->id != read16(message)) {
        ++totals.wrong;  // nobody asked
        continue;
      }
      totals.latency.add(at > asked->at ? at - asked->at : 0);
      if (!queries.is_right(asked->query, message, size)) ++totals.wrong;
      ++totals.answered;
      totals.octets += size;
      asked->at = 0;
      --open_;
    }
  }

  // What is under way for too long will not come.
  void give_up(Totals& totals) {
    const uint64_t now = now_ns();
    for (UnderWay& query : under_way_) {
      if (query.at == 0 || now < query.at + lost_after_ns) continue;
      query.at = 0;
      --open_;
      ++totals.lost;
    }
  }

 private:
  struct UnderWay {
    uint64_t at = 0;  // 0: none has this ID
    uint32_t query = 0;
    uint16_t id = 0;
  };
  UnderWay& row(uint16_t id) { return under_way_[id & (under_way_.size() - 1)]; }

  // Fewer where the place of an ID is still taken: by one that is late.
  unsigned prepare(const QueryList& queries, size_t next, unsigned most, Batch& batch) {
    for (unsigned i = 0; i < most; ++i) {
      const auto id = static_cast<uint16_t>(next_id_ + i);
      if (row(id).at != 0) return i;
      const size_t query = (next + i) % queries.size();
      std::memcpy(batch.slot(i), queries.message(query), queries.message_size(query));
      write16(batch.slot(i), id);
      batch.set_length(i, queries.message_size(query));
    }
    return most;
  }

  int fd_ = -1;
  uint16_t next_id_ = 0;
  unsigned open_ = 0;
  const unsigned window_;
  std::vector<UnderWay> under_way_;
};

class Load {
 public:
  Load(const LoadOptions& options, const QueryList& queries)
      : options_(options), queries_(queries), next_(options.first_query % queries.size()), out_(options.batch),
        in_(options.batch), start_(now_ns()), schedule_(start_, options.rate) {
    for (unsigned i = 0; i < options.sockets; ++i) askers_.push_back(std::make_unique<Asker>(options));
    if (askers_.size() > few_sockets) watch();
    start_ = now_ns();
    schedule_ = Schedule(start_, options.rate);
  }

  Totals run() {
    const uint64_t end = start_ + static_cast<uint64_t>(options_.seconds * static_cast<double>(second_ns));
    uint64_t next_look = start_ + second_ns / 4;
    if (!schedule_.is_open_loop())
      for (auto& asker : askers_) fill(*asker);
    for (bool busy = true; busy;) {
      const uint64_t now = now_ns();
      const bool goes_on = now < end;
      if (goes_on && schedule_.is_open_loop()) send_due(now);
      for (Asker* asker : with_something()) {
        asker->receive(queries_, in_, totals_);
        if (goes_on && !schedule_.is_open_loop()) fill(*asker);
      }
      if (now >= next_look) {
        for (auto& asker : askers_) asker->give_up(totals_);
        next_look = now + second_ns / 4;
      }
      busy = goes_on || totals_.answered + totals_.lost < totals_.sent;
    }
    return std::move(totals_);
  }

 private:
  void fill(Asker& asker) { asker.send(queries_, next_, asker.room(), schedule_, out_, totals_); }

  // One batch from one socket, the next from another.
  void send_due(uint64_t now) {
    const uint64_t due = schedule_.due(now, totals_.sent);
    if (due == 0) return;
    turn_ = (turn_ + 1) % askers_.size();
    askers_[turn_]->send(queries_, next_, static_cast<unsigned>(std::min<uint64_t>(due, options_.batch)), schedule_,
                         out_, totals_);
  }

  void watch() {
    epoll_ = ::epoll_create1(0);
    for (auto& asker : askers_) {
      epoll_event event{.events = EPOLLIN, .data = {.ptr = asker.get()}};
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, asker->descriptor(), &event) != 0) fail("cannot watch a socket");
    }
  }

  const std::vector<Asker*>& with_something() {
    if (epoll_ < 0 && ready_.empty())
      for (auto& asker : askers_) ready_.push_back(asker.get());
    if (epoll_ < 0) return ready_;
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
    ready_.clear();
    for (int i = 0; i < count; ++i) ready_.push_back(static_cast<Asker*>(events[static_cast<size_t>(i)].data.ptr));
    return ready_;
  }

  const LoadOptions& options_;
  const QueryList& queries_;
  size_t next_;
  size_t turn_ = 0;
  Batch out_, in_;
  Totals totals_;
  std::vector<std::unique_ptr<Asker>> askers_;
  std::vector<Asker*> ready_;
  int epoll_ = -1;
  uint64_t start_;
  Schedule schedule_;
};

constexpr const char* usage =
    "usage: udpload HOST PORT QUERYFILE SECONDS [-s SOCKETS] [-w WINDOW] [-b BATCH] [-e EDNS_SIZE] [-r RATE]\n"
    "               [-f FIRST_QUERY] [-x]\n"
    "  4 sockets with at most 32 queries under way each, 32 a system call, no EDNS; -x: any answer is right";

}  // namespace
}  // namespace dnsd::bench

int main(int argc, char** argv) {
  using namespace dnsd::bench;
  const std::optional<LoadOptions> options = parse_load_options(argc, argv);
  if (!options) fail(usage);
  raise_descriptors(options->sockets);
  const QueryList queries(options->query_file, options->edns_size, options->any_answer);
  const Totals totals = Load(*options, queries).run();
  totals.print(options->seconds);
  return totals.all_well() ? 0 : 1;
}
