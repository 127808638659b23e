#include "dnsd/snapshot/zone_compiler.h"

#include <algorithm>
#include <array>

#include "dnsd/snapshot/stored_record.h"
#include "dnsd/snapshot/target_linker.h"
#include "zones/rr_types.h"

namespace dnsd {

ZoneCompiler::ZoneCompiler(const Zone& zone, std::span<const ShapedName> shaped, const NameHash& hash)
    : zone_(zone), shaped_(shaped.begin(), shaped.end()), hash_(hash) {
  std::ranges::sort(shaped_, CanonicalLess(), [](const ShapedName& s) { return s.owner.view(); });
}

Result<std::shared_ptr<const CompiledZone>> ZoneCompiler::run() {
  out_.apex_labels_ = zone_.origin().label_count();
  out_.record_count_ = zone_.size();
  reserve();
  find_wildcards();
  add_owners();
  if (!defect_.empty()) return Failure{defect_};
  if (out_.octets_.size() > UINT32_MAX) return Failure{"the zone is larger than 4 GiB"};
  build_table();
  link_targets();
  add_negative_soa();
  add_denial();
  out_.node_count_ = ids_.size();
  // What is not touched of a large reserve takes no memory; a copy would, for a while.
  if (out_.octets_.capacity() < huge_page_octets || out_.octets_.capacity() / 2 > out_.octets_.size())
    out_.octets_.shrink_to_fit();
  out_.targets_.shrink_to_fit();
  return std::shared_ptr<const CompiledZone>(new CompiledZone(std::move(out_)));
}

// As much as names with one RRset need, and some more, so that large zones are not copied as they grow.
void ZoneCompiler::reserve() {
  size_t octets = 0;
  for (size_t i = 0; i < zone_.size(); ++i) {
    const RecordView record = zone_[i];
    octets += Node::head_size + record.owner.size() + RRset::head_size + stored_record::rdata_at + record.rdata.size();
  }
  out_.octets_.reserve(std::min<size_t>(octets + octets / 32 + 1024, UINT32_MAX));
  ids_.reserve(zone_.size());
}

// A node has room for links only where it will have some, and its wildcard may come long after it.
void ZoneCompiler::find_wildcards() {
  const auto note = [&](NameView owner) {
    for (; !owner.is_root(); owner = owner.parent())  // those above an owner are nodes, too
      if (owner.is_wildcard()) wildcard_parents_.push_back(owner.parent());
  };
  for (size_t i = 0; i < zone_.size(); ++i) note(zone_[i].owner);
  for (const ShapedName& shaped : shaped_) note(shaped.owner);
  std::ranges::sort(wildcard_parents_, CanonicalLess());
  const auto [first, last] = zone_.owner_range(zone_.origin());
  for (size_t i = first; i < last; ++i) has_nsec3_ = has_nsec3_ || zone_[i].type == rr_type::NSEC3PARAM;
}

// Both lists are in canonical order, in which a name comes before all below it: one merge visits every owner once.
void ZoneCompiler::add_owners() {
  size_t record = 0, shaped = 0;
  while ((record < zone_.size() || shaped < shaped_.size()) && out_.octets_.size() <= UINT32_MAX) {
    const bool take_record =
        record < zone_.size() &&
        (shaped == shaped_.size() || zone_[record].owner.canonical_order(shaped_[shaped].owner) <= 0);
    const Range records = take_record ? records_of_owner(record) : Range{record, record};
    record = records.last;
    if (take_record && add_nsec3(records)) continue;
    const NameView owner = take_record ? zone_[records.first].owner : shaped_[shaped].owner.view();
    uint32_t shape = no_shape;
    if (shaped < shaped_.size() && shaped_[shaped].owner.view() == owner) shape = shaped_[shaped++].shape;
    const NodeId id = add_node_and_parents(owner, shape);
    add_rrsets(id, records);
    mark(id);
  }
}

ZoneCompiler::Range ZoneCompiler::records_of_owner(size_t first) const {
  const NameView owner = zone_[first].owner;
  size_t last = first + 1;
  while (last < zone_.size() && zone_[last].owner == owner) ++last;
  return {first, last};
}

// Adds the node, and empty non-terminals between it and its nearest ancestor.
NodeId ZoneCompiler::add_node_and_parents(NameView owner, uint32_t shape) {
  const size_t labels = owner.label_count();
  while (!path_.empty() && !owner.is_at_or_below(out_.node(path_.back()).owner())) path_.pop_back();
  const size_t have = path_.empty() ? out_.apex_labels_ : out_.apex_labels_ + path_.size();
  for (size_t n = have; n < labels; ++n) add_node(owner.suffix(n), no_shape);
  out_.deepest_labels_ = std::max(out_.deepest_labels_, labels);
  return add_node(owner, shape);
}

// With what it inherits from the node above it, the last of the path.
NodeId ZoneCompiler::add_node(NameView owner, uint32_t shape) {
  const NodeId id = end(), parent_id = path_.empty() ? no_node : path_.back();
  std::array<uint8_t, Node::head_size + Node::links_size> head{};
  NodeId above = no_node;
  if (parent_id != no_node) {
    const Node parent = out_.node(parent_id);
    if (owner.is_wildcard()) store(parent_id + Node::wildcard_at, id);
    if (parent.flags() & Node::hidden) {
      head[0] = parent.flags() & Node::hidden;
      above = parent.above();
    } else if (parent.flags() & (Node::at_cut | Node::has_dname)) {
      head[0] = parent.flags() & Node::at_cut ? Node::below_cut : Node::below_dname;
      above = parent_id;
    }
  }
  const bool has_links = above != no_node || shape != no_shape || has_nsec3_ ||
                         std::ranges::binary_search(wildcard_parents_, owner, CanonicalLess());
  if (has_links) head[0] |= Node::has_links;
  head[Node::owner_size_at] = static_cast<uint8_t>(owner.size());
  zone_octets::store(&head[Node::above_at], above);
  zone_octets::store(&head[Node::wildcard_at], no_node);
  zone_octets::store(&head[Node::shape_at], shape);
  append(Bytes(head).first(has_links ? head.size() : Node::head_size));
  std::array<uint8_t, max_name_octets + 16> lower;
  lowercase_copy(lower.data(), owner.wire(), owner.size());
  append(Bytes(lower).first(owner.size()));
  ids_.push_back(id);
  path_.push_back(id);
  return id;
}

// What the RRsets of the node mean for the nodes below it.
void ZoneCompiler::mark(NodeId id) {
  const Node node = out_.node(id);
  uint8_t flags = node.flags();
  // A wildcard's NS records are data like any other: the effect of delegation at one is undefined (RFC 4592 4.2).
  if (id != CompiledZone::apex && !node.owner().is_wildcard() && node.find(rr_type::NS)) flags |= Node::at_cut;
  if (node.find(rr_type::DNAME)) flags |= Node::has_dname;
  store(id, flags);
}

// In groups: while one name waits for its place in the table, the others do, too.
void ZoneCompiler::build_table() {
  constexpr size_t group = 32;
  HugeVector<CompiledZone::Slot>& slots = out_.slots_;
  slots.resize(ids_.size() + ids_.size() / 2 + 2);
  std::array<uint64_t, group> hashes;
  for (size_t first = 0; first < ids_.size(); first += group) {
    const size_t count = std::min(group, ids_.size() - first);
    for (size_t i = 0; i < count; ++i) {
      hashes[i] = hash_(out_.node(ids_[first + i]).owner().wire());
      out_.prefetch_slot(hashes[i]);
    }
    for (size_t i = 0; i < count; ++i) {
      size_t at = out_.place_of(hashes[i]);
      while (slots[at].node != no_node) at = at + 1 == slots.size() ? 0 : at + 1;
      slots[at] = {static_cast<uint32_t>(hashes[i]), ids_[first + i]};
    }
  }
}

void ZoneCompiler::link_targets() {
  TargetLinker linker(out_, hash_);
  for (const NodeId id : ids_) {
    for (const RRset rrset : out_.node(id).rrsets()) {
      if (!(rrset.flags() & RRset::wants_addresses)) continue;
      const auto first = static_cast<uint32_t>(out_.targets_.size());
      linker.link(id, rrset, out_.targets_);
      const auto at = static_cast<size_t>(rrset.data() - out_.octets_.data());
      store(at + RRset::first_target_at, first);
      store(at + RRset::target_count_at, static_cast<uint16_t>(out_.targets_.size() - first));
    }
  }
}

void ZoneCompiler::add_negative_soa() {
  const RRset soa = out_.node(CompiledZone::apex).find(rr_type::SOA);
  if (!soa) return;
  const std::vector<uint8_t> copy(soa.data(), soa.end());
  out_.negative_soa_ = end();
  append(copy);
  const RRset negative = out_.negative_soa();
  const uint32_t minimum = load32(negative.signatures().data() - 4);
  size_t at = static_cast<size_t>(negative.records().data() - out_.octets_.data());
  for (; at < out_.octets_.size(); at += stored_record::size(&out_.octets_[at])) {
    uint8_t* ttl = &out_.octets_[at + stored_record::ttl_at];
    store32(ttl, std::min(load32(ttl), minimum));
  }
  out_.ready_soa_ = make_ready_soa(negative.records(), out_.origin());
}

Result<std::shared_ptr<const CompiledZone>> CompiledZone::compile(const Zone& zone, std::span<const ShapedName> shaped,
                                                                  const NameHash& hash) {
  return ZoneCompiler(zone, shaped, hash).run();
}

}  // namespace dnsd
