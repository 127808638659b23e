// A zone made ready for answering: owner names in a hash table, each with its RRsets as octets to copy (zone_octets.h).
//
// Every owner is a node, empty non-terminals (RFC 4592 2.2.2) and names that only shaping knows among them. What a
// query would have to find out by walking the tree is written at the nodes when the zone is compiled: whether a node is
// at or below a zone cut or a DNAME, and which wildcard stands below it.
//
// Names in RDATA are kept uncompressed; RRsets with such names go through the compressing writer of dnsd/answer. No RRset
// of type RRSIG holds signatures of what is at their owner again (RFC 4035 3.1.1). NSEC3 records are not found by their
// owners, which are no names of the zone (RFC 5155 7.2.8), but through nsec3().
//
// Thread safety: immutable, any number of readers. Shared between snapshots as long as its zone does not change.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/huge_pages.h"
#include "base/result.h"
#include "dnsd/snapshot/name_hash.h"
#include "dnsd/snapshot/nsec3_chain.h"
#include "dnsd/snapshot/ready_soa.h"
#include "dnsd/snapshot/zone_octets.h"
#include "zones/name.h"
#include "zones/zone.h"

namespace dnsd {

// An RRset of the additional section.
struct Target {
  static constexpr uint32_t the_owner = UINT32_MAX;

  uint32_t name;   // offset of its owner, as written where it was named, in the octets of the zone; or the_owner: the
                   // name that was answered
  uint32_t rrset;  // its offset; a wildcard's where one covers the name
};

// A name of the zone that is answered by shaping; `shape` is the caller's number for it.
struct ShapedName {
  Name owner;
  uint32_t shape;
};

class CompiledZone {
 public:
  // Precondition: the zone passed its checks (one SOA at the apex, TTLs equal within an RRset, …).
  // Fails only where a zone outgrows 4 GiB, or one RRset what RRset holds.
  static Result<std::shared_ptr<const CompiledZone>> compile(const Zone& zone, std::span<const ShapedName> shaped,
                                                             const NameHash& hash);

  NameView origin() const { return node(apex).owner(); }  // lowercased
  size_t apex_labels() const { return apex_labels_; }
  size_t deepest_labels() const { return deepest_labels_; }
  size_t node_count() const { return node_count_; }
  size_t record_count() const { return record_count_; }
  size_t memory() const;  // octets

  static constexpr NodeId apex = 0;

  // Precondition of `lowercase`: a lowercased name and its hash under the key given to compile().
  NodeId find(Bytes lowercase, uint64_t hash) const {
    const auto tag = static_cast<uint32_t>(hash);
    for (size_t i = place_of(hash);;) {
      const Slot& slot = slots_[i];
      if (slot.node == no_node) return no_node;
      if (slot.tag == tag) {
        const NameView owner = node(slot.node).owner();
        if (owner.size() == lowercase.size() && same_octets(owner.data(), lowercase.data(), lowercase.size())) [[likely]]
          return slot.node;
      }
      if (++i == slots_.size()) i = 0;
    }
  }
  // Fetches into the cache what find() looks at first, and when that is there, the node it finds (dnsd/answer/batch.h).
  void prefetch_slot(uint64_t hash) const { __builtin_prefetch(&slots_[place_of(hash)]); }
  void prefetch_node(uint64_t hash) const {
    const Slot& slot = slots_[place_of(hash)];
    if (slot.node != no_node) __builtin_prefetch(&octets_[slot.node]);
  }

  Node node(NodeId id) const { return Node(&octets_[id]); }
  std::span<const Target> targets(const RRset& rrset) const {
    return {targets_.data() + rrset.first_target(), rrset.target_count()};
  }
  RRset rrset(const Target& target) const { return RRset(&octets_[target.rrset]); }
  NameView name_at(uint32_t offset) const;  // of Target::name, of Nsec3Chain::Record::owner

  // Whether any RRset has a signature: only then DO changes an answer.
  bool is_signed() const { return signed_; }
  // The nodes with the NSEC records that deny (RFC 4034 4), in canonical order, which is that of all nodes: the apex
  // comes first. Empty where the zone has no NSEC at the apex, or denies by NSEC3.
  std::span<const NodeId> nsec_owners() const { return nsec_owners_; }
  // Nodes below a cut or a DNAME are not linked in it. Not empty only where the apex has an NSEC3PARAM, and a record of
  // that chain matches it.
  const Nsec3Chain& nsec3() const { return nsec3_; }
  RRset rrset(const Nsec3Chain::Record& record) const { return RRset(&octets_[record.rrset]); }

  // The SOA record for negative answers: TTL the lesser of its own and MINIMUM (RFC 2308 3), signatures too.
  RRset negative_soa() const { return RRset(&octets_[negative_soa_]); }
  // The same record, without signatures, ready for the message but for where the zone's name stands in it.
  const ReadySoa& ready_soa() const { return ready_soa_; }

 private:
  friend class ZoneCompiler;
  CompiledZone() = default;

  struct Slot {
    uint32_t tag = 0;  // lower half of the hash
    NodeId node = no_node;
  };

  // The upper half of the hash, scaled to the table.
  size_t place_of(uint64_t hash) const { return (hash >> 32) * slots_.size() >> 32; }

  // In huge pages where they are large: a name among a million is then found with half the misses of the address cache, too.
  HugeVector<Slot> slots_;  // open addressing, two thirds full
  HugeVector<uint8_t> octets_;
  size_t apex_labels_ = 0;
  size_t deepest_labels_ = 0;
  bool signed_ = false;
  uint32_t negative_soa_ = 0;
  std::vector<Target> targets_;
  std::vector<NodeId> nsec_owners_;
  Nsec3Chain nsec3_;
  ReadySoa ready_soa_;
  size_t node_count_ = 0;
  size_t record_count_ = 0;
};

}  // namespace dnsd
