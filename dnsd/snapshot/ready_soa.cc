#include "dnsd/snapshot/ready_soa.h"

#include "dnsd/snapshot/stored_record.h"
#include "zones/name.h"

namespace dnsd {
namespace {

// Compresses MNAME and RNAME as far as what stands before them in any message allows.
class SoaWriter {
 public:
  SoaWriter(ReadySoa& out, NameView origin) : out_(out), origin_(origin) {}

  void add(Bytes octets) { out_.octets.insert(out_.octets.end(), octets.begin(), octets.end()); }

  void add_pointer(size_t to, bool into_record) {
    const auto at = static_cast<uint16_t>(out_.octets.size());
    out_.pointers[out_.pointer_count++] = {at, static_cast<uint16_t>(to), into_record};
    add(std::array<uint8_t, 2>{});
  }

  // Labels, up to the first end of the name that the message has already.
  void add_name(NameView name) {
    const size_t start = out_.octets.size();
    const NameView whole = name;
    while (!name.is_root() && !point_to_end(name)) {
      add(name.wire().first(1u + name.data()[0]));
      name = name.parent();
    }
    if (name.is_root()) add(name.wire());
    written_ = whole;
    written_at_ = start;
    written_labels_ = whole.size() - name.size();
  }

 private:
  bool point_to_end(NameView name) {
    if (origin_.is_at_or_below(name)) {
      add_pointer(origin_.size() - name.size(), false);
      return true;
    }
    const size_t offset = written_.size() - name.size();
    if (!written_.is_at_or_below(name) || offset >= written_labels_) return false;
    add_pointer(written_at_ + offset, true);
    return true;
  }

  ReadySoa& out_;
  NameView origin_;
  NameView written_;           // the name before this one
  size_t written_at_ = 0;      // of its octets
  size_t written_labels_ = 0;  // octets of it that are labels, not a pointer
};

}  // namespace

ReadySoa make_ready_soa(Bytes soa, NameView origin) {
  ReadySoa ready;
  SoaWriter writer(ready, origin);
  const Bytes rdata = soa.subspan(stored_record::rdata_at);
  const NameView mname(rdata.first(wire_name_length(rdata)));
  const Bytes behind = rdata.subspan(mname.size());
  const NameView rname(behind.first(wire_name_length(behind)));
  writer.add_pointer(0, false);
  writer.add(soa.first(stored_record::rdata_at).subspan(stored_record::owner_size));
  writer.add_name(mname);
  writer.add_name(rname);
  writer.add(behind.subspan(rname.size()));
  store16(&ready.octets[stored_record::rdlength_at], static_cast<uint16_t>(ready.size() - stored_record::rdata_at));
  return ready;
}

}  // namespace dnsd
