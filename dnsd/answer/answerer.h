// Answers one question that is in class IN and has been read without error: RFC 1034 4.3.2 with its later amendments.
#pragma once

#include <array>
#include <optional>

#include "base/instant.h"
#include "dnsd/answer/denial.h"
#include "dnsd/answer/lookup.h"
#include "dnsd/answer/message_writer.h"
#include "dnsd/answer/prepared_query.h"
#include "dnsd/answer/respond.h"
#include "dnsd/answer/shaping.h"
#include "dnsd/pools/rotation.h"

namespace dnsd {

class Answerer {
 public:
  Answerer(const Snapshot& snapshot, RotationState& state, const PreparedQuery& prepared, const Client& client, Instant now,
           MessageWriter& writer)
      : snapshot_(snapshot), state_(state), query_(prepared.query), client_(client), now_(now), writer_(writer),
        served_(prepared.served), located_(prepared.located) {}

  // Writes everything but the header and the OPT record.
  void answer();

 private:
  // A chain longer than this is a mistake or a loop: the client gets what there is so far and may go on by itself.
  static constexpr size_t most_aliases = 10;

  void follow_aliases(NameView question);
  Outcome answer_name(NameView owner, const NameKey& key, const Located& at);
  Outcome answer_from(NameView owner, const Located& at);
  Outcome answer_node(NameView owner, Node node);
  Outcome answer_any(NameView owner, Node node);
  Outcome answer_rrset(NameView owner, RRset rrset);
  bool answer_signatures(NameView owner, Node node);
  const Shape* shape_of(Node node) const;
  bool answer_shape(NameView owner, const Shape& shape, uint16_t type);
  bool answer_text(NameView owner, const Shape& shape);
  bool answer_whoami(NameView owner, const Whoami& whoami);
  Outcome answer_with_hints(NameView owner, const Shape& shape, RRset services);
  ShapedAnswer shaped(const Shape& shape, Family family, size_t room);
  Outcome answer_dname(NameView owner, NodeId node);
  Outcome refer(NodeId cut);
  Outcome deny(Rcode rcode);

  void add_required(Section section, NameView owner, RRset rrset);
  template <typename Visit>
  void for_each_additional(NameView owner, Visit visit) const;
  void add_addresses(NameView owner);
  void add_signatures_of_addresses(NameView owner);

  const Snapshot& snapshot_;
  RotationState& state_;
  const Query& query_;
  const Client& client_;
  const Instant now_;
  MessageWriter& writer_;

  const ServedZone* served_;
  const Located& located_;  // the name in the question
  const CompiledZone* zone_ = nullptr;
  std::optional<Denial> denial_;  // where the client wants DNSSEC and the zone has it
  unsigned scope_ = 0;            // of what was answered for this client
  // What the additional section is about: an RRset of the answer, or the NS records of a referral and their cut.
  RRset addresses_of_;
  NodeId cut_ = no_node;
  bool addresses_left_out_ = false;

  // Where the chain of CNAME and DNAME records leads next: a name in the zone's octets, or one of those that DNAMEs made.
  // The arrays are left as they are until they are used: they would be the most of what an answer writes.
  NameView alias_;
  size_t aliases_ = 0;                                         // of DNAMEs used
  std::array<NodeId, most_aliases + 1> dnames_;                // that stand in the answer
  std::array<std::array<uint8_t, max_name_octets>, most_aliases + 1> made_;
};

}  // namespace dnsd
