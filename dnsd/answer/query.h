// Octets -> a query that can be answered, or how to refuse it.
#pragma once

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

// The header of a response, with the number of records in each section.
inline void write_header(uint8_t* out, uint16_t id, unsigned flags, uint16_t questions, uint16_t answers,
                         uint16_t authorities, uint16_t additional) {
  store32(out, uint32_t{id} << 16 | flags);
  store32(out + 4, uint32_t{questions} << 16 | answers);
  store32(out + 8, uint32_t{authorities} << 16 | additional);
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
