#include "dnsd/answer/message_writer.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "dnsd/answer/copy_octets.h"
#include "dnsd/snapshot/stored_record.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr size_t pointer_reach = 0x4000;  // a compression pointer has 14 bits
constexpr size_t shared_labels = 16;      // ends of more labels than this are seldom met again

}  // namespace

MessageWriter::MessageWriter(const Query& query, size_t limit, ResponseOpt& opt, MutableBytes out)
    : query_(query),
      opt_(opt),
      out_(out.data()),
      records_at_(std::max<size_t>(query.question_end, header_size)),
      size_(records_at_),
      limit_(limit - opt.reserved()),
      flags_(static_cast<uint16_t>(header_flag::QR |
                                   (query.flags & (header_flag::OPCODE | header_flag::RD)))) {
  copy_octets(out_ + header_size, query.packet.data() + header_size, records_at_ - header_size);
}

uint8_t* MessageWriter::claim(Section section, size_t octets, uint32_t count) {
  if (!reserve(octets)) return nullptr;
  size_ += octets;
  counts_[static_cast<size_t>(section)] = static_cast<uint16_t>(counts_[static_cast<size_t>(section)] + count);
  return out_ + size_ - octets;
}

bool MessageWriter::copy(Section section, Bytes records, uint32_t count) {
  uint8_t* at = claim(section, records.size(), count);
  if (at) copy_octets(at, records.data(), records.size());
  return at != nullptr;
}

bool MessageWriter::add_soa(const ReadySoa& soa, size_t apex_labels) {
  const uint8_t* at = claim(Section::authority, soa.size(), 1);
  if (!at) return false;
  soa.write(out_, size_ - soa.size(), header_size + query_.name.size() - query_.name.suffix(apex_labels).size());
  return true;
}

bool MessageWriter::add(Section section, NameView owner, uint16_t type, Bytes records, uint32_t count) {
  const size_t size_before = size_;
  const size_t known_before = known_count_;
  for (uint32_t i = 0; i < count; ++i) {
    const size_t record_size = stored_record::size(records.data());
    if (!write_record(owner, type, records.first(record_size))) {
      size_ = size_before;
      known_count_ = known_before;
      return false;
    }
    records = records.subspan(record_size);
  }
  counts_[static_cast<size_t>(section)] = static_cast<uint16_t>(counts_[static_cast<size_t>(section)] + count);
  return true;
}

bool MessageWriter::add(Section section, NameView owner, RRset rrset, bool with_signatures) {
  // Names that need no compression, at the name that was asked: one copy.
  if (is_question(owner) && !(rrset.flags() & (RRset::has_names | RRset::wants_addresses))) [[likely]] {
    return with_signatures
               ? copy(section, rrset.records_with_signatures(), uint32_t{rrset.count()} + rrset.signature_count())
               : copy(section, rrset.records(), rrset.count());
  }
  const size_t size_before = size_;
  const size_t known_before = known_count_;
  if (!add(section, owner, rrset.type(), rrset.records(), rrset.count())) return false;
  if (!with_signatures || add(section, owner, rr_type::RRSIG, rrset.signatures(), rrset.signature_count())) return true;
  size_ = size_before;
  known_count_ = known_before;
  uint16_t& counted = counts_[static_cast<size_t>(section)];
  counted = static_cast<uint16_t>(counted - rrset.count());
  return false;
}

bool MessageWriter::add_name_record(Section section, NameView owner, uint16_t type, uint32_t ttl, NameView target) {
  uint8_t record[stored_record::rdata_at + max_name_octets];
  const auto head = stored_record::head(type, ttl, target.size());
  std::memcpy(record, head.data(), head.size());
  std::memcpy(record + head.size(), target.data(), target.size());
  return add(section, owner, type, Bytes(record, head.size() + target.size()), 1);
}

bool MessageWriter::write_record(NameView owner, uint16_t type, Bytes record) {
  const Bytes head = record.first(stored_record::rdata_at).subspan(stored_record::owner_size);
  if (!write_name(owner, true) || !write_octets(head)) return false;
  const size_t rdata_at = size_;
  if (!write_rdata(type, record.subspan(stored_record::rdata_at))) return false;
  store16(out_ + rdata_at - 2, static_cast<uint16_t>(size_ - rdata_at));
  return true;
}

bool MessageWriter::write_rdata(uint16_t type, Bytes rdata) {
  size_t done = 0;
  bool fits = true;
  for_each_name(type, rdata, [&](size_t offset, size_t length, bool compress) {
    fits = fits && write_octets(rdata.subspan(done, offset - done)) &&
           write_name(NameView(rdata.subspan(offset, length)), compress);
    done = offset + length;
  });
  return fits && write_octets(rdata.subspan(done));
}

bool MessageWriter::write_octets(Bytes octets) {
  if (!reserve(octets.size())) return false;
  if (!octets.empty()) std::memcpy(out_ + size_, octets.data(), octets.size());
  size_ += octets.size();
  return true;
}

// Where the question's name ends in this one; 0 where it does not. Every suffix of it can be pointed at, and needs no
// place among the known: the one that can be the same has as many labels.
size_t MessageWriter::place_in_question(NameView name, size_t labels) const {
  if (labels > query_.name.labels()) return 0;
  const Bytes end = query_.name.suffix(labels);
  if (end.size() != name.size()) return 0;
  for (size_t i = 0; i < end.size(); ++i)
    if (end[i] != ascii_lower(name.data()[i])) return 0;
  return header_size + query_.name.size() - end.size();
}

// Follows the pointers that we wrote ourselves: they always lead backwards, to whole names.
bool MessageWriter::same_name_at(size_t position, NameView name) const {
  const uint8_t* want = name.data();
  for (;;) {
    const uint8_t length = out_[position];
    if ((length & 0xc0) == 0xc0) {
      position = load16(out_ + position) & 0x3fff;
      continue;
    }
    if (length != want[0]) return false;
    if (length == 0) return true;
    for (size_t i = 1; i <= length; ++i)
      if (ascii_lower(out_[position + i]) != ascii_lower(want[i])) return false;
    position += 1u + length;
    want += 1u + length;
  }
}

bool MessageWriter::write_pointer(size_t place) {
  uint8_t pointer[2];
  store16(pointer, static_cast<uint16_t>(0xc000 | place));
  return write_octets(pointer);
}

// Of a name with very many labels only the whole and its last ends are known afterwards, so that others find room.
bool MessageWriter::write_name(NameView name, bool compress) {
  const size_t whole = name.label_count();
  for (size_t labels = whole; labels > 0; --labels, name = name.parent()) {
    if (compress) {
      if (const size_t place = place_in_question(name, labels)) return write_pointer(place);
      for (size_t i = 0; i < known_count_; ++i) {
        if (known_[i].size != name.size() || !same_name_at(known_[i].position, name)) continue;
        return write_pointer(known_[i].position);
      }
    }
    if (known_count_ < known_.size() && size_ < pointer_reach && (labels <= shared_labels || labels == whole))
      known_[known_count_++] = {static_cast<uint16_t>(size_), static_cast<uint8_t>(name.size())};
    if (!write_octets(name.wire().first(1u + name.data()[0]))) return false;
  }
  return write_octets(name.wire());
}

size_t MessageWriter::finish() {
  if (query_.edns.present) {
    size_ += opt_.write(out_, size_, limit_ + opt_.reserved(), rcode_);
    ++counts_[static_cast<size_t>(Section::additional)];
  }
  write_header(out_, query_.id, flags_ | (static_cast<unsigned>(rcode_) & 15),
               query_.question_end > 0 ? 1 : 0, counts_[0], counts_[1], counts_[2]);
  return size_;
}

}  // namespace dnsd
