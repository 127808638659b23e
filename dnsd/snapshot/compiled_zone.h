// A zone made ready for answering: owner names in a hash table, RRsets as octets to copy.
//
// Every owner is a node, empty non-terminals (RFC 4592 2.2.2) and names that only shaping knows among them. What a
// query would have to find out by walking the tree is written at the nodes when the zone is compiled: whether a node is
// at or below a zone cut or a DNAME, and which wildcard stands below it.
//
// An RRset is stored as whole records (stored_record.h), so that the answer to a plain question is one copy. Names in
// RDATA are kept uncompressed; RRsets with such names go through the compressing writer of dnsd/answer.
//
// The RRSIG records of an RRset stand right behind it (RFC 4035 3.1.1), and no RRset of type RRSIG holds them again. NSEC3
// records are not found by their owners, which are no names of the zone (RFC 5155 7.2.8), but through nsec3().
//
// Thread safety: immutable, any number of readers. Shared between snapshots as long as its zone does not change.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "dnsd/snapshot/name_hash.h"
#include "dnsd/snapshot/nsec3_chain.h"
#include "zones/name.h"
#include "zones/zone.h"

namespace dnsd {

// Index of a node; no_node where there is none.
using NodeId = uint32_t;
constexpr NodeId no_node = UINT32_MAX;
constexpr uint32_t no_shape = UINT32_MAX;

struct RRset {
  // What the RDATA asks of the answer.
  static constexpr uint8_t has_names = 1;       // names in RDATA that may be compressed (RFC 3597 4)
  static constexpr uint8_t wants_addresses = 2; // additional section processing
  static constexpr uint8_t has_hints = 4;       // SVCB and HTTPS: they may name addresses (RFC 9460 7.3)

  uint32_t records;       // offset of its octets in the zone
  uint32_t size;          // of them
  uint32_t signatures_size;  // of the RRSIG records that follow them
  uint32_t first_target;  // of what it leads to in this zone, for the additional section
  uint16_t type;
  uint16_t count;
  uint16_t signature_count;
  uint16_t target_count;
  uint8_t flags;
};

struct Node {
  static constexpr uint8_t at_cut = 1;       // has NS records and is not the apex (RFC 1034 4.2.1)
  static constexpr uint8_t below_cut = 2;    // glue or occluded; `above` is the node at the cut
  static constexpr uint8_t has_dname = 4;
  static constexpr uint8_t below_dname = 8;  // hidden (RFC 6672 2.4); `above` is the node with the DNAME
  static constexpr uint8_t special = at_cut | below_cut | has_dname | below_dname;

  uint32_t owner;        // offset of its lowercased wire name in the zone
  uint32_t first_rrset;
  NodeId above;
  NodeId wildcard;       // the node of *.owner
  uint32_t shape;        // of A and AAAA, an index into the zone's shapes; no_shape where they are static
  uint16_t rrset_count;
  uint8_t owner_size;
  uint8_t flags;
};

// An RRset of the additional section.
struct Target {
  static constexpr uint32_t the_owner = UINT32_MAX;

  uint32_t name;   // offset of its owner, as written where it was named, in the octets of the zone; or the_owner: the
                   // name that was answered
  uint32_t rrset;  // its index; a wildcard's where one covers the name
};

// A name of the zone that is answered by shaping; `shape` is the caller's number for it.
struct ShapedName {
  Name owner;
  uint32_t shape;
};

class CompiledZone {
 public:
  // Precondition: the zone passed its checks (one SOA at the apex, TTLs equal within an RRset, …).
  // Fails only where a zone outgrows 4 GiB.
  static Result<std::shared_ptr<const CompiledZone>> compile(const Zone& zone, std::span<const ShapedName> shaped,
                                                             const NameHash& hash);

  NameView origin() const { return origin_; }
  size_t apex_labels() const { return apex_labels_; }
  size_t deepest_labels() const { return deepest_labels_; }
  size_t node_count() const { return nodes_.size(); }
  size_t record_count() const { return record_count_; }
  size_t memory() const;  // octets

  // Precondition of `lowercase`: a lowercased name and its hash under the key given to compile().
  NodeId find(Bytes lowercase, uint64_t hash) const;
  const Node& node(NodeId id) const { return nodes_[id]; }
  NameView owner(const Node& node) const { return NameView(Bytes(&octets_[node.owner], node.owner_size)); }
  const RRset* find_rrset(const Node& node, uint16_t type) const;
  std::span<const RRset> rrsets(const Node& node) const { return {rrsets_.data() + node.first_rrset, node.rrset_count}; }
  Bytes records(const RRset& rrset) const { return {&octets_[rrset.records], rrset.size}; }
  std::span<const Target> targets(const RRset& rrset) const {
    return {targets_.data() + rrset.first_target, rrset.target_count};
  }
  const RRset& rrset(const Target& target) const { return rrsets_[target.rrset]; }
  NameView name_at(uint32_t offset) const;  // of Target::name, of Nsec3Chain::Record::owner

  // Whether any RRset has a signature: only then DO changes an answer.
  bool is_signed() const { return signed_; }
  Bytes signatures(const RRset& rrset) const { return {&octets_[rrset.records + rrset.size], rrset.signatures_size}; }
  Bytes records_with_signatures(const RRset& rrset) const {
    return {&octets_[rrset.records], rrset.size + rrset.signatures_size};
  }
  // The nodes with the NSEC records that deny (RFC 4034 4), in canonical order, which is that of all nodes: the apex
  // comes first. Empty where the zone has no NSEC at the apex, or denies by NSEC3.
  std::span<const NodeId> nsec_owners() const { return nsec_owners_; }
  // Nodes below a cut or a DNAME are not linked in it. Not empty only where the apex has an NSEC3PARAM, and a record of
  // that chain matches it.
  const Nsec3Chain& nsec3() const { return nsec3_; }
  const RRset& rrset(const Nsec3Chain::Record& record) const { return rrsets_[record.rrset]; }

  // The SOA record for negative answers: TTL the lesser of its own and MINIMUM (RFC 2308 3), signatures too.
  const RRset& negative_soa() const { return negative_soa_; }

 private:
  friend class ZoneCompiler;
  CompiledZone() = default;

  struct Slot {
    uint32_t tag = 0;  // upper half of the hash
    NodeId node = no_node;
  };

  Name origin_;
  size_t apex_labels_ = 0;
  size_t deepest_labels_ = 0;
  size_t record_count_ = 0;
  std::vector<uint8_t> octets_;
  std::vector<Node> nodes_;
  std::vector<RRset> rrsets_;
  std::vector<Target> targets_;
  std::vector<Slot> slots_;  // open addressing, a power of two, at most 2/3 full
  RRset negative_soa_{};
  bool signed_ = false;
  std::vector<NodeId> nsec_owners_;
  Nsec3Chain nsec3_;
};

}  // namespace dnsd
