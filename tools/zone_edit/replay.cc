#include "tools/zone_edit/replay.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "tools/zone_edit/message.h"
#include "tools/zone_edit/obtainable.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr size_t most_clients_named = 3;

// ---- what changes, in words --------------------------------------------------------------------------------------

std::string described(const Obtainable& what) {
  return what.source.empty() ? "records of the master file" : what.source;
}

void compare_records(const Obtainable& before, const Obtainable& after, std::vector<std::string>& what) {
  std::vector<std::string> gone, fresh;
  std::ranges::set_difference(before.records, after.records, std::back_inserter(gone));
  std::ranges::set_difference(after.records, before.records, std::back_inserter(fresh));
  for (const std::string& record : gone) what.push_back("no longer: " + record);
  for (const std::string& record : fresh) what.push_back("new: " + record);
}

constexpr uint16_t noerror = 0, nxdomain = 3;

void compare_rcodes(uint16_t before, uint16_t after, std::vector<std::string>& what) {
  if (before == noerror && after == nxdomain)
    what.emplace_back("the name is gone");
  else if (before == nxdomain && after == noerror)
    what.emplace_back("the name is new");
  else
    what.push_back(rcode_text(before) + " becomes " + rcode_text(after));
}

// Empty where nothing changes but addresses, or nothing at all.
std::vector<std::string> compare(const Obtainable& before, const Obtainable& after) {
  std::vector<std::string> what;
  if (before.rcode != after.rcode) compare_rcodes(before.rcode, after.rcode, what);
  const bool shaped_once = !before.source.empty() || !after.source.empty();
  if (before.source != after.source && before.rcode == after.rcode) {
    what.push_back("moves from " + described(before) + " to " + described(after));
  } else if (shaped_once && before.addresses != after.addresses) {
    const std::string& source = after.source.empty() ? before.source : after.source;
    what.push_back(after.by_client ? "other addresses of " + source + " for these clients"
                                   : "other addresses in " + source);
  }
  if (before.ttl != after.ttl && before.ttl != 0 && after.ttl != 0)
    what.push_back("TTL " + std::to_string(before.ttl) + " becomes " + std::to_string(after.ttl));
  compare_records(before, after, what);
  return what;
}

// ---- clients -----------------------------------------------------------------------------------------------------

struct ClientKey {
  IpAddress source;
  std::string subnet;  // the data of the option
  bool operator==(const ClientKey&) const = default;
};

struct ClientHash {
  size_t operator()(const ClientKey& key) const {
    const NetworkKey number = network_key(key.source, address_bits(key.source.family()));
    return hash_of(number, key.source.family()) ^ std::hash<std::string>()(key.subnet);
  }
};

Bytes octets_of(const std::string& text) { return {reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }

std::string client_text(const ClientKey& key) {
  if (key.subnet.empty()) return to_text(key.source);
  const ClientNetworkAddress network = client_network(octets_of(key.subnet), key.source);
  if (!network.by_option) return to_text(key.source);
  return to_text(IpPrefix(network.address, network.bits)) + " by " + to_text(key.source);
}

// ---- groups ------------------------------------------------------------------------------------------------------

struct Group {
  std::set<IpAddress> appear, vanish;
  uint64_t queries = 0;
  std::map<std::string, uint64_t> names;
  std::unordered_map<uint32_t, uint64_t> clients;
};

// Those of `all` that `known` lacks. Both are sorted.
void add_missing(const std::vector<IpAddress>& all, const std::vector<IpAddress>& known, std::set<IpAddress>& out) {
  std::ranges::set_difference(all, known, std::inserter(out, out.end()));
}

template <typename Entry>
void busiest_first(std::vector<Entry>& entries) {
  std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) { return a.queries > b.queries; });
}

}  // namespace

class Replay::State {
 public:
  State(Obtainables served, Obtainables edited) : served_(std::move(served)), edited_(std::move(edited)) {}

  void take(const LoggedQuery& query) {
    const uint32_t question = question_of(query), client = client_of(query);
    ++counts_[uint64_t{client} << 32 | question];
    if (!first_ || query.at < *first_) first_ = query.at;
    if (!last_ || query.at > *last_) last_ = query.at;
  }

  ReplayResult result() const {
    ReplayResult result;
    result.clients = clients_.size();
    result.first = first_;
    result.last = last_;
    std::vector<bool> touched(clients_.size());
    Groups groups;
    for (const auto& [key, queries] : counts_) {
      const auto client = static_cast<uint32_t>(key >> 32), question = static_cast<uint32_t>(key);
      result.queries += queries;
      Group* group = group_of(question, client, groups);
      if (!group) {
        result.unchanged_queries += queries;
        continue;
      }
      touched[client] = true;
      group->queries += queries;
      group->clients[client] += queries;
      group->names[questions_[question].text] += queries;
    }
    result.unchanged_clients = static_cast<uint64_t>(std::ranges::count(touched, false));
    for (const auto& [what, group] : groups.by_change) result.groups.push_back(finished(what, group));
    busiest_first(result.groups);
    return result;
  }

 private:
  struct Question {
    std::string text;
    Obtainables::Plan before, after;
  };
  // Clients are told apart by what they get before and after; null where that is the same.
  struct Groups {
    std::map<std::vector<std::string>, Group> by_change;
    std::map<std::tuple<uint32_t, uint64_t, uint64_t>, Group*> by_answers;  // and the question
  };

  uint32_t question_of(const LoggedQuery& query) {
    key_.assign(reinterpret_cast<const char*>(query.name.data()), query.name.size());
    for (char& c : key_) c = ascii_lower(c);
    key_.push_back(static_cast<char>(query.type >> 8));
    key_.push_back(static_cast<char>(query.type & 0xff));
    const auto [at, fresh] = question_numbers_.try_emplace(key_, static_cast<uint32_t>(questions_.size()));
    if (fresh) {
      Name name{NameView(query.name)};
      name.lowercase();
      questions_.push_back({to_text(name) + " " + type_text(query.type), served_.plan(name, query.type),
                            edited_.plan(name, query.type)});
    }
    return at->second;
  }

  uint32_t client_of(const LoggedQuery& query) {
    ClientKey key{query.source, {query.client_subnet.begin(), query.client_subnet.end()}};
    const auto [at, fresh] = client_numbers_.try_emplace(std::move(key), static_cast<uint32_t>(clients_.size()));
    if (fresh) clients_.push_back(&at->first);
    return at->second;
  }

  Group* group_of(uint32_t number, uint32_t client, Groups& groups) const {
    const Question& question = questions_[number];
    const ClientKey& who = *clients_[client];
    const uint64_t before = served_.number(question.before, who.source, octets_of(who.subnet));
    const uint64_t after = edited_.number(question.after, who.source, octets_of(who.subnet));
    const auto [known, fresh] = groups.by_answers.try_emplace({number, before, after}, nullptr);
    if (!fresh) return known->second;
    const Obtainable old_answer = served_.get(question.before, before),
                     new_answer = edited_.get(question.after, after);
    const std::vector<std::string> what = compare(old_answer, new_answer);
    if (what.empty()) return nullptr;
    Group& group = groups.by_change[what];
    add_missing(new_answer.addresses, old_answer.addresses, group.appear);
    add_missing(old_answer.addresses, new_answer.addresses, group.vanish);
    return known->second = &group;
  }

  ChangeGroup finished(const std::vector<std::string>& what, const Group& group) const {
    ChangeGroup out;
    out.what = what;
    out.queries = group.queries;
    out.clients = group.clients.size();
    out.appear.assign(group.appear.begin(), group.appear.end());
    out.vanish.assign(group.vanish.begin(), group.vanish.end());
    for (const auto& [name, queries] : group.names) out.names.push_back({name, queries});
    busiest_first(out.names);
    for (const auto& [client, queries] : group.clients)
      out.busiest.push_back({client_text(*clients_[client]), queries});
    std::ranges::sort(out.busiest, {}, &ChangeGroup::Client::network);
    busiest_first(out.busiest);
    if (out.busiest.size() > most_clients_named) out.busiest.resize(most_clients_named);
    return out;
  }

  Obtainables served_, edited_;
  std::unordered_map<std::string, uint32_t> question_numbers_;
  std::vector<Question> questions_;
  std::unordered_map<ClientKey, uint32_t, ClientHash> client_numbers_;
  std::vector<const ClientKey*> clients_;
  std::unordered_map<uint64_t, uint64_t> counts_;  // queries, by client and question
  std::optional<Instant> first_, last_;
  std::string key_;
};

Result<Replay> Replay::make(const DataDirectory& served, const DataDirectory& edited, Instant now) {
  Result<Obtainables> before = Obtainables::make(served, now, nullptr);
  if (!before) return before.failure();
  Result<Obtainables> after = Obtainables::make(edited, now, &before->snapshot());
  if (!after) return after.failure();
  return Replay(std::make_unique<State>(std::move(*before), std::move(*after)));
}

void Replay::take(const LoggedQuery& query) { state_->take(query); }
ReplayResult Replay::result() const { return state_->result(); }

Replay::Replay(std::unique_ptr<State> state) : state_(std::move(state)) {}
Replay::Replay(Replay&&) noexcept = default;
Replay::~Replay() = default;

}  // namespace dnsd
