// The proofs in the authority section of a signed zone's answers: NSEC and NSEC3 records that show what is not there, and
// the DS records of a delegation (RFC 4035 3.1.3 and 3.1.4, RFC 5155 7.2).
//
// A pass of its own: each step of the lookup is noted as it is taken, each record that proves one is then written once.
// Belongs to one query. No allocation.
#pragma once

#include <array>
#include <cstdint>

#include "dnsd/answer/lookup.h"
#include "dnsd/answer/message_writer.h"
#include "dnsd/answer/name_key.h"
#include "dnsd/snapshot/compiled_zone.h"

namespace dnsd {

// What a name on the chain of aliases came to.
enum class Outcome : uint8_t {
  answered,
  alias,     // CNAME or DNAME: another name is next
  no_data,   // the name is there, the type is not
  no_name,   // NXDOMAIN
  referral,
};

class Denial {
 public:
  Denial(const CompiledZone& zone, const NameHash& hash) : zone_(zone), hash_(hash) {}

  // `at` is where locate() found `name`.
  void note(const NameKey& name, const Located& at, Outcome outcome);
  // False where something did not fit.
  bool write(MessageWriter& writer) const;

 private:
  void note_nsec(const NameKey& name, const Located& at, Outcome outcome);
  void want_nsec_of(NodeId node);
  void want_nsec_over(NameView name);
  void want_nsec_over_wildcard(NodeId encloser);

  void note_nsec3(const NameKey& name, const Located& at, Outcome outcome);
  NodeId want_nsec3_of(const NameKey& name, NodeId node);
  NodeId want_nsec3_of_encloser(const NameKey& name, NodeId encloser);
  void want_nsec3_over_next_closer(const NameKey& name, NodeId encloser);

  Nsec3Chain::Place nsec3_place(NodeId node) const { return Nsec3Chain::unpack(zone_.node(node).nsec3()); }
  Nsec3Chain::Place nsec3_place_of_wildcard(NodeId node) const {
    return Nsec3Chain::unpack(zone_.node(node).nsec3_of_wildcard());
  }
  void want(uint32_t record);

  const CompiledZone& zone_;
  const NameHash& hash_;
  RRset ds_;  // of a signed delegation, its owner is the node at the cut
  NodeId cut_ = no_node;
  size_t count_ = 0;
  // Nodes with NSEC, or places in the NSEC3 chain. Eleven names of a chain of aliases want one each, and the last of
  // them three more.
  std::array<uint32_t, 16> wanted_;
};

}  // namespace dnsd
