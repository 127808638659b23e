#include "dnsd/config/yaml_edit.h"

#include <algorithm>
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

std::optional<size_t> index_of(const Members& members, const IpAddress& address) {
  const auto found = std::ranges::find(members.values, address, &PoolMember::address);
  if (found == members.values.end()) return std::nullopt;
  return static_cast<size_t>(found - members.values.begin());
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

// The edited text if it says what the text before says, with `wanted` for the members.
Result<std::string> proven(const Members& before, std::string_view pool, std::optional<std::string> edited,
                           const std::vector<PoolMember>& wanted, size_t edited_index) {
  if (edited) {
    const Result<Members> after = open(*edited, pool);
    if (after && same(before.document.root(), after->document.root(), before.list) &&
        std::ranges::equal(after->values, wanted, same_member)) {
      return std::move(*edited);
    }
  }
  return Failure{"line " + std::to_string(before.line(edited_index)) +
                 " is written in a way that cannot be changed safely; please edit it by hand"};
}

}  // namespace

Result<std::string> add_member(std::string_view text, std::string_view pool, const PoolMember& member) {
  if (const Status good = check_member(member); !good) return good.failure();
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  if (const std::optional<size_t> index = index_of(*members, member.address)) {
    return Failure{to_text(member.address) + " is a member" + in_pool(pool) + " already, in line " +
                   std::to_string(members->line(*index))};
  }
  std::vector<PoolMember> wanted = members->values;
  wanted.push_back(member);
  return proven(*members, pool, with_member(text, *members->list, member), wanted, members->values.size() - 1);
}

Result<std::string> remove_member(std::string_view text, std::string_view pool, const IpAddress& address) {
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  const std::optional<size_t> index = index_of(*members, address);
  if (!index) return not_a_member(pool, address);
  if (members->values.size() == 1) {
    return Failure{to_text(address) + " is the last member" + in_pool(pool) +
                   ", and a pool needs one; remove the pool, or add another member first"};
  }
  std::vector<PoolMember> wanted = members->values;
  wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(*index));
  return proven(*members, pool, without_member(text, *members->list, *index), wanted, *index);
}

Result<std::string> set_member_state(std::string_view text, std::string_view pool, const IpAddress& address,
                                     MemberState state) {
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  const std::optional<size_t> index = index_of(*members, address);
  if (!index) return not_a_member(pool, address);
  const std::string word(to_text(state));
  std::vector<PoolMember> wanted = members->values;
  if (wanted[*index].state == state) {
    return Failure{to_text(address) + in_pool(pool) + " is already in state '" + word + "'"};
  }
  wanted[*index].state = state;
  return proven(*members, pool, with_state(text, members->list->children[*index], word), wanted, *index);
}

}  // namespace dnsd
