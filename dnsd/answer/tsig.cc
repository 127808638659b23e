#include "dnsd/answer/tsig.h"

#include "zones/name.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr uint16_t bad_key = 17;
constexpr size_t time_and_fudge = 8;

// The name at the start of `rdata`, uncompressed as 4.2 wants it; empty where there is none.
Bytes algorithm_name(Bytes rdata) {
  ByteReader in(rdata);
  for (;;) {
    const uint8_t length = in.u8();
    if (!in.ok() || length > max_label_octets || in.position() > max_name_octets) return {};
    if (length == 0) return rdata.first(in.position());
    in.skip(length);
  }
}

}  // namespace

bool is_tsig_rdata(Bytes rdata) {
  const Bytes algorithm = algorithm_name(rdata);
  if (algorithm.empty()) return false;
  ByteReader in(rdata.subspan(algorithm.size()));
  in.skip(time_and_fudge);
  in.skip(in.u16());
  in.skip(2 + 2);
  in.skip(in.u16());
  return in.ok() && in.remaining() == 0;
}

size_t write_bad_key(const Tsig& query, MutableBytes out) {
  const size_t algorithm = algorithm_name(query.rdata).size();
  ByteReader in(query.rdata.subspan(algorithm + time_and_fudge));
  in.skip(in.u16());
  const uint16_t original_id = in.u16();
  ByteWriter record(out);
  record.bytes(query.key_name);
  record.u16(rr_type::TSIG);
  record.u16(rr_class::ANY);
  record.u32(0);
  record.u16(static_cast<uint16_t>(algorithm + time_and_fudge + 2 + 2 + 2 + 2));
  record.bytes(query.rdata.first(algorithm + time_and_fudge));
  record.u16(0);
  record.u16(original_id);
  record.u16(bad_key);
  record.u16(0);
  return record.ok() ? record.size() : 0;
}

}  // namespace dnsd
