// Zone -> CompiledZone, in three passes: the tree of owners, their RRsets, the table of names and additional targets.
#include <algorithm>
#include <bit>
#include <cstring>

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
      const NameView owner = take_record ? zone_[record].owner : shaped_[shaped].owner.view();
      const NodeId id = add_node_and_parents(owner);
      if (shaped < shaped_.size() && shaped_[shaped].owner.view() == owner) {
        out_.nodes_[id].shape = shaped_[shaped++].shape;
      }
      if (take_record) record = add_rrsets(id, record);
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

  // The RRsets of one owner, from record `index` on; returns the index after them.
  size_t add_rrsets(NodeId id, size_t index) {
    Node& node = out_.nodes_[id];
    node.first_rrset = static_cast<uint32_t>(out_.rrsets_.size());
    const NameView owner = zone_[index].owner;
    while (index < zone_.size() && zone_[index].owner == owner) {
      RRset rrset{};
      rrset.type = zone_[index].type;
      rrset.records = static_cast<uint32_t>(out_.octets_.size());
      for (; index < zone_.size() && zone_[index].type == rrset.type && zone_[index].owner == owner; ++index) {
        append_record(rrset.type, zone_[index].ttl, zone_[index].rdata);
        ++rrset.count;
      }
      rrset.size = static_cast<uint32_t>(out_.octets_.size() - rrset.records);
      rrset.flags = flags_of(rrset);
      out_.rrsets_.push_back(rrset);
      ++node.rrset_count;
    }
    return index;
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
    const std::vector<uint8_t> copy(out_.records(*soa).begin(), out_.records(*soa).end());
    append(copy);
    uint8_t* record = &out_.octets_[out_.negative_soa_.records];
    const uint32_t minimum = load32(record + soa->size - 4);
    uint8_t* ttl = record + stored_record::ttl_at;
    store32(ttl, std::min(load32(ttl), minimum));
  }

  const Zone& zone_;
  std::vector<ShapedName> shaped_;
  const NameHash& hash_;
  CompiledZone out_;
  std::vector<NodeId> path_;
};

Result<std::shared_ptr<const CompiledZone>> CompiledZone::compile(const Zone& zone, std::span<const ShapedName> shaped,
                                                                  const NameHash& hash) {
  return ZoneCompiler(zone, shaped, hash).run();
}

}  // namespace dnsd
