#include "dnsd/transport/cut_answer.h"

#include <cstring>

namespace dnsd {
namespace {

constexpr size_t header_octets = 12;
constexpr uint16_t type_opt = 41;

void skip_name(ByteReader& reader) {
  for (uint8_t length; (length = reader.u8()) != 0 && reader.ok();) {
    if (length >= 0xc0) return reader.skip(1);  // a pointer ends a name
    reader.skip(length);
  }
}

}  // namespace

size_t cut_answer(MutableBytes answer) {
  ByteReader reader(answer);
  reader.skip(4);
  const uint16_t questions = reader.u16();
  const unsigned records = unsigned{reader.u16()} + reader.u16() + reader.u16();
  if (questions == 1) {
    skip_name(reader);
    reader.skip(4);
  }
  size_t end = reader.position();
  size_t opt_begin = 0, opt_end = 0;
  for (unsigned i = 0; i < records && reader.ok(); ++i) {
    const size_t begin = reader.position();
    skip_name(reader);
    const uint16_t type = reader.u16();
    reader.skip(6);  // class and TTL
    reader.skip(reader.u16());
    if (type == type_opt) {
      opt_begin = begin;
      opt_end = reader.position();
    }
  }
  if (!reader.ok() || questions > 1 || end < header_octets) return 0;
  std::memmove(&answer[end], answer.data() + opt_begin, opt_end - opt_begin);
  end += opt_end - opt_begin;
  answer[2] |= 2;  // TC
  store16(&answer[6], 0);
  store16(&answer[8], 0);
  store16(&answer[10], opt_end > 0 ? 1 : 0);
  return end;
}

}  // namespace dnsd
