#include "dnsd/answer/denial.h"

#include <algorithm>
#include <cstring>

#include "zones/rr_types.h"

namespace dnsd {

void Denial::note(const NameKey& name, const Located& at, Outcome outcome) {
  if (outcome == Outcome::referral) ds_ = zone_.node(at.node).find(rr_type::DS);
  if (ds_) {
    cut_ = at.node;
  } else if (!zone_.nsec3().empty()) {
    note_nsec3(name, at, outcome);
  } else if (!zone_.nsec_owners().empty()) {
    note_nsec(name, at, outcome);
  }
}

bool Denial::write(MessageWriter& writer) const {
  bool fits = true;
  const auto add = [&](NameView owner, RRset rrset) {
    fits = writer.add(Section::authority, owner, rrset, true) && fits;
  };
  if (ds_) add(zone_.node(cut_).owner(), ds_);
  for (size_t i = 0; i < count_; ++i) {
    if (zone_.nsec3().empty()) {
      const Node node = zone_.node(wanted_[i]);
      add(node.owner(), node.find(rr_type::NSEC));
    } else {
      const Nsec3Chain::Record& record = zone_.nsec3()[wanted_[i]];
      add(zone_.name_at(record.owner), zone_.rrset(record));
    }
  }
  return fits;
}

void Denial::want(uint32_t record) {
  const auto end = wanted_.begin() + count_;
  if (std::find(wanted_.begin(), end, record) != end || count_ == wanted_.size()) return;
  wanted_[count_++] = record;
}

// ---- NSEC (RFC 4035 3.1.3) -------------------------------------------------------------------------------------------

void Denial::note_nsec(const NameKey& name, const Located& at, Outcome outcome) {
  const NameView asked(name.lowercase());
  // Nothing is closer to the name than the wildcard (3.1.3.3, 3.1.3.4).
  if (at.kind == Located::Kind::wildcard) want_nsec_over(asked);
  switch (outcome) {
    case Outcome::answered:
    case Outcome::alias: break;
    case Outcome::no_data:      // 3.1.3.1
    case Outcome::referral:     // 3.1.4: no DS in its list of types
      want_nsec_of(at.node);
      break;
    case Outcome::no_name:      // 3.1.3.2
      want_nsec_over(asked);
      want_nsec_over_wildcard(at.encloser);
      break;
  }
}

// The node's own record; that of the name before it where it has none, as an empty non-terminal. The numbers of nodes are
// in canonical order.
void Denial::want_nsec_of(NodeId node) {
  const std::span<const NodeId> owners = zone_.nsec_owners();
  want(*(std::ranges::upper_bound(owners, node) - 1));
}

void Denial::want_nsec_over(NameView name) {
  const std::span<const NodeId> owners = zone_.nsec_owners();
  const auto after = std::ranges::upper_bound(owners, name, CanonicalLess(),
                                              [this](NodeId id) { return zone_.node(id).owner(); });
  want(*(after - 1));  // the apex is before every name of the zone
}

void Denial::want_nsec_over_wildcard(NodeId encloser) {
  const NameView name = zone_.node(encloser).owner();
  std::array<uint8_t, 2 + max_name_octets> wildcard = {1, '*'};
  std::memcpy(&wildcard[2], name.data(), name.size());
  if (2 + name.size() <= max_name_octets) want_nsec_over(NameView(Bytes(wildcard).first(2 + name.size())));
}

// ---- NSEC3 (RFC 5155 7.2) --------------------------------------------------------------------------------------------

void Denial::note_nsec3(const NameKey& name, const Located& at, Outcome outcome) {
  const bool wildcard = at.kind == Located::Kind::wildcard;
  switch (outcome) {
    case Outcome::answered:
    case Outcome::alias:  // 7.2.6
      if (wildcard) want_nsec3_over_next_closer(name, at.encloser);
      break;
    case Outcome::no_name:  // 7.2.2
      want(nsec3_place_of_wildcard(want_nsec3_of_encloser(name, at.encloser)).record);
      break;
    case Outcome::no_data:
      if (wildcard) {  // 7.2.5
        want_nsec3_of_encloser(name, at.encloser);
        want(nsec3_place(at.node).record);
        break;
      }
      [[fallthrough]];  // 7.2.3, 7.2.4
    case Outcome::referral:  // 7.2.7
      want_nsec3_of(name, at.node);
      break;
  }
}

// The record of the node, which is `name` or above it. Opt-out may have left it without one: then the record of its
// closest provable encloser, and that which covers the next closer name (7.2.1). Returns the node that was proven.
NodeId Denial::want_nsec3_of(const NameKey& name, NodeId node) {
  Nsec3Chain::Place place = nsec3_place(node);
  if (place.matches) {
    want(place.record);
    return node;
  }
  uint32_t next_closer = place.record;
  for (size_t labels = zone_.node(node).owner().label_count(); !place.matches;) {
    next_closer = place.record;
    const Bytes parent = name.suffix(--labels);
    node = zone_.find(parent, hash_(parent));
    place = nsec3_place(node);  // the apex matches, if nothing below it
  }
  want(place.record);
  want(next_closer);
  return node;
}

// The closest encloser proof of a name that is not there (7.2.1). Returns the closest provable encloser.
NodeId Denial::want_nsec3_of_encloser(const NameKey& name, NodeId encloser) {
  const NodeId provable = want_nsec3_of(name, encloser);
  if (provable == encloser) want_nsec3_over_next_closer(name, encloser);
  return provable;
}

// The one name that is hashed for a query: one label longer than the closest encloser.
void Denial::want_nsec3_over_next_closer(const NameKey& name, NodeId encloser) {
  const size_t labels = zone_.node(encloser).owner().label_count();
  want(zone_.nsec3().find(name.suffix(labels + 1)).record);
}

}  // namespace dnsd
