// The query file of udpload and tcpload, and whether an answer is right.
//
// A query a line:   NAME TYPE [ecs=PREFIX] [rcode=N] [COUNT [RDATA,RDATA…]]      or      hex=OCTETS
//   ecs:    the client's subnet (RFC 7871), IPv4 or IPv6; needs EDNS
//   rcode:  what the answer must have; 0 where COUNT is given
//   COUNT:  how many answer records must come; RDATA (hexadecimal): what each of them may be, none of them twice
//   hex:    a message as it is, but for its ID; any response is right
#pragma once

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dnsd::bench {

using Octets = std::vector<uint8_t>;

constexpr size_t header_octets = 12;

[[noreturn]] void fail(const std::string& message);  // and the program's name before it

inline uint16_t read16(const uint8_t* at) { return static_cast<uint16_t>(at[0] << 8 | at[1]); }
inline void write16(uint8_t* at, size_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}

// What an answer must be.
struct Check {
  int rcode = -1;  // any, below 0
  int count = -1;  // the same
  std::set<std::string, std::less<>> allowed;  // RDATA, as octets; any, where empty
};

// Small, and all messages in one piece: a million of them are read in a row.
class QueryList {
 public:
  // `edns_size` 0: without EDNS. `any_answer`: nothing is checked, which suits an echo.
  QueryList(const std::string& path, unsigned edns_size, bool any_answer);

  size_t size() const { return rows_.size(); }
  size_t message_size(size_t i) const { return rows_[i].size; }
  const uint8_t* message(size_t i) const { return octets_.data() + rows_[i].at; }  // with ID 0

  // A response to that query, not truncated, its question the one that was asked, and what the file demands.
  bool is_right(size_t i, const uint8_t* message, size_t size) const;

 private:
  struct Row {
    uint32_t at;
    uint16_t size;
    uint16_t question_end;  // of a message as it is: 0
    uint32_t check;
  };

  void add_line(const std::string& line, unsigned edns_size);

  Octets octets_;
  std::vector<Row> rows_;
  std::vector<Check> checks_;
  bool any_answer_;
};

}  // namespace dnsd::bench
