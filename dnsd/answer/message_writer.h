// Writes a response: header, question, records section by section, OPT record. RRsets are written whole or not at all.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "dnsd/answer/query.h"
#include "dnsd/snapshot/compiled_zone.h"

namespace dnsd {

enum class Section : uint8_t { answer, authority, additional };

class MessageWriter {
 public:
  // Writes the question, where the query has one. `limit` is the most octets the client takes; what `opt` reserves of
  // them is kept free. The references must outlive the writer. Preconditions: `out` has at least `limit` octets, `limit`
  // is at least 512 and has room for question and OPT.
  MessageWriter(const Query& query, size_t limit, ResponseOpt& opt, MutableBytes out);

  ResponseOpt& opt() { return opt_; }

  size_t room() const { return limit_ - size_; }
  unsigned count(Section section) const { return counts_[static_cast<size_t>(section)]; }
  // Whether there is no record yet.
  bool is_empty() const { return size_ == records_at_; }
  // Whether `owner` is the name in the question, and not one that is equal to it.
  bool is_question(NameView owner) const { return owner.data() == query_.packet.data() + header_size; }

  // Records whose owner is the name in the question and that hold no name to compress: one copy. False where
  // they do not fit: nothing was written.
  bool copy(Section section, Bytes records, uint32_t count);
  // Room for records that the caller writes: the owner is the name in the question, nothing in them to compress.
  // Null where they do not fit.
  uint8_t* claim(Section section, size_t octets, uint32_t count);
  // The SOA record of a negative answer. `apex_labels` are those of the zone, whose name the one in the question ends in.
  // False where it does not fit: nothing was written.
  bool add_soa(const ReadySoa& soa, size_t apex_labels);
  // Records stored as in CompiledZone, given this owner, with their names compressed (RFC 1035 4.1.4).
  bool add(Section section, NameView owner, uint16_t type, Bytes records, uint32_t count);
  // An RRset of the zone, behind it its signatures if wanted. False where they do not all fit: nothing was written.
  bool add(Section section, NameView owner, RRset rrset, bool with_signatures);
  // One record whose RDATA is a name: CNAME made of a DNAME.
  bool add_name_record(Section section, NameView owner, uint16_t type, uint32_t ttl, NameView target);

  void set_authoritative() { flags_ |= header_flag::AA; }
  void clear_authoritative() { flags_ = static_cast<uint16_t>(flags_ & ~header_flag::AA); }
  void set_truncated() { flags_ |= header_flag::TC; }
  void set_rcode(Rcode rcode) { rcode_ = rcode; }

  // Completes header and OPT record; the octets of the message.
  size_t finish();

 private:
  struct Known {
    uint16_t position;  // of a name, or of what is left of one after some labels, in the message
    uint8_t size;       // of it, uncompressed
  };

  bool reserve(size_t octets) const { return octets <= limit_ - size_; }
  size_t place_in_question(NameView name, size_t labels) const;
  bool same_name_at(size_t position, NameView name) const;
  bool write_pointer(size_t place);
  bool write_name(NameView name, bool compress);
  bool write_record(NameView owner, uint16_t type, Bytes record);
  bool write_rdata(uint16_t type, Bytes rdata);
  bool write_octets(Bytes octets);

  const Query& query_;
  ResponseOpt& opt_;
  uint8_t* out_;
  size_t records_at_;
  size_t size_;
  size_t limit_;
  uint16_t flags_;
  Rcode rcode_ = Rcode::NOERROR;
  std::array<uint16_t, 3> counts_{};
  size_t known_count_ = 0;
  std::array<Known, 64> known_;  // those written; names beyond that are written in full: correct, only longer
};

}  // namespace dnsd
