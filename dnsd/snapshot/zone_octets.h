// How the names of a compiled zone and their records lie in its octets: one after the other, so that whoever has found a
// name has all it needs in one place, one or two cache lines for most names.
//
//   node    flags (1) | owner size (1) | RRsets (2) | [links (20)] | owner, lowercased | RRset | RRset …
//   links   above (4) | wildcard (4) | shape (4) | NSEC3 of the name (4) | of the wildcard below it (4)
//   RRset   type (2) | count (2) | flags (1) and size (3) | [more (12)] | records … | signatures …
//   more    octets of the signatures (4) | first target (4) | signatures (2) | targets (2)
//
// Numbers are in the order of this machine. What is in brackets is there where a flag says so: most names have neither.
// A million names with one A record each take 64 octets a record, 110 with one table each for nodes, RRsets and octets,
// and a lookup among them misses the cache twice instead of five times.
//
// Node and RRset are views, as cheap to copy as the pointers they are.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "dnsd/snapshot/name_hash.h"
#include "zones/name.h"

namespace dnsd {

// The place of a node in the octets of its zone; no_node where there is none. Ascending in canonical order.
using NodeId = uint32_t;
constexpr NodeId no_node = UINT32_MAX;
constexpr uint32_t no_shape = UINT32_MAX;

namespace zone_octets {

using octets::load;

template <typename Number>
void store(uint8_t* at, Number number) {
  std::memcpy(at, &number, sizeof number);
}

}  // namespace zone_octets

class RRset {
 public:
  // What the RDATA asks of the answer.
  static constexpr uint8_t has_names = 1;        // names in RDATA that may be compressed (RFC 3597 4)
  static constexpr uint8_t wants_addresses = 2;  // additional section processing
  static constexpr uint8_t has_hints = 4;        // SVCB and HTTPS: they may name addresses (RFC 9460 7.3)
  static constexpr uint8_t has_more = 8;         // signatures, or room for targets

  static constexpr size_t count_at = 2, flags_at = 4, head_size = 8;
  static constexpr size_t signatures_size_at = 8, first_target_at = 12, signature_count_at = 16, target_count_at = 18,
                          more_size = 12;
  static constexpr size_t max_count = UINT16_MAX, max_size = 0xffffff;

  RRset() = default;  // none
  explicit RRset(const uint8_t* at) : at_(at) {}
  explicit operator bool() const { return at_ != nullptr; }
  bool operator==(const RRset&) const = default;

  // Preconditions of all: there is one.
  const uint8_t* data() const { return at_; }
  uint16_t type() const { return number<uint16_t>(0); }
  uint16_t count() const { return number<uint16_t>(count_at); }
  uint8_t flags() const { return static_cast<uint8_t>(number<uint32_t>(flags_at)); }
  // Whole records (stored_record.h), so that the answer to a plain question is one copy.
  Bytes records() const { return {at_ + records_at(), size()}; }
  // The RRSIG records stand right behind what they sign.
  Bytes signatures() const { return {at_ + records_at() + size(), signatures_size()}; }
  Bytes records_with_signatures() const { return {at_ + records_at(), size() + signatures_size()}; }
  uint16_t signature_count() const { return more() ? number<uint16_t>(signature_count_at) : uint16_t{0}; }
  // Of what it leads to in this zone, for the additional section (CompiledZone::targets).
  uint32_t first_target() const { return more() ? number<uint32_t>(first_target_at) : 0; }
  uint16_t target_count() const { return more() ? number<uint16_t>(target_count_at) : uint16_t{0}; }

  const uint8_t* end() const { return at_ + records_at() + size() + signatures_size(); }

 private:
  template <typename Number>
  Number number(size_t offset) const {
    return zone_octets::load<Number>(at_ + offset);
  }
  bool more() const { return flags() & has_more; }
  size_t records_at() const { return more() ? head_size + more_size : head_size; }
  size_t size() const { return number<uint32_t>(flags_at) >> 8; }
  size_t signatures_size() const { return more() ? number<uint32_t>(signatures_size_at) : 0; }

  const uint8_t* at_ = nullptr;
};

// The RRsets of a node, in ascending order of their types.
class RRsets {
 public:
  class Iterator {
   public:
    Iterator(const uint8_t* at, unsigned left) : at_(at), left_(left) {}
    RRset operator*() const { return RRset(at_); }
    Iterator& operator++() {
      at_ = RRset(at_).end();
      --left_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return left_ != other.left_; }

   private:
    const uint8_t* at_;
    unsigned left_;
  };

  RRsets(const uint8_t* first, unsigned count) : first_(first), count_(count) {}
  Iterator begin() const { return {first_, count_}; }
  Iterator end() const { return {nullptr, 0}; }
  unsigned size() const { return count_; }
  bool empty() const { return count_ == 0; }
  RRset front() const { return RRset(first_); }  // precondition: !empty()

 private:
  const uint8_t* first_;
  unsigned count_;
};

class Node {
 public:
  static constexpr uint8_t at_cut = 1;       // has NS records and is not the apex (RFC 1034 4.2.1)
  static constexpr uint8_t below_cut = 2;    // glue or occluded; above() is the node at the cut
  static constexpr uint8_t has_dname = 4;
  static constexpr uint8_t below_dname = 8;  // hidden (RFC 6672 2.4); above() is the node with the DNAME
  static constexpr uint8_t has_links = 16;
  static constexpr uint8_t special = at_cut | below_cut | has_dname | below_dname;
  static constexpr uint8_t hidden = below_cut | below_dname;  // no data of the zone (RFC 4035 2.3, RFC 5155 7.1)

  static constexpr size_t owner_size_at = 1, rrset_count_at = 2, head_size = 4;
  static constexpr size_t above_at = 4, wildcard_at = 8, shape_at = 12, nsec3_at = 16, nsec3_of_wildcard_at = 20,
                          links_size = 20;

  explicit Node(const uint8_t* at) : at_(at) {}

  const uint8_t* data() const { return at_; }
  uint8_t flags() const { return at_[0]; }
  NameView owner() const { return NameView(Bytes(at_ + owner_at(), at_[owner_size_at])); }
  RRsets rrsets() const {
    return {at_ + owner_at() + at_[owner_size_at], zone_octets::load<uint16_t>(at_ + rrset_count_at)};
  }
  RRset find(uint16_t type) const {
    for (const RRset rrset : rrsets())
      if (rrset.type() == type) return rrset;
    return {};
  }
  NodeId above() const { return link(above_at); }
  NodeId wildcard() const { return link(wildcard_at); }  // the node of *.owner
  // Of A and AAAA, an index into the zone's shapes; no_shape where they are static.
  uint32_t shape() const { return link(shape_at); }
  // Nsec3Chain::Place, packed.
  uint32_t nsec3() const { return link(nsec3_at); }
  uint32_t nsec3_of_wildcard() const { return link(nsec3_of_wildcard_at); }

 private:
  size_t owner_at() const { return flags() & has_links ? head_size + links_size : head_size; }
  uint32_t link(size_t offset) const {
    return flags() & has_links ? zone_octets::load<uint32_t>(at_ + offset) : UINT32_MAX;
  }

  const uint8_t* at_;
};

}  // namespace dnsd
