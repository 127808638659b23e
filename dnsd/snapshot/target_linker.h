// Which RRsets an answer carries in its additional section: worked out once, when a zone is compiled.
//
// Each name that an RRset leads to stands once, with its A and AAAA, however many records name it. SVCB and HTTPS
// lead on (RFC 9460 4.1): a name that is an alias by CNAME, to what it stands for; a record in AliasMode, to the
// records of the same type at its target, and to the names in those.
//
// Thread safety: none, it is for the one thread that compiles a zone.
#pragma once

#include <set>
#include <vector>

#include "dnsd/snapshot/compiled_zone.h"

namespace dnsd {

class TargetLinker {
 public:
  // All nodes and RRsets of `zone` and its table of names must be there, and stay as they are.
  TargetLinker(const CompiledZone& zone, const NameHash& hash) : zone_(zone), hash_(hash) {}

  // Appends the targets of an RRset that wants some. `owner` is its node.
  void link(NodeId owner, RRset rrset, std::vector<Target>& out);

 private:
  NodeId node_of(NameView name) const;
  void link_name(uint32_t name, unsigned hops);
  void link_services(uint32_t name, Node node, RRset services, unsigned hops);
  void link_addresses(uint32_t name, Node node);
  void add(uint32_t name, Node node, uint16_t type);
  template <typename Visit>
  void for_each_record(RRset rrset, Visit visit) const;
  uint32_t offset_of(const uint8_t* octet) const;

  const CompiledZone& zone_;
  const NameHash& hash_;
  NodeId owner_ = no_node;
  RRset rrset_;
  std::vector<Target>* out_ = nullptr;
  size_t first_ = 0;
  std::set<NameView, CanonicalLess> linked_;  // each name once
};

}  // namespace dnsd
