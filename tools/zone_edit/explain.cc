#include "tools/zone_edit/explain.h"

#include <algorithm>

#include "dnsd/answer/lookup.h"
#include "dnsd/answer/shaping.h"
#include "dnsd/pools/in_service.h"
#include "dnsd/pools/shares.h"
#include "dnsd/snapshot/compile.h"
#include "dnsd/snapshot/feed_names.h"
#include "tools/zone_edit/asking.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

using Kind = Located::Kind;

RingFinding ring_of(const PoolDefinition& pool, const CompiledPool& compiled, Family family) {
  RingFinding finding;
  finding.family = family;
  const std::vector<MemberVerdict> verdicts = in_service(pool);
  const Ring& ring = compiled.rings[static_cast<size_t>(family)];
  std::vector<uint32_t> weights;
  for (const RingMember& member : ring.members) weights.push_back(member.weight);
  const Shares shares = shares_of(weights, pool.cap);
  finding.in_service = ring.members.size();
  finding.turn = shares.answers;
  finding.take = shares.take;
  finding.exact = shares.exact;
  size_t served = 0;
  for (size_t i = 0; i < pool.members.size(); ++i) {
    if (pool.members[i].address.family() != family) continue;
    MemberFinding member;
    member.member = &pool.members[i];
    member.served = verdicts[i].served;
    member.reason = verdicts[i].reason;
    if (member.served) {
      member.answers = shares.counts[served];
      member.limited = shares.limited[served++];
    }
    if (member.limited) member.reason += "; its weight is more than one place in each answer, so it stands in every one";
    finding.members.push_back(std::move(member));
  }
  finding.written = finding.members.size();
  return finding;
}

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
    const Located located = locate(*served->zone, key, snapshot_.hash(key.lowercase()), question_.type, snapshot_.hash);
    finding.match = match_text(*served, located);
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
  std::string match_text(const ServedZone& served, const Located& located) const {
    const CompiledZone& zone = *served.zone;
    if (located.kind == Kind::no_name) return "the zone has no such name, nor a wildcard for it";
    const Node node = zone.node(located.node);
    const std::string owner = to_text(node.owner());
    switch (located.kind) {
      case Kind::delegation: return "delegated at " + owner + " to the servers in its NS records";
      case Kind::dname: return "below " + owner + ", whose DNAME makes it an alias";
      case Kind::wildcard: return "made up by the wildcard " + owner + ", " + content_text(served, node);
      case Kind::exists: return "the name itself, " + content_text(served, node);
      case Kind::no_name: break;
    }
    return {};
  }

  // What the node's rule says about the type in the question; null where it says nothing.
  const Shape* shape_for(const ServedZone& served, Node node) const {
    if (node.shape() == no_shape) return nullptr;
    const Shape& shape = served.shapes[node.shape()];
    if (is_address_type(question_.type)) return shape.text || shape.whoami ? nullptr : &shape;
    if (question_.type == rr_type::TXT) return shape.text || shape.whoami ? &shape : nullptr;
    const RRset rrset = node.find(question_.type);
    const bool hints = rrset && (rrset.flags() & RRset::has_hints) && rrset.signature_count() == 0 && shape.hints_follow;
    return hints ? &shape : nullptr;
  }

  std::string content_text(const ServedZone& served, Node node) const {
    const uint16_t type = question_.type;
    if (const Shape* shape = shape_for(served, node)) {
      if (shape->whoami || shape->text == &snapshot_.feed_record) return "which has a text that dnsd makes";
      if (shape->text) return "which says how many pages the pool has";
      if (is_address_type(type)) return "whose addresses come from a rule";
      return "with " + type_text(type) + " records in the master file, whose address hints come from a rule";
    }
    if (type == rr_type::ANY) return "of which one type is shown (RFC 8482)";
    if (node.find(type)) return "with " + type_text(type) + " records in the master file";
    if (node.find(rr_type::CNAME)) return "an alias by its CNAME record";
    if (node.rrsets().empty() && node.shape() == no_shape) return "which only exists because names below it do";
    return "without " + type_text(type) + " records";
  }

  void add_rule(const ServedZone& served, Node node, NameFinding& finding) {
    const Shape* shape = shape_for(served, node);
    if (!shape) return;
    const ZoneConfig& config = finding.zone->config;
    finding.rule = &config.names[shape->rule];
    if (shape->audience) finding.client = client_at(*shape, *finding.rule);
    if (shape->pinned) finding.set = data_.find_set(finding.rule->pinned.front().name);
    if (finding.client && finding.client->set) finding.set = finding.client->set;
    if (add_feed_name(finding)) return;
    if (finding.set) finding.promised = data_.promised.find(finding.set->name);
    if (finding.set || !finding.rule->pool) return;
    finding.pool = &*std::ranges::find(config.pools, *finding.rule->pool, &PoolDefinition::name);
    if (shape->page || shape->text) finding.page = page_text(served, *shape);
    const CompiledPool& compiled = *served.shapes[shape->rule].pool;
    for (const Family family : families_of(question_.type))
      finding.rings.push_back(ring_of(*finding.pool, compiled, family));
  }

  // The names by which customers follow a set. True where the name has no addresses of its own.
  static bool add_feed_name(NameFinding& finding) {
    const std::optional<FeedNames> names = feed_names(*finding.rule);
    const auto is = [&](const Name& name) { return finding.name.view() == name.view(); };
    if (!names) return false;
    if (is(names->next)) finding.page = "the pinned set as it will be after its next change";
    if (is(names->feed)) finding.page = "the feed that promises the set: its serial, digest and address";
    if (is(names->whoami)) finding.page = "who the client is: the set that it gets, and by which prefix";
    return is(names->feed) || is(names->whoami);
  }

  static std::string page_text(const ServedZone& served, const Shape& shape) {
    size_t pages = 0, number = 0;
    for (const Shape& other : served.shapes) {
      if (!other.page || other.rule != shape.rule) continue;
      ++pages;
      if (other.page == shape.page) number = pages;
    }
    if (number == 0) return "the number of pages, " + std::to_string(pages) + ", and their generation";
    return "page " + std::to_string(number) + " of " + std::to_string(pages) +
           ", for everybody; each member keeps its page, in service or not";
  }

  ClientFinding client_at(const Shape& shape, const NameRule& rule) const {
    ClientFinding finding;
    const ClientSubnetSettings& settings = snapshot_.settings.client_subnet;
    const bool has_option = question_.client_subnet && question_.client_subnet->length() > 0;
    if (!settings.used) finding.option_unused = "client_subnet.policy is ignore";
    else if (!takes_client_subnet(settings, question_.client))
      finding.option_unused = to_text(question_.client) + " is not among client_subnet.resolvers";
    else if (!has_option && question_.client_subnet)
      finding.option_unused = "a prefix of 0 bits keeps the client private";
    if (!question_.client_subnet) finding.option_unused.clear();
    finding.by_option = has_option && finding.option_unused.empty();
    finding.network = finding.by_option ? *question_.client_subnet
                                        : IpPrefix(question_.client, address_bits(question_.client.family()));
    const PinnedMatch match =
        match_pinned(shape, {finding.network.address(), finding.network.length(), finding.by_option});
    finding.scope = match.scope;
    for (size_t i = 0; i < shape.audience->sets.size(); ++i)
      if (shape.audience->sets[i] == match.set) finding.set = data_.find_set(rule.pinned[i].name);
    if (finding.set) add_customer(*finding.set, finding);
    return finding;
  }

  static void add_customer(const PinnedSet& set, ClientFinding& finding) {
    for (const PinnedClient& customer : set.clients) {
      for (const PinnedClient::Source& source : customer.sources) {
        if (!source.prefix.contains(finding.network)) continue;
        if (finding.source && finding.source->prefix.length() > source.prefix.length()) continue;
        finding.customer = &customer;
        finding.source = &source;
      }
    }
  }

  const DataDirectory& data_;
  const Snapshot& snapshot_;
  const ExplainQuestion& question_;
  const ServedZone* first_ = nullptr;  // the zone of the name in the question
};

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
  std::optional<Message> response =
      ask(**snapshot, make_query(question.name, question.type, question.client_subnet), {.source = question.client},
          question.at);
  if (!response) return Failure{"the answer is not a well-formed message"};
  Explanation explanation;
  Explainer explainer(data, **snapshot, question);
  for (const Name& name : names_on_the_way(*response, question)) explanation.names.push_back(explainer.find(name));
  explanation.response = std::move(*response);
  return explanation;
}

std::vector<Family> families_of(uint16_t type) {
  if (type == rr_type::A) return {Family::ipv4};
  if (type == rr_type::AAAA) return {Family::ipv6};
  return {Family::ipv4, Family::ipv6};
}

std::string entry_reason(const PromisedSet& set, const Promise& promise, Instant at) {
  const std::optional<Instant>& last = promise.last_answer_at;
  switch (state_at(promise, set.policy_at(at), at)) {
    case PromiseState::announced: return "not before " + to_text(promise.enabled_at);
    case PromiseState::standby: return "no address of it is in service";
    case PromiseState::active: return last ? "answered, until " + to_text(*last) : "answered";
    case PromiseState::draining:
    case PromiseState::retired:
    case PromiseState::quarantined: return "not since " + to_text(*last);
    case PromiseState::cancelled: return "never, it was cancelled at " + to_text(*promise.cancelled_at);
    case PromiseState::revoked: return "not since it was revoked at " + to_text(*promise.revoked_at);
  }
  return {};
}

}  // namespace dnsd
