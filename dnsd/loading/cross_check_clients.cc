// The networks of clients, where several sets or EDNS Client Subnet (RFC 7871) come into it.
//
// There may be a million of them: everything here sorts them once and walks along.
#include "dnsd/loading/cross_check_context.h"

#include <algorithm>
#include <map>
#include <set>

namespace dnsd::cross_checks {
namespace {

constexpr size_t most_listed = 5;  // of what a set may have thousands of

// So that what was listed is not taken for all.
std::string rest_text(size_t more) { return "and " + std::to_string(more) + " more such in this set"; }

struct Network {
  const PinnedSet* set;
  const PinnedClient* client;
  const PinnedClient::Source* source;

  const IpPrefix& prefix() const { return source->prefix; }
  Place place() const { return client->place_of(*source); }
  std::string text() const { return to_text(prefix()) + " of the pinned set '" + set->name + "' at " + at(place()); }
};

void append_networks(const PinnedSet& set, std::vector<Network>& networks) {
  for (const PinnedClient& client : set.clients)
    for (const PinnedClient::Source& source : client.sources) networks.push_back({&set, &client, &source});
}

// Reports a kind of finding for each network it is about, up to most_listed in a set, and how many more there are.
class Listed {
 public:
  Listed(Context& in, Severity severity) : in_(in), severity_(severity) {}
  // `message` is called for those that are listed only.
  template <typename Message>
  void add(const Network& network, Message message) {
    More& more = more_[network.set];
    if (more.listed++ < most_listed) return say(network.place(), message());
    if (more.listed == most_listed + 1) more.first = network.place();
  }
  ~Listed() {
    for (const auto& [set, more] : more_)
      if (more.listed > most_listed) say(more.first, rest_text(more.listed - most_listed));
  }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

 private:
  struct More {
    size_t listed = 0;
    Place first;
  };
  void say(const Place& place, std::string message) {
    if (severity_ == Severity::error) return in_.error(place, std::move(message));
    in_.warning(place, std::move(message));
  }
  Context& in_;
  const Severity severity_;
  std::map<const PinnedSet*, More> more_;
};

// The networks of all sets of a name in order: those that contain a network come before it, so that a stack of them is
// all there is to look at.
void compare_networks(Context& in, const NameRule& rule, std::vector<Network> networks) {
  std::ranges::stable_sort(networks, {}, &Network::prefix);
  Listed same(in, Severity::error), inside(in, Severity::warning);
  std::vector<const Network*> around;
  for (const Network& network : networks) {
    while (!around.empty() && !around.back()->prefix().contains(network.prefix())) around.pop_back();
    const Network* outer = around.empty() ? nullptr : around.back();
    around.push_back(&network);
    if (!outer || outer->set == network.set) continue;
    if (outer->prefix() == network.prefix()) {
      same.add(network, [&] {
        return outer->text() + " is also of the pinned set '" + network.set->name + "': at " + to_text(rule.owner) +
               " (" + at(rule.place) + ") nobody can say which of the two its clients get";
      });
    } else {
      inside.add(network, [&] {
        return to_text(network.prefix()) + " of the pinned set '" + network.set->name + "' is inside " + outer->text() +
               ": at " + to_text(rule.owner) + " its clients get '" + network.set->name +
               "', for the longer prefix wins, and the others in " + to_text(outer->prefix()) + " get '" +
               outer->set->name + "'";
      });
    }
  }
}

// The sets at a name that there are, each once.
std::set<const PinnedSet*> sets_of(Context& in, const NameRule& rule) {
  std::set<const PinnedSet*> sets;
  for (const NameRule::Set& at_name : rule.pinned)
    if (const PinnedSet* set = in.data.find_set(at_name.name)) sets.insert(set);
  return sets;
}

constexpr ClientNetwork sent_by_public_resolvers;  // RFC 7871 11.1 recommends these lengths, and they keep to it

// A client on this very machine: no resolver will ever speak of it.
bool is_loopback(const IpPrefix& prefix) {
  static const IpPrefix ipv4 = *IpPrefix::parse("127.0.0.0/8"), ipv6 = *IpPrefix::parse("::1/128");
  return ipv4.contains(prefix) || ipv6.contains(prefix);
}

void long_prefixes_of(Context& in, const PinnedSet& set) {
  Listed listed(in, Severity::warning);
  std::vector<Network> networks;
  append_networks(set, networks);
  for (const Network& network : networks) {
    const bool ipv4 = network.prefix().family() == Family::ipv4;
    const unsigned sent = ipv4 ? sent_by_public_resolvers.ipv4 : sent_by_public_resolvers.ipv6;
    if (network.prefix().length() <= sent || is_loopback(network.prefix())) continue;
    listed.add(network, [&] {
      return "big public resolvers send no more than /" + std::to_string(sent) + " of an " + (ipv4 ? "IPv4" : "IPv6") +
             " address by EDNS Client Subnet: " + to_text(network.prefix()) +
             " is longer and will match by source address only";
    });
  }
}

}  // namespace

void clients_are_of_one_set(Context& in) {
  std::set<std::set<const PinnedSet*>> compared;
  for (const LoadedZone& zone : in.data.zones) {
    for (const NameRule& rule : zone.config.names) {
      const std::set<const PinnedSet*> sets = sets_of(in, rule);
      if (!rule.pool || sets.size() < 2 || !compared.insert(sets).second) continue;
      std::vector<Network> networks;
      for (const NameRule::Set& at_name : rule.pinned)
        if (const PinnedSet* set = in.data.find_set(at_name.name)) append_networks(*set, networks);
      compare_networks(in, rule, std::move(networks));
    }
  }
}

void clients_match_by_client_subnet(Context& in) {
  if (in.data.config.runtime.client_subnet.policy == ClientSubnetPolicy::ignore) return;
  std::set<const PinnedSet*> deciding;
  for (const LoadedZone& zone : in.data.zones)
    for (const NameRule& rule : zone.config.names)
      if (rule.pool) deciding.merge(sets_of(in, rule));
  for (const PinnedSet* set : deciding) long_prefixes_of(in, *set);
}

}  // namespace dnsd::cross_checks
