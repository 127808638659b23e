// Octets -> a query that can be answered, or how to refuse it.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "dnsd/answer/name_key.h"

namespace dnsd {

//                                  1  1  1  1  1  1
//    0  1  2  3  4  5  6  7  8  9  0  1  2  3  4  5
//  |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |      RFC 1035 4.1.1, RFC 4035 3
namespace header_flag {
inline constexpr uint16_t QR = 0x8000, OPCODE = 0x7800, AA = 0x0400, TC = 0x0200, RD = 0x0100, CD = 0x0010;
}
constexpr size_t header_size = 12;

enum class Rcode : uint8_t {
  NOERROR = 0, FORMERR = 1, SERVFAIL = 2, NXDOMAIN = 3, NOTIMP = 4, REFUSED = 5, YXDOMAIN = 6,
  BADVERS = 16,  // needs EDNS: the upper bits travel in the OPT record (RFC 6891 6.1.3)
};

struct Edns {
  bool present = false;
  bool dnssec_ok = false;
  uint8_t version = 0;
  uint16_t payload = 0;  // what the client can take over UDP
};

struct Query {
  Bytes packet;
  NameKey name;
  uint16_t id;
  uint16_t flags;
  uint16_t type;
  uint16_t klass;
  uint16_t question_end = 0;  // 0: no question that could be repeated
  Edns edns;
};

enum class Verdict : uint8_t { answer, drop, form_error, not_implemented, bad_version };

// On Verdict::answer everything in `query` is set; otherwise id and flags (but for drop), and question_end and edns as
// far as the reading came. `packet` must outlive `query`.
Verdict read_query(Bytes packet, Query& query);

}  // namespace dnsd
