// udpload: DNS queries over UDP as fast as the server answers, each answer checked.
//
// Closed loop: every socket keeps a window of queries under way. One thread with sendmmsg and recvmmsg, so that one
// core asks more than one worker can answer.
//
// QUERYFILE, a query a line:   NAME TYPE [COUNT RDATA,RDATA…]
//   COUNT is how many answer records must come, RDATA (hexadecimal) what each of them may be, none of them twice.
// Prints one line of KEY=VALUE: answers a second, what was lost or wrong, and how long answers took.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Octets = std::vector<uint8_t>;

constexpr size_t header_octets = 12;
constexpr size_t slot_octets = 4096;  // of a message, sent or received
constexpr uint64_t second_ns = 1'000'000'000;
constexpr uint64_t lost_after_ns = 5 * second_ns;  // a busy machine may stop a process for a second

uint64_t now_ns() {
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
}

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "udpload: %s\n", message.c_str());
  std::exit(2);
}

uint16_t read16(const uint8_t* at) { return static_cast<uint16_t>(at[0] << 8 | at[1]); }

void append16(Octets& to, unsigned value) {
  to.push_back(static_cast<uint8_t>(value >> 8));
  to.push_back(static_cast<uint8_t>(value));
}

// ---- queries, and what may answer them ----------------------------------------------------------------------------

struct Query {
  Octets message;         // with ID 0
  size_t question_end{};  // the question is message[header_octets, question_end)
  bool checked = false;
  unsigned count = 0;
  std::set<std::string, std::less<>> allowed;  // RDATA, as octets
};

uint16_t type_number(const std::string& name) {
  static const std::map<std::string, uint16_t> numbers = {{"A", 1},     {"NS", 2},   {"CNAME", 5},
                                                          {"SOA", 6},   {"MX", 15},  {"TXT", 16},
                                                          {"AAAA", 28}, {"SRV", 33}, {"ANY", 255}};
  const auto found = numbers.find(name);
  if (found == numbers.end()) fail("unknown type " + name);
  return found->second;
}

Octets query_message(const std::string& name, uint16_t type, unsigned edns_size, size_t& question_end) {
  Octets message(header_octets, 0);
  message[5] = 1;
  std::istringstream labels(name);
  for (std::string label; std::getline(labels, label, '.');) {
    if (label.empty()) continue;
    message.push_back(static_cast<uint8_t>(label.size()));
    message.insert(message.end(), label.begin(), label.end());
  }
  message.push_back(0);
  append16(message, type);
  append16(message, 1);
  question_end = message.size();
  if (edns_size == 0) return message;
  message[11] = 1;
  message.push_back(0);
  append16(message, 41);
  append16(message, edns_size);
  message.insert(message.end(), 6, 0);
  return message;
}

std::string from_hex(std::string_view hex) {
  std::string octets;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    octets.push_back(static_cast<char>(value));
  }
  return octets;
}

std::vector<Query> read_queries(const char* path, unsigned edns_size) {
  std::ifstream file(path);
  if (!file) fail(std::string("cannot open ") + path);
  std::vector<Query> queries;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name, type, rdata;
    Query query;
    if (!(words >> name >> type)) continue;
    query.message = query_message(name, type_number(type), edns_size, query.question_end);
    if (words >> query.count >> rdata) {
      query.checked = true;
      std::istringstream values(rdata);
      for (std::string value; std::getline(values, value, ',');) query.allowed.insert(from_hex(value));
    }
    queries.push_back(std::move(query));
  }
  if (queries.empty()) fail(std::string("no queries in ") + path);
  return queries;
}

// Where the name at `at` ends, or `end` where it does not.
size_t after_name(const uint8_t* message, size_t at, size_t end) {
  while (at < end && message[at] != 0) {
    if (message[at] >= 0xc0) return std::min(at + 2, end);
    at += 1u + message[at];
  }
  return std::min(at + 1, end);
}

// Whether the answer section holds as many records as it must, each allowed and no two alike.
bool records_are_right(const Query& query, const uint8_t* message, size_t size) {
  if (read16(message + 6) != query.count) return false;
  std::array<std::string_view, 64> seen;
  size_t at = query.question_end;
  for (unsigned i = 0; i < query.count; ++i) {
    at = after_name(message, at, size);
    if (at + 10 > size || i == seen.size()) return false;
    const size_t length = read16(message + at + 8);
    at += 10;
    if (at + length > size) return false;
    const std::string_view rdata(reinterpret_cast<const char*>(message + at), length);
    if (!query.allowed.contains(rdata) || std::find(seen.begin(), seen.begin() + i, rdata) != seen.begin() + i)
      return false;
    seen[i] = rdata;
    at += length;
  }
  return true;
}

// A response, its question the one that was asked, not truncated, and what the query file demands.
bool is_right(const Query& query, const uint8_t* message, size_t size) {
  const size_t question = query.question_end - header_octets;
  if (size < query.question_end || (message[2] & 0x82) != 0x80) return false;
  if (std::memcmp(message + header_octets, query.message.data() + header_octets, question) != 0) return false;
  return !query.checked || ((message[3] & 15) == 0 && records_are_right(query, message, size));
}

// ---- how long it took ---------------------------------------------------------------------------------------------

// Counts by logarithm, 64 steps to each doubling: a quantile is right within 1.6 %.
class Histogram {
 public:
  void add(uint64_t ns) {
    ++counts_[std::min(index_of(ns), counts_.size() - 1)];
    ++total_;
    longest_ = std::max(longest_, ns);
  }
  double quantile_us(double q) const {
    const auto rank = static_cast<uint64_t>(q * static_cast<double>(total_));
    uint64_t passed = 0;
    for (size_t i = 0; i < counts_.size(); ++i)
      if ((passed += counts_[i]) > rank) return static_cast<double>(value_of(i)) / 1000.0;
    return longest_us();
  }
  double longest_us() const { return static_cast<double>(longest_) / 1000.0; }

 private:
  static size_t index_of(uint64_t v) {
    if (v < 64) return v;
    const int exponent = 63 - __builtin_clzll(v);
    return static_cast<size_t>(exponent - 5) * 64 + ((v >> (exponent - 6)) & 63);
  }
  static uint64_t value_of(size_t i) {
    if (i < 64) return i;
    const size_t exponent = i / 64 + 5;
    return (uint64_t{1} << exponent) | (uint64_t{i & 63} << (exponent - 6));
  }
  std::vector<uint64_t> counts_ = std::vector<uint64_t>(64 * 64);
  uint64_t total_ = 0;
  uint64_t longest_ = 0;
};

// ---- sockets ------------------------------------------------------------------------------------------------------

struct Options {
  std::string host;
  uint16_t port = 0;
  std::string query_file;
  double seconds = 0;
  unsigned sockets = 4, window = 32, batch = 32, edns_size = 0;
};

struct Totals {
  uint64_t sent = 0, answered = 0, lost = 0, wrong = 0, octets = 0;
  Histogram latency;
};

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

// One socket and its queries under way, known by their IDs.
class Asker {
 public:
  explicit Asker(const Options& options) : under_way_(65536) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(options.port);
    if (inet_pton(AF_INET, options.host.c_str(), &to.sin_addr) != 1) fail("no IPv4 address: " + options.host);
    fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    const int buffer = 4 << 20;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) fail("cannot connect to " + options.host);
  }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  ~Asker() { ::close(fd_); }

  void send(const std::vector<Query>& queries, size_t& next, unsigned window, Batch& batch, Totals& totals) {
    const unsigned count = std::min(window - std::min(window, open_), batch.size());
    if (count == 0) return;
    for (unsigned i = 0; i < count; ++i) {
      const Octets& message = queries[(next + i) % queries.size()].message;
      std::memcpy(batch.slot(i), message.data(), message.size());
      const auto id = static_cast<uint16_t>(next_id_ + i);
      batch.slot(i)[0] = static_cast<uint8_t>(id >> 8);
      batch.slot(i)[1] = static_cast<uint8_t>(id);
      batch.set_length(i, message.size());
    }
    const uint64_t at = now_ns();
    const int sent = ::sendmmsg(fd_, batch.messages(), count, 0);
    for (int i = 0; i < sent; ++i) {
      under_way_[next_id_++] = {at, static_cast<uint32_t>(next)};
      next = (next + 1) % queries.size();
    }
    if (sent <= 0) return;
    open_ += static_cast<unsigned>(sent);
    totals.sent += static_cast<uint64_t>(sent);
  }

  void receive(const std::vector<Query>& queries, Batch& batch, Totals& totals) {
    const int count = ::recvmmsg(fd_, batch.messages(), batch.size(), MSG_DONTWAIT, nullptr);
    if (count <= 0) return;
    const uint64_t at = now_ns();
    for (unsigned i = 0; i < static_cast<unsigned>(count); ++i) {
      const uint8_t* message = batch.slot(i);
      const size_t size = batch.length(i);
      UnderWay* asked = size >= header_octets ? &under_way_[read16(message)] : nullptr;
      if (!asked || asked->at == 0) {
        ++totals.wrong;  // nobody asked
        continue;
      }
      totals.latency.add(at - asked->at);
      if (!is_right(queries[asked->query], message, size)) ++totals.wrong;
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
      if (query.at == 0 || now - query.at < lost_after_ns) continue;
      query.at = 0;
      --open_;
      ++totals.lost;
    }
  }
  unsigned open() const { return open_; }

 private:
  struct UnderWay {
    uint64_t at = 0;  // 0: none has this ID
    uint32_t query = 0;
  };
  int fd_ = -1;
  uint16_t next_id_ = 0;
  unsigned open_ = 0;
  std::vector<UnderWay> under_way_;
};

Totals load(const Options& options, const std::vector<Query>& queries) {
  std::vector<std::unique_ptr<Asker>> askers;
  for (unsigned i = 0; i < options.sockets; ++i) askers.push_back(std::make_unique<Asker>(options));
  Batch out(options.batch), in(options.batch);
  Totals totals;
  size_t next = 0;
  const uint64_t end = now_ns() + static_cast<uint64_t>(options.seconds * static_cast<double>(second_ns));
  uint64_t next_look = now_ns() + second_ns / 4;
  for (bool busy = true; busy;) {
    const uint64_t now = now_ns();
    busy = now < end;
    for (auto& asker : askers) {
      if (now < end) asker->send(queries, next, options.window, out, totals);
      asker->receive(queries, in, totals);
      if (now >= next_look) asker->give_up(totals);
      busy |= asker->open() > 0;
    }
    if (now >= next_look) next_look = now + second_ns / 4;
  }
  return totals;
}

// ---- command line -------------------------------------------------------------------------------------------------

constexpr const char* usage =
    "usage: udpload HOST PORT QUERYFILE SECONDS [-s SOCKETS] [-w WINDOW] [-b BATCH] [-e EDNS_SIZE]\n"
    "  4 sockets with 32 queries under way each, 32 a system call, no EDNS";

template <typename Number>
Number number(const char* text) {
  Number value{};
  const auto [rest, error] = std::from_chars(text, text + std::strlen(text), value);
  if (error != std::errc() || *rest != 0) fail(std::string("no number: ") + text);
  return value;
}

std::optional<Options> parse(int argc, char** argv) {
  if (argc < 5 || argc % 2 == 0) return std::nullopt;
  Options options{argv[1], number<uint16_t>(argv[2]), argv[3], number<double>(argv[4])};
  const std::map<std::string, unsigned*> table = {
      {"-s", &options.sockets}, {"-w", &options.window}, {"-b", &options.batch}, {"-e", &options.edns_size}};
  for (int i = 5; i < argc; i += 2) {
    const auto option = table.find(argv[i]);
    if (option == table.end()) return std::nullopt;
    *option->second = number<unsigned>(argv[i + 1]);
  }
  if (options.sockets == 0 || options.window == 0 || options.window > 16384 || options.batch == 0)
    return std::nullopt;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = parse(argc, argv);
  if (!options) fail(usage);
  const std::vector<Query> queries = read_queries(options->query_file.c_str(), options->edns_size);
  const Totals totals = load(*options, queries);
  const auto per_second = static_cast<double>(totals.answered) / options->seconds;
  std::printf("qps=%.0f sent=%lu answered=%lu lost=%lu wrong=%lu p50_us=%.1f p99_us=%.1f p999_us=%.1f max_us=%.1f\n",
              per_second, totals.sent, totals.answered, totals.lost, totals.wrong, totals.latency.quantile_us(.5),
              totals.latency.quantile_us(.99), totals.latency.quantile_us(.999), totals.latency.longest_us());
  return totals.lost + totals.wrong == 0 ? 0 : 1;
}
