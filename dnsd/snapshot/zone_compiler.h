// Zone -> CompiledZone, in passes: owners with their RRsets, the table of names, additional targets, the SOA record of
// negative answers, and what a signed zone denies with. For zone_compiler*.cc alone; others call CompiledZone::compile().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dnsd/snapshot/compiled_zone.h"

namespace dnsd {

class ZoneCompiler {
 public:
  ZoneCompiler(const Zone& zone, std::span<const ShapedName> shaped, const NameHash& hash);
  Result<std::shared_ptr<const CompiledZone>> run();

 private:
  // Records [first, last) of the zone.
  struct Range {
    size_t first = 0;
    size_t last = 0;
    bool empty() const { return first == last; }
  };

  // Owners (zone_compiler.cc).
  void reserve();
  void find_wildcards();
  void add_owners();
  Range records_of_owner(size_t first) const;
  NodeId add_node_and_parents(NameView owner, uint32_t shape);
  NodeId add_node(NameView owner, uint32_t shape);
  void mark(NodeId id);
  void build_table();
  void link_targets();
  void add_negative_soa();

  // RRsets (zone_compiler_rrsets.cc).
  void add_rrsets(NodeId id, Range owner);
  void add_rrset(Range records, Range signatures);
  void add_stray_signatures(Range owner, Range signatures);
  uint32_t begin_rrset(uint16_t type, bool has_signatures);
  void end_rrset(uint32_t rrset, size_t count, size_t size);
  void append_record(uint16_t type, uint32_t ttl, Bytes rdata);
  Range of_type(uint16_t type, Range owner) const;
  bool is_signature_of(const RecordView& record, uint16_t type) const;

  // Denial of existence (zone_compiler_denial.cc).
  bool add_nsec3(Range owner);
  void add_denial();
  void add_nsec3_chain(Bytes nsec3param);

  uint32_t end() const { return static_cast<uint32_t>(out_.octets_.size()); }
  void append(Bytes octets) { out_.octets_.insert(out_.octets_.end(), octets.begin(), octets.end()); }
  template <typename Number>
  void store(size_t at, Number number) {
    zone_octets::store(&out_.octets_[at], number);
  }

  const Zone& zone_;
  std::vector<ShapedName> shaped_;  // in canonical order
  const NameHash& hash_;
  CompiledZone out_;
  std::vector<NameView> wildcard_parents_;  // of owners *.PARENT, in canonical order
  bool has_nsec3_ = false;                  // the apex says which chain
  HugeVector<NodeId> ids_;                  // of all nodes
  std::vector<NodeId> path_;                // from the apex to the last node added
  std::vector<Nsec3Chain::Record> nsec3_;   // all that the zone has, of whatever chain
  std::string defect_;                      // of the first RRset that is too large
};

}  // namespace dnsd
