#include "tools/zone_edit/explain.h"

#include <algorithm>

#include "dnsd/answer/lookup.h"
#include "dnsd/answer/respond.h"
#include "dnsd/answer/shaping.h"
#include "dnsd/pools/rotation.h"
#include "dnsd/snapshot/compile.h"
#include "pinned_ips/timeline.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

using Kind = Located::Kind;

bool is_address_type(uint16_t type) { return type == rr_type::A || type == rr_type::AAAA; }

// Not a server's: its key need not be secret, and the same question shall get the same words.
const NameHash fixed_hash(0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9);

class Explainer {
 public:
  Explainer(const DataDirectory& data, const Snapshot& snapshot, const ExplainQuestion& question)
      : data_(data), snapshot_(snapshot), question_(question) {}

  NameFinding find(NameView name) {
    NameFinding finding;
    finding.name = Name(name);
    NameKey key;
    const ServedZone* served = key.set(name.wire()) ? find_zone(snapshot_, key, question_.type) : nullptr;
    if (!served) {
      finding.match = "no zone of this server holds it";
      return finding;
    }
    finding.zone = &data_.zones[static_cast<size_t>(served - snapshot_.zones.data())];
    const Located located = locate(*served->zone, key, question_.type, snapshot_.hash);
    finding.match = match_text(*served->zone, located);
    if (first_ && first_ != served) {
      finding.match += "; but an answer stays within one zone, resolvers ask for this name by themselves";
      return finding;
    }
    first_ = served;
    if (located.kind == Kind::exists || located.kind == Kind::wildcard)
      add_rule(*served, served->zone->node(located.node), finding);
    return finding;
  }

 private:
  std::string match_text(const CompiledZone& zone, const Located& located) const {
    if (located.kind == Kind::no_name) return "the zone has no such name, nor a wildcard for it";
    const Node& node = zone.node(located.node);
    const std::string owner = to_text(zone.owner(node));
    switch (located.kind) {
      case Kind::delegation: return "delegated at " + owner + " to the servers in its NS records";
      case Kind::dname: return "below " + owner + ", whose DNAME makes it an alias";
      case Kind::wildcard: return "made up by the wildcard " + owner + ", " + content_text(zone, node);
      case Kind::exists: return "the name itself, " + content_text(zone, node);
      case Kind::no_name: break;
    }
    return {};
  }

  std::string content_text(const CompiledZone& zone, const Node& node) const {
    const uint16_t type = question_.type;
    if (node.shape != no_shape && is_address_type(type)) return "whose addresses come from a rule";
    if (type == rr_type::ANY) return "of which one type is shown (RFC 8482)";
    if (zone.find_rrset(node, type)) return "with " + type_text(type) + " records in the master file";
    if (zone.find_rrset(node, rr_type::CNAME)) return "an alias by its CNAME record";
    if (node.rrset_count == 0 && node.shape == no_shape) return "which only exists because names below it do";
    return "without " + type_text(type) + " records";
  }

  void add_rule(const ServedZone& served, const Node& node, NameFinding& finding) {
    if (node.shape == no_shape || !is_address_type(question_.type)) return;
    const ZoneConfig& config = finding.zone->config;
    finding.rule = &config.names[node.shape];
    const Shape& shape = served.shapes[node.shape];
    const PinnedSet* set = finding.rule->pinned.empty() ? nullptr : data_.find_set(finding.rule->pinned.front().name);
    const bool pinned = match_pinned(shape, {question_.client, address_bits(question_.client.family()), false}).set != nullptr;
    if (shape.audience && set) finding.audience = audience_of(*set, pinned);
    if (pinned) {
      finding.set = set;
    } else if (finding.rule->pool) {
      finding.pool = &*std::ranges::find(config.pools, *finding.rule->pool, &PoolDefinition::name);
    }
  }

  AudienceFinding audience_of(const PinnedSet& set, bool pinned) const {
    AudienceFinding finding{.gets_set = pinned};
    for (const PinnedClient& customer : set.clients) {
      for (const PinnedClient::Source& source : customer.sources) {
        if (!source.prefix.contains(question_.client)) continue;
        if (finding.source && finding.source->prefix.length() > source.prefix.length()) continue;
        finding.customer = &customer;
        finding.source = &source;
      }
    }
    return finding;
  }

  const DataDirectory& data_;
  const Snapshot& snapshot_;
  const ExplainQuestion& question_;
  const ServedZone* first_ = nullptr;  // the zone of the name in the question
};

std::optional<Message> ask(const Snapshot& snapshot, const ExplainQuestion& question) {
  RotationState state(1);
  state.fit(snapshot.rotation_slots);
  std::vector<uint8_t> out(max_udp_response);
  const size_t size = respond(snapshot, state, make_query(question.name, question.type), {.source = question.client},
                              question.at, out);
  return read_message(Bytes(out).first(size));
}

// The question's name, then the target of each CNAME in the answer.
std::vector<Name> names_on_the_way(const Message& response, const ExplainQuestion& question) {
  std::vector<Name> names = {question.name};
  if (question.type == rr_type::CNAME) return names;
  for (const MessageRecord& record : response.sections[0])
    if (record.type == rr_type::CNAME && record.owner.view() == names.back().view())
      names.emplace_back(NameView(record.rdata));
  return names;
}

}  // namespace

Result<Explanation> explain(const DataDirectory& data, const ExplainQuestion& question) {
  CompiledZoneCache cache;
  const Result<std::unique_ptr<Snapshot>> snapshot =
      compile_snapshot(snapshot_input(data), fixed_hash, question.at, 1, nullptr, cache);
  if (!snapshot) return snapshot.failure();
  std::optional<Message> response = ask(**snapshot, question);
  if (!response) return Failure{"the answer is not a well-formed message"};
  Explanation explanation;
  Explainer explainer(data, **snapshot, question);
  for (const Name& name : names_on_the_way(*response, question)) explanation.names.push_back(explainer.find(name));
  explanation.response = std::move(*response);
  return explanation;
}

std::string entry_reason(const PinnedSet& set, const PinnedEntry& entry, Instant at) {
  const std::optional<Instant> last = last_answer_at(entry, set.ttl);
  switch (state_at(entry, set.ttl, at)) {
    case EntryState::announced: return "not before " + to_text(enabled_at(entry));
    case EntryState::standby: return "no address of it is in service";
    case EntryState::active: return last ? "answered, until " + to_text(*last) : "answered";
    case EntryState::draining:
    case EntryState::retired: return last ? "not since " + to_text(*last) : "retired";
  }
  return {};
}

}  // namespace dnsd
