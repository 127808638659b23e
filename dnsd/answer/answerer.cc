#include "dnsd/answer/answerer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "dnsd/answer/hints.h"
#include "dnsd/snapshot/stored_record.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr bool is_address_type(uint16_t type) { return type == rr_type::A || type == rr_type::AAAA; }

// MINIMUM is the last field, EXPIRE the one before it (RFC 1035 3.3.13).
uint32_t soa_expire(Bytes record) { return load32(record.last(8).data()); }

}  // namespace

void Answerer::answer() {
  if (!served_) {
    writer_.opt().set_error(ExtendedError::not_authoritative);
    return writer_.set_rcode(Rcode::REFUSED);
  }
  zone_ = served_->zone.get();
  if (query_.edns.dnssec_ok && zone_->is_signed()) denial_.emplace(*zone_, snapshot_.hash);
  writer_.set_authoritative();
  const NameView question(query_.packet.subspan(header_size, query_.name.size()));
  const bool aliased = answer_name(question, query_.name, located_) == Outcome::alias;
  if (aliased) follow_aliases(question);
  if (scope_ > 0) writer_.opt().set_scope(scope_);
  if (denial_ && !denial_->write(writer_)) writer_.set_truncated();
  if (!addresses_of_) return;
  const NameView owner = cut_ != no_node ? zone_->node(cut_).owner() : aliased ? alias_ : question;
  add_addresses(owner);
  if (denial_) add_signatures_of_addresses(owner);
}

// Aliases are followed inside the zone only: what another zone says, a resolver would have to ask there anyway. A
// name that comes back is a loop: the client has the whole of it then.
void Answerer::follow_aliases(NameView question) {
  std::array<NameView, most_aliases> seen;
  for (size_t n = 0; n < most_aliases; ++n) {
    const NameView owner = seen[n] = alias_;
    if (!owner.is_at_or_below(zone_->origin()) || owner == question) return;
    if (std::find(seen.begin(), seen.begin() + n, owner) != seen.begin() + n) return;
    NameKey key;
    key.set(owner.wire());
    const Located at = locate(*zone_, key, snapshot_.hash(key.lowercase()), query_.type, snapshot_.hash);
    if (answer_name(owner, key, at) != Outcome::alias) return;
  }
}

Outcome Answerer::answer_name(NameView owner, const NameKey& key, const Located& at) {
  const Outcome outcome = answer_from(owner, at);
  if (denial_) denial_->note(key, at, outcome);
  return outcome;
}

Outcome Answerer::answer_from(NameView owner, const Located& at) {
  switch (at.kind) {
    case Located::Kind::exists:
    case Located::Kind::wildcard: return answer_node(owner, zone_->node(at.node));
    case Located::Kind::delegation: return refer(at.node);
    case Located::Kind::dname: return answer_dname(owner, at.node);
    case Located::Kind::no_name: break;
  }
  return deny(Rcode::NXDOMAIN);
}

const Shape* Answerer::shape_of(Node node) const {
  const uint32_t number = node.shape();
  return number == no_shape ? nullptr : &served_->shapes[number];
}

Outcome Answerer::answer_node(NameView owner, Node node) {
  const Shape* shape = shape_of(node);
  if (shape && is_address_type(query_.type))
    return answer_shape(owner, *shape, query_.type) ? Outcome::answered : deny(Rcode::NOERROR);
  if (shape && query_.type == rr_type::TXT && answer_text(owner, *shape)) return Outcome::answered;
  if (query_.type == rr_type::RRSIG && answer_signatures(owner, node)) return Outcome::answered;
  // What is asked for may stand beside an alias: NSEC (RFC 4035 2.5).
  RRset cname;
  for (const RRset rrset : node.rrsets()) {
    if (rrset.type() == query_.type) {
      // A signature covers what is written.
      const bool may_have = shape && (rrset.flags() & RRset::has_hints) && rrset.signature_count() == 0;
      return may_have && shape->hints_follow ? answer_with_hints(owner, *shape, rrset) : answer_rrset(owner, rrset);
    }
    if (rrset.type() == rr_type::CNAME) cname = rrset;
  }
  if (query_.type == rr_type::ANY) return answer_any(owner, node);
  if (!cname) return deny(Rcode::NOERROR);
  add_required(Section::answer, owner, cname);
  alias_ = NameView(cname.records().subspan(stored_record::rdata_at));
  return Outcome::alias;
}

// One RRset of those there are (RFC 8482 4.1): enough for who looks whether a name exists, useless for who amplifies.
Outcome Answerer::answer_any(NameView owner, Node node) {
  if (const Shape* shape = shape_of(node)) {
    if (answer_shape(owner, *shape, rr_type::A) || answer_shape(owner, *shape, rr_type::AAAA)) return Outcome::answered;
    if (answer_text(owner, *shape)) return Outcome::answered;
  }
  if (node.rrsets().empty()) return deny(Rcode::NOERROR);
  return answer_rrset(owner, node.rrsets().front());
}

// All signatures at the name, DO or not: it is what was asked for. False where it has none.
bool Answerer::answer_signatures(NameView owner, Node node) {
  bool any = false;
  for (const RRset rrset : node.rrsets()) {
    const bool stray = rrset.type() == rr_type::RRSIG;
    const uint16_t count = stray ? rrset.count() : rrset.signature_count();
    const Bytes records = stray ? rrset.records() : rrset.signatures();
    if (!writer_.add(Section::answer, owner, rr_type::RRSIG, records, count)) writer_.set_truncated();
    any = any || count > 0;
  }
  return any;
}

Outcome Answerer::answer_rrset(NameView owner, RRset rrset) {
  add_required(Section::answer, owner, rrset);
  if (rrset.type() == rr_type::SOA) writer_.opt().set_expire(soa_expire(rrset.records()));
  if (rrset.target_count() > 0) addresses_of_ = rrset;
  return Outcome::answered;
}

ShapedAnswer Answerer::shaped(const Shape& shape, Family family, size_t room) {
  const ClientNetworkAddress network = client_network(query_.edns.client_subnet, client_.source);
  unsigned scope = 0;
  const ShapedAnswer answer = shape_answer(shape, family, network, now_, room, state_, scope);
  if (network.by_option) scope_ = std::max(scope_, scope);
  return answer;
}

// False where the name has no address of this family for this client.
bool Answerer::answer_shape(NameView owner, const Shape& shape, uint16_t type) {
  const ShapedAnswer answer = shaped(shape, family_of(type), writer_.room());
  if (answer.count() == 0) return false;
  bool fits = true;
  if (writer_.is_question(owner)) [[likely]] {
    uint8_t* at = writer_.claim(Section::answer, answer.octets(), answer.count());
    if (at) answer.copy_to(at);
    fits = at != nullptr;
  } else {
    std::array<uint8_t, max_cap * address_record_size(Family::ipv6)> records;
    fits = answer.octets() <= records.size();  // always, for no checked set has more than max_cap
    if (fits) answer.copy_to(records.data());
    fits = fits && writer_.add(Section::answer, owner, type, Bytes(records).first(answer.octets()), answer.count());
  }
  if (!fits) writer_.set_truncated();
  return true;
}

// How many pages a pool has, which feed promises a set, who the client is. False where the name says nothing of these.
bool Answerer::answer_text(NameView owner, const Shape& shape) {
  if (shape.whoami) return answer_whoami(owner, *shape.whoami);
  if (!shape.text) return false;
  if (!writer_.add(Section::answer, owner, rr_type::TXT, *shape.text, 1)) writer_.set_truncated();
  return true;
}

// Neighbours may be in other prefixes of the same set: the scope is the client's own network.
bool Answerer::answer_whoami(NameView owner, const Whoami& whoami) {
  const ClientNetworkAddress network = client_network(query_.edns.client_subnet, client_.source);
  std::array<uint8_t, Whoami::most_octets> record;
  const size_t size = whoami.write(network.address, network.bits, record);
  if (network.by_option) scope_ = std::max(scope_, static_cast<unsigned>(network.bits));
  if (!writer_.add(Section::answer, owner, rr_type::TXT, Bytes(record).first(size), 1)) writer_.set_truncated();
  return true;
}

// All records name the same addresses, those that A and AAAA would: who connects by them meets the same members.
Outcome Answerer::answer_with_hints(NameView owner, const Shape& shape, RRset services) {
  constexpr size_t all = max_cap * address_record_size(Family::ipv6);
  const ShapedAnswer v4 = shaped(shape, Family::ipv4, all), v6 = shaped(shape, Family::ipv6, all);
  std::array<uint8_t, stored_record::rdata_at + UINT16_MAX> buffer;
  Bytes records = services.records();
  for (uint32_t i = 0; i < services.count(); ++i) {
    Bytes record = records.first(stored_record::size(records.data()));
    records = records.subspan(record.size());
    if (is_own_service(record, owner)) {
      const size_t size = write_with_hints(record, v4, v6, buffer);
      if (size > 0) record = Bytes(buffer).first(size);
    }
    if (!writer_.add(Section::answer, owner, services.type(), record, 1)) writer_.set_truncated();
  }
  if (services.target_count() > 0) addresses_of_ = services;
  return Outcome::answered;
}

// The DNAME, the CNAME it implies (RFC 6672 3.1), and on with the new name.
Outcome Answerer::answer_dname(NameView owner, NodeId node) {
  const NameView dname_owner = zone_->node(node).owner();
  const RRset dname = zone_->node(node).find(rr_type::DNAME);
  const uint8_t* record = dname.records().data();
  const NameView target(dname.records().subspan(stored_record::rdata_at));
  // A DNAME that leads below itself, or two that lead below each other, stand once, however often they are used.
  const auto used = dnames_.begin() + static_cast<ptrdiff_t>(aliases_);
  if (std::find(dnames_.begin(), used, node) == used) add_required(Section::answer, dname_owner, dname);
  dnames_[aliases_] = node;
  const size_t kept = owner.size() - dname_owner.size();
  if (kept + target.size() > max_name_octets) {
    writer_.set_rcode(Rcode::YXDOMAIN);
    return Outcome::answered;
  }
  std::array<uint8_t, max_name_octets>& made = made_[aliases_++];
  std::memcpy(made.data(), owner.data(), kept);
  std::memcpy(made.data() + kept, target.data(), target.size());
  alias_ = NameView(Bytes(made).first(kept + target.size()));
  if (!writer_.add_name_record(Section::answer, owner, rr_type::CNAME, load32(record + stored_record::ttl_at),
                               alias_))
    writer_.set_truncated();
  return query_.type == rr_type::CNAME ? Outcome::answered : Outcome::alias;
}

// A referral: the NS records of the cut and the addresses that are found below it (RFC 1034 4.2.1).
Outcome Answerer::refer(NodeId cut) {
  const RRset ns = zone_->node(cut).find(rr_type::NS);
  // AA speaks of the first owner name in the answer section, which may be an alias of ours (RFC 1035 4.1.1).
  if (writer_.count(Section::answer) == 0) writer_.clear_authoritative();
  add_required(Section::authority, zone_->node(cut).owner(), ns);
  addresses_of_ = ns;
  cut_ = cut;
  return Outcome::referral;
}

Outcome Answerer::deny(Rcode rcode) {
  writer_.set_rcode(rcode);
  if (writer_.is_empty() && !denial_) [[likely]] {
    if (!writer_.add_soa(zone_->ready_soa(), zone_->apex_labels())) writer_.set_truncated();
  } else {
    add_required(Section::authority, zone_->origin(), zone_->negative_soa());
  }
  return rcode == Rcode::NXDOMAIN ? Outcome::no_name : Outcome::no_data;
}

void Answerer::add_required(Section section, NameView owner, RRset rrset) {
  if (!writer_.add(section, owner, rrset, denial_.has_value())) writer_.set_truncated();
}

// Calls visit(name, RRset) for what the RRset of the additional section leads to and the answer does not have already:
// itself, and the alias that led to it. A wildcard may name its owner in two ways.
template <typename Visit>
void Answerer::for_each_additional(NameView owner, Visit visit) const {
  const bool by_alias = !writer_.is_question(owner);
  std::optional<uint32_t> owner_as;
  for (const Target& target : zone_->targets(addresses_of_)) {
    const NameView name = target.name == Target::the_owner ? owner : zone_->name_at(target.name);
    const RRset found = zone_->rrset(target);
    if (name == owner) {
      if (found.type() == addresses_of_.type() || (owner_as && *owner_as != target.name)) continue;
      owner_as = target.name;
    }
    if (found.type() == rr_type::CNAME && by_alias) continue;
    visit(name, found);
  }
}

// `owner` has the RRset of the additional section. Addresses of a referral that lie below the cut are needed to get
// there, so they come first, and without room for them the answer counts as truncated (RFC 9471 3.1); all others are a
// courtesy.
void Answerer::add_addresses(NameView owner) {
  const auto add = [&](bool needed_ones) {
    for_each_additional(owner, [&](NameView name, RRset found) {
      const bool needed = cut_ != no_node && name.is_at_or_below(owner);
      if (needed != needed_ones) return;
      if (writer_.add(Section::additional, name, found.type(), found.records(), found.count())) return;
      addresses_left_out_ = true;
      if (needed) writer_.set_truncated();
    });
  };
  if (cut_ != no_node) add(true);
  add(false);
}

// What signs them, after all of these: as many as there is room for (RFC 4035 3.1.1).
void Answerer::add_signatures_of_addresses(NameView owner) {
  if (addresses_left_out_) return;
  for_each_additional(owner, [&](NameView name, RRset found) {
    if (found.signature_count() > 0)
      writer_.add(Section::additional, name, rr_type::RRSIG, found.signatures(), found.signature_count());
  });
}

}  // namespace dnsd
