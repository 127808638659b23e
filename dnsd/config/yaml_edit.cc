#include "dnsd/config/yaml_edit.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <vector>

#include "base/text.h"
#include "dnsd/config/values.h"
#include "dnsd/config/yaml_document.h"
#include "dnsd/config/yaml_edit_layout.h"
#include "dnsd/config/yaml_text.h"
#include "dnsd/config/zone_config.h"

namespace dnsd {
namespace {

// The members of one pool: where they stand in a text, and what they say.
struct Members {
  YamlDocument document;
  const YamlNode* list;  // in `document`; one child for each of `values`
  std::vector<PoolMember> values;

  uint32_t line(size_t index) const { return document.place(list->children[index]).line; }
};

Failure first_of(const Diagnostics& diagnostics) {
  const Diagnostic& first = diagnostics.all().front();
  return Failure{"line " + std::to_string(first.place.line) + ": " + first.message};
}

Failure no_pool(std::string_view name, const std::vector<PoolDefinition>& pools) {
  std::vector<std::string_view> names;
  for (const PoolDefinition& pool : pools) names.push_back(pool.name);
  const std::string_view near = closest(name, names);
  return Failure{"there is no pool '" + printable(name) + "' in this file" +
                 (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?")};
}

Result<Members> open(std::string_view text, std::string_view pool) {
  Diagnostics diagnostics;
  std::optional<ZoneConfig> config = parse_zone_config(text, "", diagnostics);
  if (!config) return first_of(diagnostics);
  std::optional<YamlDocument> document = YamlDocument::parse(text, "", diagnostics);
  if (!document) return first_of(diagnostics);
  const auto found = std::ranges::find(config->pools, pool, &PoolDefinition::name);
  if (found == config->pools.end()) return no_pool(pool, config->pools);
  Members members{std::move(*document), nullptr, std::move(found->members)};
  // Children of the root stay where they are when a document is moved; the root itself does not.
  members.list = members.document.root().find("pools")->find(pool)->find("members");
  return members;
}

// The index of each member by its address.
std::map<IpAddress, size_t> index_of(const Members& members) {
  std::map<IpAddress, size_t> indices;
  for (size_t i = 0; i < members.values.size(); ++i) indices.emplace(members.values[i].address, i);
  return indices;
}

std::string in_pool(std::string_view pool) { return " of pool '" + printable(pool) + "'"; }

Failure not_a_member(std::string_view pool, const IpAddress& address) {
  return Failure{to_text(address) + " is not a member" + in_pool(pool)};
}

// Whether zones/*.yaml may say so.
Status check_member(const PoolMember& member) {
  if (const auto address = address_value(to_text(member.address)); !address) return address.failure();
  const auto weight = number_value(std::to_string(member.weight), 0, max_weight);
  if (!weight) return weight.failure();
  if (member.site.empty()) return Done{};
  if (const auto site = text_value(member.site); !site) return site.failure();
  if (find_text_defect(member.site)) return Failure{"'" + printable(member.site) + "' is not UTF-8"};
  return Done{};
}

// ---- the proof that an edit changed nothing else -------------------------------------------------------------------

// Whether two trees say the same but for what is below `except`, a node of the first.
bool same(const YamlNode& a, const YamlNode& b, const YamlNode* except) {
  if (&a == except) return true;
  return a.kind == b.kind && a.scalar == b.scalar &&
         std::ranges::equal(a.children, b.children,
                            [&](const YamlNode& x, const YamlNode& y) { return same(x, y, except); });
}

bool same_member(const PoolMember& a, const PoolMember& b) {
  return a.address == b.address && a.weight == b.weight && a.site == b.site && a.state == b.state;
}

// The edited text if it says what the text before says, with `wanted` for the members. `first_edited` is where to look
// for the cause if not.
Result<std::string> proven(const Members& before, std::string_view pool, std::optional<std::string> edited,
                           const std::vector<PoolMember>& wanted, size_t first_edited) {
  if (edited) {
    const Result<Members> after = open(*edited, pool);
    if (after && same(before.document.root(), after->document.root(), before.list) &&
        std::ranges::equal(after->values, wanted, same_member)) {
      return std::move(*edited);
    }
  }
  return Failure{"line " + std::to_string(before.line(first_edited)) +
                 " is written in a way that cannot be changed safely; please edit it by hand"};
}

// The indices of members, in order; a Failure where one of the addresses is none.
Result<std::vector<size_t>> find_members(const Members& members, std::string_view pool,
                                         std::span<const IpAddress> addresses) {
  const std::map<IpAddress, size_t> indices = index_of(members);
  std::vector<size_t> found;
  for (const IpAddress& address : addresses) {
    const auto index = indices.find(address);
    if (index == indices.end()) return not_a_member(pool, address);
    found.push_back(index->second);
  }
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

// What is to be written of a change: nothing of what is so already. `member` becomes what is asked for.
std::vector<MemberPair> apply(const MemberChange& change, PoolMember& member) {
  std::vector<MemberPair> pairs;
  if (change.weight && *change.weight != member.weight) {
    member.weight = *change.weight;
    pairs.push_back({"weight", std::to_string(member.weight)});
  }
  if (change.site && *change.site != member.site) {
    member.site = *change.site;
    pairs.push_back({"site", scalar_text(member.site)});
  }
  if (change.state && *change.state != member.state) {
    member.state = *change.state;
    pairs.push_back({"state", std::string(to_text(member.state))});
  }
  return pairs;
}

}  // namespace

Result<std::string> add_members(std::string_view text, std::string_view pool, std::span<const PoolMember> added) {
  for (const PoolMember& member : added)
    if (const Status good = check_member(member); !good) return good.failure();
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  std::map<IpAddress, size_t> indices = index_of(*members);
  std::vector<PoolMember> wanted = members->values;
  for (const PoolMember& member : added) {
    const auto [there, fresh] = indices.emplace(member.address, wanted.size());
    if (!fresh && there->second >= members->values.size()) return Failure{to_text(member.address) + " twice"};
    if (!fresh) {
      return Failure{to_text(member.address) + " is a member" + in_pool(pool) + " already, in line " +
                     std::to_string(members->line(there->second))};
    }
    wanted.push_back(member);
  }
  if (wanted.size() > max_members) {
    return Failure{"with them there would be " + std::to_string(wanted.size()) + " members" + in_pool(pool) + "; " +
                   std::to_string(max_members) + " is the most"};
  }
  std::optional<Splices> splices = with_members(text, *members->list, added);
  std::optional<std::string> edited;
  if (splices) edited = spliced(text, std::move(*splices));
  return proven(*members, pool, std::move(edited), wanted, members->values.size() - 1);
}

Result<std::string> remove_members(std::string_view text, std::string_view pool, std::span<const IpAddress> addresses) {
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  const Result<std::vector<size_t>> removed = find_members(*members, pool, addresses);
  if (!removed) return removed.failure();
  const size_t count = members->values.size();
  if (removed->size() == count) {
    const std::string what = count == 1 ? to_text(members->values[0].address) + " is the last member"
                                        : "these " + std::to_string(count) + " are all members";
    return Failure{what + in_pool(pool) + ", and a pool needs one; remove the pool, or add another member first"};
  }
  std::vector<PoolMember> wanted;
  size_t last_kept = 0;
  for (size_t i = 0; i < count; ++i) {
    if (std::ranges::binary_search(*removed, i)) continue;
    wanted.push_back(members->values[i]);
    last_kept = i;
  }
  Splices splices;
  for (const size_t index : *removed) {
    std::optional<Splices> without = without_member(text, *members->list, index, index < last_kept);
    if (!without) return proven(*members, pool, std::nullopt, wanted, index);
    std::ranges::move(*without, std::back_inserter(splices));
  }
  return proven(*members, pool, spliced(text, std::move(splices)), wanted, removed->front());
}

Result<std::string> change_members(std::string_view text, std::string_view pool, std::span<const IpAddress> addresses,
                                   const MemberChange& change) {
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  const Result<std::vector<size_t>> changed = find_members(*members, pool, addresses);
  if (!changed) return changed.failure();
  std::vector<PoolMember> wanted = members->values;
  Splices splices;
  for (const size_t index : *changed) {
    const std::vector<MemberPair> pairs = apply(change, wanted[index]);
    if (const Status good = check_member(wanted[index]); !good) return good.failure();
    std::optional<Splices> with = with_pairs(text, members->list->children[index], pairs);
    if (!with) return proven(*members, pool, std::nullopt, wanted, index);
    std::ranges::move(*with, std::back_inserter(splices));
  }
  if (splices.empty()) return std::string(text);
  return proven(*members, pool, spliced(text, std::move(splices)), wanted, changed->front());
}

}  // namespace dnsd
