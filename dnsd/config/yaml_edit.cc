#include "dnsd/config/yaml_edit.h"

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

// Where the members of one pool are in a text.
struct Members {
  YamlDocument document;
  const YamlNode* list;  // in `document`
};

Result<YamlDocument> parse(std::string_view text) {
  Diagnostics diagnostics;
  std::optional<YamlDocument> document = YamlDocument::parse(text, "", diagnostics);
  if (document && !diagnostics.has_errors()) return std::move(*document);
  const Diagnostic& first = diagnostics.all().front();
  return Failure{"line " + std::to_string(first.place.line) + ": " + first.message};
}

Result<const YamlNode*> find_members(const YamlDocument& document, std::string_view pool) {
  const YamlNode* pools = document.root().find("pools");
  const YamlNode* found = pools ? pools->find(pool) : nullptr;
  if (!found) {
    std::vector<std::string_view> names;
    for (size_t i = 0; pools && i < pools->pairs(); ++i) names.push_back(pools->key(i).scalar);
    const std::string_view near = closest(pool, names);
    return Failure{"there is no pool '" + printable(pool) + "' in this file" +
                   (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?")};
  }
  const YamlNode* members = found->find("members");
  if (!members || members->kind != YamlNode::Kind::sequence || members->children.empty()) {
    return Failure{"pool '" + printable(pool) + "' has no list of members"};
  }
  return members;
}

Result<Members> open(std::string_view text, std::string_view pool) {
  Result<YamlDocument> document = parse(text);
  if (!document) return document.failure();
  Members members{std::move(*document), nullptr};
  // Children of the root stay where they are when a document is moved; the root itself does not.
  const Result<const YamlNode*> list = find_members(members.document, pool);
  if (!list) return list.failure();
  members.list = *list;
  return members;
}

std::optional<size_t> index_of(const YamlNode& members, const IpAddress& address) {
  for (size_t i = 0; i < members.children.size(); ++i) {
    const YamlNode* value = members.children[i].find("address");
    if (!value || value->kind != YamlNode::Kind::scalar) continue;
    const Result<IpAddress> parsed = IpAddress::parse(value->scalar);
    if (parsed && *parsed == address) return i;
  }
  return std::nullopt;
}

Failure not_a_member(std::string_view pool, const IpAddress& address) {
  return Failure{to_text(address) + " is not a member of pool '" + printable(pool) + "'"};
}

// ---- the proof that an edit changed nothing else --------------------------------------------------------------------

bool same(const YamlNode& a, const YamlNode& b, const YamlNode* except = nullptr) {
  if (&a == except) return true;
  if (a.kind != b.kind || a.scalar != b.scalar || a.children.size() != b.children.size()) return false;
  for (size_t i = 0; i < a.children.size(); ++i) {
    if (!same(a.children[i], b.children[i], except)) return false;
  }
  return true;
}

bool same_range(const std::vector<YamlNode>& a, size_t a_begin, const std::vector<YamlNode>& b, size_t b_begin,
                size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!same(a[a_begin + i], b[b_begin + i])) return false;
  }
  return true;
}

bool has_scalar(const YamlNode& mapping, std::string_view key, std::string_view value) {
  const YamlNode* found = mapping.find(key);
  return found && found->kind == YamlNode::Kind::scalar && found->scalar == value;
}

// Whether `node` says `member` and nothing else.
bool says(const YamlNode& node, const PoolMember& member) {
  size_t keys = 1;
  if (!has_scalar(node, "address", to_text(member.address))) return false;
  if (node.find("weight") && ++keys && !has_scalar(node, "weight", std::to_string(member.weight))) return false;
  if (!member.site.empty() && ++keys && !has_scalar(node, "site", member.site)) return false;
  if (member.state != MemberState::in && ++keys && !has_scalar(node, "state", to_text(member.state))) return false;
  return node.pairs() == keys && (member.weight == 1 || node.find("weight"));
}

// Whether two members are equal but for the state, and the second is in `state`.
bool differs_in_state(const YamlNode& before, const YamlNode& after, MemberState state) {
  if (!has_scalar(after, "state", to_text(state))) return false;
  size_t others = 0;
  for (size_t i = 0; i < before.pairs(); ++i) {
    if (before.key(i).scalar == "state") continue;
    const YamlNode* value = after.find(before.key(i).scalar);
    if (!value || !same(before.value(i), *value)) return false;
    ++others;
  }
  return after.pairs() == others + 1;
}

// Reads the edited text and lets is_wanted(members before, members after) judge; outside the list nothing may differ.
template <typename IsWanted>
Result<std::string> proven(const Members& before, std::string_view pool, std::string edited, const YamlNode& where,
                           IsWanted is_wanted) {
  const Result<Members> after = open(edited, pool);
  if (after && same(before.document.root(), after->document.root(), before.list) &&
      is_wanted(before.list->children, after->list->children)) {
    return edited;
  }
  return Failure{"line " + std::to_string(before.document.place(where).line) +
                 " is written in a way that cannot be changed safely; please edit it by hand"};
}

// The member as zones/*.yaml may have it.
Status check_member(const PoolMember& member) {
  if (const auto address = address_value(to_text(member.address)); !address) return address.failure();
  if (const auto weight = number_value(std::to_string(member.weight), 0, max_weight); !weight) return weight.failure();
  if (member.site.empty()) return Done{};
  if (const auto site = text_value(member.site); !site) return site.failure();
  if (find_text_defect(member.site)) return Failure{"'" + printable(member.site) + "' is not UTF-8"};
  return Done{};
}

}  // namespace

Result<std::string> add_member(std::string_view text, std::string_view pool, const PoolMember& member) {
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  const YamlNode& list = *members->list;
  if (const std::optional<size_t> index = index_of(list, member.address)) {
    return Failure{to_text(member.address) + " is a member of pool '" + printable(pool) + "' already, in line " +
                   std::to_string(members->document.place(list.children[*index]).line)};
  }
  const YamlNode& last = list.children.back();
  const std::string added = member_text(text, member, last);
  std::optional<std::string> edited = list.flow ? add_in_brackets(text, last, added) : add_line(text, last, added);
  return proven(*members, pool, std::move(edited).value_or(""), last, [&](const auto& before, const auto& after) {
    return after.size() == before.size() + 1 && same_range(before, 0, after, 0, before.size()) &&
           says(after.back(), member);
  });
}

Result<std::string> remove_member(std::string_view text, std::string_view pool, const IpAddress& address) {
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  const YamlNode& list = *members->list;
  const std::optional<size_t> index = index_of(list, address);
  if (!index) return not_a_member(pool, address);
  if (list.children.size() == 1) {
    return Failure{to_text(address) + " is the last member of pool '" + printable(pool) +
                   "', and a pool needs one; remove the pool, or add another member first"};
  }
  const YamlNode& item = list.children[*index];
  const std::optional<size_t> dash = dash_of(text, item);
  std::optional<std::string> edited;
  if (list.flow) {
    edited = remove_in_brackets(text, list, *index);
  } else if (dash) {
    edited = remove_lines(text, *dash, rest_of_line(text, item.end, false));
  }
  return proven(*members, pool, std::move(edited).value_or(""), item, [&](const auto& before, const auto& after) {
    return after.size() + 1 == before.size() && same_range(before, 0, after, 0, *index) &&
           same_range(before, *index + 1, after, *index, after.size() - *index);
  });
}

Result<std::string> set_member_state(std::string_view text, std::string_view pool, const IpAddress& address,
                                     MemberState state) {
  const Result<Members> members = open(text, pool);
  if (!members) return members.failure();
  const YamlNode& list = *members->list;
  const std::optional<size_t> index = index_of(list, address);
  if (!index) return not_a_member(pool, address);
  const YamlNode& item = list.children[*index];
  const YamlNode* old = item.find("state");
  const bool is_so = old ? has_scalar(item, "state", to_text(state)) : state == MemberState::in;
  if (is_so) return std::string(text);
  std::optional<std::string> edited;
  if (!old) {
    edited = add_state(text, item, to_text(state));
  } else if (old->kind == YamlNode::Kind::scalar && old->end > old->begin) {
    edited = replaced(text, old->begin, old->end, to_text(state));
  }
  return proven(*members, pool, std::move(edited).value_or(""), item, [&](const auto& before, const auto& after) {
    return after.size() == before.size() && same_range(before, 0, after, 0, *index) &&
           differs_in_state(before[*index], after[*index], state) &&
           same_range(before, *index + 1, after, *index + 1, before.size() - *index - 1);
  });
}

}  // namespace dnsd
