// Answers one question that is in class IN and has been read without error: RFC 1034 4.3.2 with its later amendments.
#pragma once

#include <array>
#include <optional>

#include "base/instant.h"
#include "dnsd/answer/denial.h"
#include "dnsd/answer/lookup.h"
#include "dnsd/answer/message_writer.h"
#include "dnsd/answer/query.h"
#include "dnsd/answer/respond.h"
#include "dnsd/answer/shaping.h"
#include "dnsd/pools/rotation.h"

namespace dnsd {

class Answerer {
 public:
  Answerer(const Snapshot& snapshot, RotationState& state, const Query& query, const Client& client, Instant now,
           MessageWriter& writer)
      : snapshot_(snapshot), state_(state), query_(query), now_(now), writer_(writer),
        client_network_(client_network(query.edns.client_subnet, client.source)) {}

  // Writes everything but the header and the OPT record.
  void answer();

 private:
  // A chain longer than this is a mistake or a loop: the client gets what there is so far and may go on by itself.
  static constexpr size_t most_aliases = 10;

  void follow_aliases(NameView question);
  Outcome answer_name(NameView owner, const NameKey& key);
  Outcome answer_from(NameView owner, const Located& at);
  Outcome answer_node(NameView owner, const Node& node);
  Outcome answer_any(NameView owner, const Node& node);
  Outcome answer_rrset(NameView owner, const RRset& rrset);
  bool answer_signatures(NameView owner, const Node& node);
  bool answer_shape(NameView owner, const Node& node, uint16_t type);
  bool answer_page_index(NameView owner, const Node& node);
  Outcome answer_with_hints(NameView owner, const Shape& shape, const RRset& services);
  ShapedAnswer shaped(const Shape& shape, Family family, size_t room);
  Outcome answer_dname(NameView owner, const Node& node);
  Outcome refer(const Node& cut);
  Outcome deny(Rcode rcode);

  void add_required(Section section, NameView owner, const RRset& rrset);
  template <typename Visit>
  void for_each_additional(NameView owner, Visit visit) const;
  void add_addresses(NameView owner);
  void add_signatures_of_addresses(NameView owner);

  const Snapshot& snapshot_;
  RotationState& state_;
  const Query& query_;
  const Instant now_;
  MessageWriter& writer_;

  const ServedZone* served_ = nullptr;
  const CompiledZone* zone_ = nullptr;
  std::optional<Denial> denial_;  // where the client wants DNSSEC and the zone has it
  ClientNetworkAddress client_network_;
  unsigned scope_ = 0;  // of what was answered for this client
  // What the additional section is about: an RRset of the answer, or the NS records of a referral and their cut.
  const RRset* addresses_of_ = nullptr;
  const Node* cut_ = nullptr;
  bool addresses_left_out_ = false;
  std::array<const Node*, most_aliases + 1> dnames_{};  // those that stand in the answer
  size_t aliases_ = 0;                                  // of DNAMEs used
  Name alias_;  // where the chain of CNAME and DNAME records leads next
};

}  // namespace dnsd
