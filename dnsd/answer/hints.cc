#include "dnsd/answer/hints.h"

#include <algorithm>
#include <cstring>

#include "dnsd/snapshot/stored_record.h"

namespace dnsd {
namespace {

// SvcPriority (2) | TargetName | { SvcParamKey (2) | length (2) | value }…      (RFC 9460 2.2)
constexpr size_t target_at = stored_record::rdata_at + 2;
constexpr uint16_t key_mandatory = 0, key_ipv4hint = 4, key_ipv6hint = 6;

size_t target_size(Bytes record) { return wire_name_length(record.subspan(target_at)); }

class RecordWriter {
 public:
  explicit RecordWriter(MutableBytes out) : out_(out) {}

  void add(Bytes octets) {
    if (uint8_t* at = claim(octets.size()); at && !octets.empty()) std::memcpy(at, octets.data(), octets.size());
  }
  void add_hint(uint16_t key, const ShapedAnswer& answer, size_t address_size) {
    uint8_t* at = claim(4 + answer.count() * address_size);
    if (!at) return;
    store16(at, key);
    store16(at + 2, static_cast<uint16_t>(answer.count() * address_size));
    for (uint32_t i = 0; i < answer.count(); ++i)
      std::memcpy(at + 4 + i * address_size, answer.record(i) + stored_record::rdata_at, address_size);
  }
  // 0 where something did not fit.
  size_t size() const { return fits_ ? size_ : 0; }

 private:
  uint8_t* claim(size_t octets) {
    fits_ = fits_ && octets <= out_.size() - size_;
    if (!fits_) return nullptr;
    size_ += octets;
    return &out_[size_ - octets];
  }

  MutableBytes out_;
  size_t size_ = 0;
  bool fits_ = true;
};

// A hint that must be there (RFC 9460 8) cannot go: better an old one than a record that clients must ignore.
bool is_mandatory(Bytes mandatory, uint16_t key) {
  for (size_t at = 0; at + 2 <= mandatory.size(); at += 2)
    if (load16(&mandatory[at]) == key) return true;
  return false;
}

}  // namespace

bool is_own_service(Bytes record, NameView owner) {
  if (load16(&record[stored_record::rdata_at]) == 0) return false;
  const NameView target(record.subspan(target_at, target_size(record)));
  return target.is_root() || target == owner;
}

size_t write_with_hints(Bytes record, const ShapedAnswer& v4, const ShapedAnswer& v6, MutableBytes out) {
  RecordWriter writer(out);
  const size_t params_at = target_at + target_size(record);
  writer.add(record.first(params_at));
  uint32_t ttl = load32(&record[stored_record::ttl_at]);
  Bytes mandatory;
  for (ByteReader in(record.subspan(params_at)); in.remaining() > 0;) {
    const size_t at = params_at + in.position();
    const uint16_t key = in.u16();
    const Bytes value = in.bytes(in.u16());
    if (key == key_mandatory) mandatory = value;
    const bool is_hint = key == key_ipv4hint || key == key_ipv6hint;
    const ShapedAnswer& answer = key == key_ipv4hint ? v4 : v6;
    if (!is_hint || (answer.count() == 0 && is_mandatory(mandatory, key))) {
      writer.add(record.subspan(at, 4 + value.size()));
    } else if (answer.count() > 0) {
      writer.add_hint(key, answer, key == key_ipv4hint ? 4 : 16);
      ttl = std::min(ttl, answer.ttl());
    }
  }
  const size_t size = writer.size();
  if (size == 0 || size > stored_record::rdata_at + UINT16_MAX) return 0;
  store32(&out[stored_record::ttl_at], ttl);
  store16(&out[stored_record::rdlength_at], static_cast<uint16_t>(size - stored_record::rdata_at));
  return size;
}

}  // namespace dnsd
