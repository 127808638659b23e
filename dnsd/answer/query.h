// Octets -> a query that can be answered, or how to refuse it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "dnsd/answer/edns.h"
#include "dnsd/answer/name_key.h"
#include "dnsd/answer/tsig.h"

namespace dnsd {

//                                  1  1  1  1  1  1
//    0  1  2  3  4  5  6  7  8  9  0  1  2  3  4  5
//  |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |      RFC 1035 4.1.1, RFC 4035 3
namespace header_flag {
inline constexpr uint16_t QR = 0x8000, OPCODE = 0x7800, AA = 0x0400, TC = 0x0200, RD = 0x0100;
}
constexpr size_t header_size = 12;

struct Query {
  Bytes packet;
  NameKey name;
  uint16_t id;
  uint16_t flags;
  uint16_t type;
  uint16_t klass;
  uint16_t question_end = 0;  // 0: no question that could be repeated
  Edns edns;
  Tsig tsig;
  std::string_view defect;  // what is wrong with its form
};

// The header of a response. `counts` are those of the four sections.
inline void write_header(uint8_t* out, uint16_t id, unsigned flags, const std::array<uint16_t, 4>& counts) {
  store16(out, id);
  store16(out + 2, static_cast<uint16_t>(flags));
  for (size_t i = 0; i < counts.size(); ++i) store16(out + 4 + 2 * i, counts[i]);
}

enum class Verdict : uint8_t {
  answer,
  cookie_only,  // no question, but a cookie: the client wants to learn ours (RFC 7873 5.4)
  drop,
  form_error,
  not_implemented,
  bad_version,
};

// On Verdict::answer everything in `query` is set; otherwise id and flags (but for drop), and question_end and edns as
// far as the reading came. `packet` must outlive `query`.
Verdict read_query(Bytes packet, Query& query);

}  // namespace dnsd
