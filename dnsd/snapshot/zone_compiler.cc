// Zone -> CompiledZone, in passes: the tree of owners with their RRsets, the table of names, additional targets, and
// what a signed zone denies with.
#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "dnsd/snapshot/compiled_zone.h"
#include "dnsd/snapshot/stored_record.h"
#include "dnsd/snapshot/target_linker.h"
#include "zones/rr_types.h"

namespace dnsd {

class ZoneCompiler {
 public:
  ZoneCompiler(const Zone& zone, std::span<const ShapedName> shaped, const NameHash& hash)
      : zone_(zone), shaped_(shaped.begin(), shaped.end()), hash_(hash) {
    std::ranges::sort(shaped_, CanonicalLess(), [](const ShapedName& s) { return s.owner.view(); });
  }

  Result<std::shared_ptr<const CompiledZone>> run() {
    out_.origin_ = Name(zone_.origin());
    out_.apex_labels_ = zone_.origin().label_count();
    out_.record_count_ = zone_.size();
    add_owners();
    build_table();
    link_targets();
    add_negative_soa();
    add_denial();
    if (out_.octets_.size() > UINT32_MAX) return Failure{"the zone is larger than 4 GiB"};
    out_.octets_.shrink_to_fit();
    out_.nodes_.shrink_to_fit();
    out_.rrsets_.shrink_to_fit();
    out_.targets_.shrink_to_fit();
    return std::shared_ptr<const CompiledZone>(new CompiledZone(std::move(out_)));
  }

 private:
  // Both lists are in canonical order, in which a name comes before all below it: one merge visits every owner once.
  void add_owners() {
    size_t record = 0, shaped = 0;
    while (record < zone_.size() || shaped < shaped_.size()) {
      const bool take_record =
          record < zone_.size() &&
          (shaped == shaped_.size() || zone_[record].owner.canonical_order(shaped_[shaped].owner) <= 0);
      const Range records = take_record ? records_of_owner(record) : Range{record, record};
      record = records.last;
      if (take_record && add_nsec3(records)) continue;
      const NameView owner = take_record ? zone_[records.first].owner : shaped_[shaped].owner.view();
      const NodeId id = add_node_and_parents(owner);
      if (shaped < shaped_.size() && shaped_[shaped].owner.view() == owner) {
        out_.nodes_[id].shape = shaped_[shaped++].shape;
      }
      if (take_record) add_rrsets(id, records.first, records.last);
      mark(id);
    }
  }

  // Adds the node, and empty non-terminals between it and its nearest ancestor. `path_` holds the nodes from the apex
  // to the last one added.
  NodeId add_node_and_parents(NameView owner) {
    const size_t labels = owner.label_count();
    while (!path_.empty() && !owner.is_at_or_below(out_.owner(out_.nodes_[path_.back()]))) path_.pop_back();
    const size_t have = path_.empty() ? out_.apex_labels_ : out_.apex_labels_ + path_.size();
    for (size_t n = have; n <= labels; ++n) {
      if (n < labels) {
        mark(add_node(owner.suffix(n)));
      } else {
        add_node(owner);
      }
    }
    out_.deepest_labels_ = std::max(out_.deepest_labels_, labels);
    return path_.back();
  }

  NodeId add_node(NameView owner) {
    Node node{};
    node.owner = static_cast<uint32_t>(out_.octets_.size());
    node.owner_size = static_cast<uint8_t>(owner.size());
    node.first_rrset = static_cast<uint32_t>(out_.rrsets_.size());
    node.above = node.wildcard = no_node;
    node.shape = no_shape;
    Name lower(owner);
    lower.lowercase();
    append(lower.view().wire());
    const auto id = static_cast<NodeId>(out_.nodes_.size());
    out_.nodes_.push_back(node);
    path_.push_back(id);
    return id;
  }

  // What the node inherits from the one above it, and what it is itself.
  void mark(NodeId id) {
    Node& node = out_.nodes_[id];
    const bool apex = path_.size() == 1;
    const bool wildcard = out_.owner(node).is_wildcard();
    if (!apex) {
      const NodeId parent_id = path_[path_.size() - 2];
      Node& parent = out_.nodes_[parent_id];
      if (wildcard) parent.wildcard = id;
      if (parent.flags & (Node::below_cut | Node::below_dname)) {
        node.flags = static_cast<uint8_t>(parent.flags & (Node::below_cut | Node::below_dname));
        node.above = parent.above;
      } else if (parent.flags & (Node::at_cut | Node::has_dname)) {
        node.flags = parent.flags & Node::at_cut ? Node::below_cut : Node::below_dname;
        node.above = parent_id;
      }
    }
    // A wildcard's NS records are data like any other: the effect of delegation at one is undefined (RFC 4592 4.2).
    if (!apex && !wildcard && out_.find_rrset(node, rr_type::NS)) node.flags |= Node::at_cut;
    if (out_.find_rrset(node, rr_type::DNAME)) node.flags |= Node::has_dname;
  }

  // Records [first, last) of the zone.
  struct Range {
    size_t first = 0;
    size_t last = 0;
  };

  Range records_of_owner(size_t first) const {
    const NameView owner = zone_[first].owner;
    size_t last = first + 1;
    while (last < zone_.size() && zone_[last].owner == owner) ++last;
    return {first, last};
  }

  // Those of a type among records of one owner.
  Range of_type(uint16_t type, Range owner) const {
    while (owner.first < owner.last && zone_[owner.first].type < type) ++owner.first;
    size_t last = owner.first;
    while (last < owner.last && zone_[last].type == type) ++last;
    return {owner.first, last};
  }

  static uint16_t type_covered(const RecordView& rrsig) { return load16(rrsig.rdata.data()); }

  // The RRsets of one owner, the records [first, last).
  void add_rrsets(NodeId id, size_t first, size_t last) {
    Node& node = out_.nodes_[id];
    node.first_rrset = static_cast<uint32_t>(out_.rrsets_.size());
    const Range owner{first, last};
    for (Range rrset; first < last; first = rrset.last) {
      rrset = of_type(zone_[first].type, {first, last});
      if (zone_[first].type == rr_type::RRSIG) {
        add_stray_signatures(owner, rrset);
      } else if (zone_[first].type != rr_type::NSEC3) {
        add_rrset(rrset, of_type(rr_type::RRSIG, owner));
      }
    }
    node.rrset_count = static_cast<uint16_t>(out_.rrsets_.size() - node.first_rrset);
  }

  // The RRset, and behind it those of the signatures that cover it, which have its TTL (RFC 4034 3).
  void add_rrset(Range records, Range signatures) {
    RRset& rrset = begin_rrset(zone_[records.first].type);
    for (size_t i = records.first; i < records.last; ++i) append_record(rrset.type, zone_[i].ttl, zone_[i].rdata);
    rrset.count = static_cast<uint16_t>(records.last - records.first);
    rrset.size = static_cast<uint32_t>(out_.octets_.size() - rrset.records);
    for (size_t i = signatures.first; i < signatures.last; ++i) {
      if (type_covered(zone_[i]) != rrset.type) continue;
      append_record(rr_type::RRSIG, zone_[records.first].ttl, zone_[i].rdata);
      ++rrset.signature_count;
    }
    rrset.signatures_size = static_cast<uint32_t>(out_.octets_.size() - rrset.records - rrset.size);
    out_.signed_ = out_.signed_ || rrset.signature_count > 0;
  }

  // Signatures of what is not at their owner: nobody can use them, but who asks for type RRSIG sees them.
  void add_stray_signatures(Range owner, Range signatures) {
    const auto is_stray = [&](const RecordView& signature) {
      const uint16_t type = type_covered(signature);
      const Range covered = of_type(type, owner);
      return type != rr_type::NSEC3 && (type == rr_type::RRSIG || covered.first == covered.last);
    };
    RRset* strays = nullptr;
    for (size_t i = signatures.first; i < signatures.last; ++i) {
      if (!is_stray(zone_[i])) continue;
      if (!strays) strays = &begin_rrset(rr_type::RRSIG);
      append_record(rr_type::RRSIG, zone_[i].ttl, zone_[i].rdata);
      ++strays->count;
      strays->size = static_cast<uint32_t>(out_.octets_.size() - strays->records);
    }
  }

  RRset& begin_rrset(uint16_t type) {
    RRset& rrset = out_.rrsets_.emplace_back();
    rrset.type = type;
    rrset.records = static_cast<uint32_t>(out_.octets_.size());
    rrset.flags = flags_of(rrset);
    return rrset;
  }

  // NSEC3 records among those of an owner, which go into a table of their own. True where the owner has nothing else:
  // it is then no name of the zone.
  bool add_nsec3(Range owner) {
    const Range records = of_type(rr_type::NSEC3, owner);
    if (records.first == records.last) return false;
    const Range signatures = of_type(rr_type::RRSIG, owner);
    const NameView name = zone_[owner.first].owner;
    const std::optional<Sha1> hash = nsec3_owner_hash(name);
    if (hash && name.parent() == out_.origin_) {
      const auto offset = static_cast<uint32_t>(out_.octets_.size());
      append(name.wire());
      nsec3_.push_back({*hash, offset, static_cast<uint32_t>(out_.rrsets_.size())});
      add_rrset(records, signatures);
    }
    for (size_t i = owner.first; i < owner.last; ++i) {
      const RecordView r = zone_[i];
      const bool about_hash = r.type == rr_type::NSEC3 || (r.type == rr_type::RRSIG && type_covered(r) == rr_type::NSEC3);
      if (!about_hash) return false;
    }
    return true;
  }

  void append(Bytes octets) { out_.octets_.insert(out_.octets_.end(), octets.begin(), octets.end()); }

  void append_record(uint16_t type, uint32_t ttl, Bytes rdata) {
    append(stored_record::head(type, ttl, rdata.size()));
    append(rdata);
  }

  static uint8_t flags_of(const RRset& rrset) {
    const RrType* row = find_rr_type(rrset.type);
    if (!row) return 0;
    uint8_t flags = row->additional ? RRset::wants_addresses : 0;
    if (std::ranges::find(row->rdata, RdataField::name_compressed) != row->rdata.end()) flags |= RRset::has_names;
    if (rrset.type == rr_type::SVCB || rrset.type == rr_type::HTTPS) flags |= RRset::has_hints;
    return flags;
  }

  void build_table() {
    out_.slots_.resize(std::bit_ceil(out_.nodes_.size() * 3 / 2 + 2));
    const size_t mask = out_.slots_.size() - 1;
    for (NodeId id = 0; id < out_.nodes_.size(); ++id) {
      const uint64_t h = hash_(out_.owner(out_.nodes_[id]).wire());
      size_t i = h & mask;
      while (out_.slots_[i].node != no_node) i = (i + 1) & mask;
      out_.slots_[i] = {static_cast<uint32_t>(h >> 32), id};
    }
  }

  void link_targets() {
    TargetLinker linker(out_, hash_);
    for (NodeId id = 0; id < out_.nodes_.size(); ++id) {
      const Node& node = out_.nodes_[id];
      for (uint32_t i = node.first_rrset; i < node.first_rrset + node.rrset_count; ++i) {
        RRset& rrset = out_.rrsets_[i];
        if (!(rrset.flags & RRset::wants_addresses)) continue;
        rrset.first_target = static_cast<uint32_t>(out_.targets_.size());
        linker.link(id, rrset, out_.targets_);
        rrset.target_count = static_cast<uint16_t>(out_.targets_.size() - rrset.first_target);
      }
    }
  }

  void add_negative_soa() {
    const RRset* soa = out_.find_rrset(out_.nodes_[0], rr_type::SOA);
    if (!soa) return;
    out_.negative_soa_ = *soa;
    out_.negative_soa_.records = static_cast<uint32_t>(out_.octets_.size());
    const Bytes stored = out_.records_with_signatures(*soa);
    const std::vector<uint8_t> copy(stored.begin(), stored.end());
    append(copy);
    uint8_t* record = &out_.octets_[out_.negative_soa_.records];
    const uint32_t minimum = load32(record + soa->size - 4);
    for (const uint8_t* end = record + copy.size(); record < end; record += stored_record::size(record)) {
      uint8_t* ttl = record + stored_record::ttl_at;
      store32(ttl, std::min(load32(ttl), minimum));
    }
  }

  // What absence is proven with: the chain of the first NSEC3PARAM that reaches the apex, or else NSEC.
  void add_denial() {
    const Node& apex = out_.nodes_[0];
    if (const RRset* parameters = out_.find_rrset(apex, rr_type::NSEC3PARAM)) {
      Bytes records = out_.records(*parameters);
      for (unsigned i = 0; i < parameters->count && out_.nsec3_.empty(); ++i) {
        const size_t size = stored_record::size(records.data());
        add_nsec3_chain(records.first(size).subspan(stored_record::rdata_at));
        records = records.subspan(size);
      }
    }
    if (!out_.nsec3_.empty() || !out_.find_rrset(apex, rr_type::NSEC)) return;
    for (NodeId id = 0; id < out_.nodes_.size(); ++id) {
      const Node& node = out_.nodes_[id];
      if (!(node.flags & hidden) && out_.find_rrset(node, rr_type::NSEC)) out_.nsec_owners_.push_back(id);
    }
  }

  void add_nsec3_chain(Bytes nsec3param) {
    const std::optional<Nsec3Parameters> parameters = Nsec3Parameters::read(nsec3param);
    if (!parameters) return;
    std::vector<Nsec3Chain::Record> records;
    for (const Nsec3Chain::Record& record : nsec3_) {
      const Bytes rdata = out_.records(out_.rrsets_[record.rrset]).subspan(stored_record::rdata_at);
      if (Nsec3Parameters::read(rdata) == parameters) records.push_back(record);
    }
    if (records.empty()) return;
    Nsec3Chain chain(*parameters, std::move(records));
    if (!chain.find(out_.owner(out_.nodes_[0]).wire()).matches) return;
    chain.reserve(out_.nodes_.size());
    for (NodeId id = 0; id < out_.nodes_.size(); ++id) {
      const Node& node = out_.nodes_[id];
      if (!(node.flags & hidden)) chain.link(id, out_.owner(node));
    }
    out_.nsec3_ = std::move(chain);
  }

  // No data of the zone: a chain has no record for it (RFC 4035 2.3, RFC 5155 7.1).
  static constexpr uint8_t hidden = Node::below_cut | Node::below_dname;

  const Zone& zone_;
  std::vector<ShapedName> shaped_;
  const NameHash& hash_;
  CompiledZone out_;
  std::vector<NodeId> path_;
  std::vector<Nsec3Chain::Record> nsec3_;  // all that the zone has, of whatever chain
};

Result<std::shared_ptr<const CompiledZone>> CompiledZone::compile(const Zone& zone, std::span<const ShapedName> shaped,
                                                                  const NameHash& hash) {
  return ZoneCompiler(zone, shaped, hash).run();
}

}  // namespace dnsd
