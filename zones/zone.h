// The content of one zone as plain data: records in canonical order of their owners, each with its place in the file.
//
// A ZoneBuilder takes records in any order; build() sorts and yields an immutable Zone. Owners, each behind an octet that
// says its length, and RDATA live in one arena; a record costs 24 octets beside its RDATA, and consecutive records of one
// owner share the name.
// Thread safety: a Zone may be read by any number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/diagnostic.h"
#include "base/huge_pages.h"
#include "zones/name.h"

namespace dnsd {

// Where a record begins: an index into Zone::files(), line and column from 1.
struct RecordPlace {
  uint16_t file = 0;
  uint16_t column = 0;
  uint32_t line = 0;
};

// A record as it stands in a Zone; valid as long as the Zone.
struct RecordView {
  NameView owner;
  uint16_t type;
  uint32_t ttl;
  Bytes rdata;  // wire form, names in it uncompressed, case as written
  RecordPlace place;
};

class Zone {
 public:
  NameView origin() const { return origin_; }
  size_t size() const { return records_.size(); }
  // Sorted by canonical owner, then type, then in the order they were added. All of class IN.
  RecordView operator[](size_t index) const {
    const Record& r = records_[index];
    return {owner_of(r), r.type, r.ttl, {arena_.data() + r.rdata, r.rdata_size}, {r.file, r.column, r.line}};
  }
  uint16_t type(size_t index) const { return records_[index].type; }
  NameView owner(size_t index) const { return owner_of(records_[index]); }
  // The files it was read from, the master file first, then those it includes.
  const std::vector<std::string>& files() const { return files_; }
  Place place(RecordPlace place) const { return {files_[place.file], place.line, place.column}; }
  // Indices [first, last) of the records with this owner.
  std::pair<size_t, size_t> owner_range(NameView owner) const;
  // Whether its SOA has a signature (RFC 4035 2): then all of it should.
  bool is_signed() const;

 private:
  friend class ZoneBuilder;
  struct Record {
    uint32_t owner;  // arena offsets, this one behind the octet with its length
    uint32_t rdata;
    uint32_t ttl;
    uint32_t line;
    uint16_t type;
    uint16_t rdata_size;
    uint16_t file;
    uint16_t column;
  };

  NameView owner_of(const Record& record) const { return name_at(record.owner); }
  NameView name_at(uint32_t offset) const {
    return NameView(Bytes(arena_.data() + offset, arena_[offset - 1]));
  }
  bool is_before(const Record& a, const Record& b) const;

  Name origin_;
  HugeVector<uint8_t> arena_;
  HugeVector<Record> records_;
  std::vector<std::string> files_;
};

class ZoneBuilder {
 public:
  explicit ZoneBuilder(NameView origin);
  NameView origin() const { return zone_.origin_; }
  // The index of a file for RecordPlace; the first call is for the master file. At most 65,535 files.
  uint16_t add_file(std::string path);
  // False where the zone would exceed 4 GiB: nothing was added.
  bool add(NameView owner, uint16_t type, uint32_t ttl, Bytes rdata, RecordPlace place);
  // Room for so many records and octets of owners and RDATA; what is not needed of it is given back.
  void reserve(size_t records, size_t octets);
  // The records of a builder for the same origin, as if they were added now, from a text whose first line is line
  // `lines_before` + 1 of its file here. False where the zone may come to exceed 4 GiB: nothing was added.
  bool append(ZoneBuilder&& more, uint32_t lines_before);
  enum class Threads : uint8_t { one, two };
  Zone build(Threads threads = Threads::one) &&;

 private:
  // Of the size of a Record, whose place it keeps until the order is known.
  struct SortKey {
    uint64_t first_octets;  // of the owner's label next to the apex, lowercased, then zeros
    uint64_t next_octets;   // six more, and in the last two octets the type
    uint32_t owner;
    uint32_t index;
  };
  static_assert(sizeof(SortKey) == sizeof(Zone::Record));
  // Records in their order, and their part of a new arena.
  struct Part {
    std::span<Zone::Record> records;
    HugeVector<uint8_t> arena;
  };

  SortKey sort_key(size_t index) const;
  bool is_before(const SortKey& a, const SortKey& b) const;
  void sort_records(Threads threads);
  void take_records(Part& part) const;
  void append_names_and_rdata(Part& part) const;

  Zone zone_;
  uint32_t last_owner_ = 0;  // 0: none yet
  bool all_in_zone_ = true;
};

}  // namespace dnsd
