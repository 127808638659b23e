// Answers one question that is in class IN and has been read without error: RFC 1034 4.3.2 with its later amendments.
#pragma once

#include "base/instant.h"
#include "dnsd/answer/lookup.h"
#include "dnsd/answer/message_writer.h"
#include "dnsd/answer/query.h"
#include "dnsd/answer/respond.h"
#include "dnsd/pools/rotation.h"

namespace dnsd {

class Answerer {
 public:
  Answerer(const Snapshot& snapshot, RotationState& state, const Query& query, const Client& client, Instant now,
           MessageWriter& writer)
      : snapshot_(snapshot), state_(state), query_(query), client_(client), now_(now), writer_(writer) {}

  // Writes everything but the header and the OPT record.
  void answer();

 private:
  // What a name on the chain of aliases led to.
  enum class Step : uint8_t { done, follow };

  void follow_aliases(NameView question);
  Step answer_name(NameView owner, const NameKey& key);
  Step answer_node(NameView owner, const Node& node);
  void answer_any(NameView owner, const Node& node);
  void answer_rrset(NameView owner, const RRset& rrset);
  bool answer_shape(NameView owner, const Node& node, uint16_t type);
  Step answer_dname(NameView owner, const Node& node);
  void refer(const Node& cut);
  void deny(Rcode rcode);

  void add_required(Section section, NameView owner, const RRset& rrset);
  void add_addresses(const RRset& rrset, const Node* cut);
  bool add_addresses_of(NameView name, const Node& node);

  const Snapshot& snapshot_;
  RotationState& state_;
  const Query& query_;
  const Client& client_;
  const Instant now_;
  MessageWriter& writer_;

  const ServedZone* served_ = nullptr;
  const CompiledZone* zone_ = nullptr;
  const Node* last_dname_ = nullptr;
  Name alias_;  // where the chain of CNAME and DNAME records leads next
};

}  // namespace dnsd
