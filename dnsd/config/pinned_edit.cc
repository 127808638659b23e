#include "dnsd/config/pinned_edit.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "dnsd/config/pinned_config.h"
#include "dnsd/config/yaml_document.h"

namespace dnsd {
namespace {

// A file without defects, as it is written and as it is meant.
struct Opened {
  PinnedSet set;
  YamlDocument document;
};

Failure first_of(const Diagnostics& diagnostics) {
  const Diagnostic& first = diagnostics.all().front();
  return Failure{"line " + std::to_string(first.place.line) + ": " + first.message};
}

Result<Opened> open(std::string_view text) {
  Diagnostics diagnostics;
  std::optional<PinnedSet> set = parse_pinned_set(text, "", diagnostics);
  if (!set) return first_of(diagnostics);
  std::optional<YamlDocument> document = YamlDocument::parse(text, "", diagnostics);
  if (!document) return first_of(diagnostics);
  return Opened{std::move(*set), std::move(*document)};
}

bool same(const YamlNode& a, const YamlNode& b) {
  return a.kind == b.kind && a.scalar == b.scalar && std::ranges::equal(a.children, b.children, same);
}

// Whether two mappings say the same about every key but these.
bool same_but(const YamlNode& a, const YamlNode& b, const std::vector<std::string_view>& keys) {
  const auto contains_all = [&](const YamlNode& in, const YamlNode& of) {
    for (size_t i = 0; i < of.pairs(); ++i) {
      const std::string_view key = of.key(i).scalar;
      if (std::ranges::find(keys, key) != keys.end()) continue;
      const YamlNode* value = in.find(key);
      if (!value || !same(*value, of.value(i))) return false;
    }
    return true;
  };
  return contains_all(a, b) && contains_all(b, a);
}

std::string unquoted(const std::string& value) {
  return value.size() >= 2 && (value.front() == '"' || value.front() == '\'') ? value.substr(1, value.size() - 2) : value;
}

bool says(const YamlNode& entry, const std::vector<MemberPair>& pairs) {
  return std::ranges::all_of(pairs, [&](const MemberPair& pair) {
    const YamlNode* value = entry.find(pair.key);
    return value && (value->kind != YamlNode::Kind::scalar || pair.value.starts_with('\'') ||
                     value->scalar == unquoted(pair.value));
  });
}

Failure by_hand(const Opened& before, const YamlNode& node) {
  return Failure{"line " + std::to_string(before.document.place(node).line) +
                 " is written in a way that cannot be changed safely; please edit it by hand"};
}

std::vector<std::string_view> keys_of(const std::vector<MemberPair>& pairs) {
  std::vector<std::string_view> keys;
  for (const MemberPair& pair : pairs) keys.push_back(pair.key);
  return keys;
}

ItemTexts texts_of(const std::vector<MemberPair>& pairs) {
  ItemTexts texts;
  for (const MemberPair& pair : pairs) texts.push_back(pair.key + ": " + pair.value);
  return texts;
}

// The edited text if the file says the same as before but for `key`, and that as `is_so` wants it.
template <typename IsSo>
Result<std::string> proven(const Opened& before, const YamlNode& place, std::string_view key,
                           std::optional<Splices> splices, IsSo is_so) {
  if (!splices) return by_hand(before, place);
  std::string edited = spliced(before.document.text(), std::move(*splices));
  const Result<Opened> after = open(edited);
  if (!after) return after.failure();
  if (!same_but(before.document.root(), after->document.root(), {key}) || !is_so(after->document.root().find(key)))
    return by_hand(before, place);
  return edited;
}

std::string sources_text(std::span<const IpPrefix> sources) {
  std::string text;
  for (const IpPrefix& source : sources) text += (text.empty() ? "[" : ", ") + prefix_text(source);
  return text + "]";
}

Result<std::string> add_client(const Opened& before, const std::string& name, std::span<const IpPrefix> sources) {
  const YamlNode& root = before.document.root();
  const YamlNode* clients = root.find("clients");
  const ItemTexts item = {"name: " + scalar_text(name), "sources: " + sources_text(sources)};
  const auto is_so = [&](const YamlNode* after) {
    return after && !after->children.empty() && after->children.back().find("name")->scalar == name &&
           after->children.back().find("sources")->children.size() == sources.size();
  };
  if (clients && !clients->children.empty())
    return proven(before, *clients, "clients", with_items(before.document.text(), *clients, std::span(&item, 1)), is_so);
  if (clients) return by_hand(before, *clients);
  const std::string_view text = before.document.text();
  const std::string lines =
      std::string(text.ends_with('\n') ? "" : "\n") + "clients:\n  - {" + item[0] + ", " + item[1] + "}\n";
  return proven(before, root, "clients", Splices{{text.size(), text.size(), lines}}, is_so);
}

const PinnedClient* find_client(const Opened& opened, const std::string& name) {
  const auto found = std::ranges::find(opened.set.clients, name, &PinnedClient::name);
  return found == opened.set.clients.end() ? nullptr : &*found;
}

const YamlNode& client_node(const Opened& opened, const PinnedClient& client) {
  const auto index = static_cast<size_t>(&client - opened.set.clients.data());
  return opened.document.root().find("clients")->children[index];
}

}  // namespace

std::string prefix_text(const IpPrefix& prefix) {
  const std::string text = to_text(prefix);
  return prefix.family() == Family::ipv6 ? "\"" + text + "\"" : text;
}

Result<std::string> add_entry(std::string_view text, const std::vector<MemberPair>& pairs) {
  const Result<Opened> before = open(text);
  if (!before) return before.failure();
  const YamlNode& entries = *before->document.root().find("entries");
  const ItemTexts item = texts_of(pairs);
  return proven(*before, entries.children.back(), "entries", with_items(text, entries, std::span(&item, 1)),
                [&](const YamlNode* after) {
                  const size_t count = entries.children.size();
                  return after->children.size() == count + 1 && says(after->children.back(), pairs) &&
                         std::equal(entries.children.begin(), entries.children.end(), after->children.begin(), same);
                });
}

Result<std::string> change_entry(std::string_view text, size_t index, const std::vector<MemberPair>& pairs) {
  const Result<Opened> before = open(text);
  if (!before) return before.failure();
  const YamlNode& entries = *before->document.root().find("entries");
  if (index >= entries.children.size()) return Failure{"there is no such entry"};
  const YamlNode& entry = entries.children[index];
  return proven(*before, entry, "entries", with_pairs(text, entry, pairs), [&](const YamlNode* after) {
    if (after->children.size() != entries.children.size()) return false;
    for (size_t i = 0; i < after->children.size(); ++i)
      if (i == index ? !same_but(entry, after->children[i], keys_of(pairs)) || !says(after->children[i], pairs)
                     : !same(entries.children[i], after->children[i]))
        return false;
    return true;
  });
}

Result<std::string> add_client_sources(std::string_view text, const std::string& client,
                                       std::span<const IpPrefix> sources) {
  const Result<Opened> before = open(text);
  if (!before) return before.failure();
  const PinnedClient* known = find_client(*before, client);
  if (!known) return add_client(*before, client, sources);
  const YamlNode& list = *client_node(*before, *known).find("sources");
  std::vector<ItemTexts> items;
  for (const IpPrefix& source : sources) {
    if (std::ranges::find(known->sources, source, &PinnedClient::Source::prefix) != known->sources.end())
      return Failure{to_text(source) + " is a network of '" + client + "' already"};
    items.push_back({prefix_text(source)});
  }
  return proven(*before, list, "clients", with_items(text, list, items), [&](const YamlNode* after) {
    const size_t index = static_cast<size_t>(known - before->set.clients.data());
    return after && after->children.size() == before->set.clients.size() &&
           after->children[index].find("sources")->children.size() == known->sources.size() + sources.size();
  });
}

Result<std::string> remove_client_sources(std::string_view text, const std::string& client,
                                          std::span<const IpPrefix> sources) {
  const Result<Opened> before = open(text);
  if (!before) return before.failure();
  const PinnedClient* known = find_client(*before, client);
  if (!known) return Failure{"there is no client '" + printable(client) + "'"};
  const YamlNode& clients = *before->document.root().find("clients");
  const YamlNode& node = client_node(*before, *known);
  const YamlNode& list = *node.find("sources");
  std::vector<size_t> gone;
  for (const IpPrefix& source : sources) {
    const auto found = std::ranges::find(known->sources, source, &PinnedClient::Source::prefix);
    if (found == known->sources.end()) return Failure{to_text(source) + " is no network of '" + client + "'"};
    gone.push_back(static_cast<size_t>(found - known->sources.begin()));
  }
  const auto index = static_cast<size_t>(known - before->set.clients.data());
  const bool is_last = before->set.clients.size() == 1;
  if (gone.empty() || gone.size() == known->sources.size()) {
    if (is_last) return Failure{"'" + client + "' is the last client of the set; remove `clients` by hand"};
    return proven(*before, node, "clients", without_member(text, clients, index, index + 1 < clients.children.size()),
                  [&](const YamlNode* after) { return after && after->children.size() + 1 == clients.children.size(); });
  }
  std::ranges::sort(gone);
  size_t last_kept = 0;
  for (size_t i = 0; i < known->sources.size(); ++i)
    if (!std::ranges::binary_search(gone, i)) last_kept = i;
  Splices splices;
  for (const size_t i : gone) {
    std::optional<Splices> without = without_member(text, list, i, i < last_kept);
    if (!without) return by_hand(*before, list);
    std::ranges::move(*without, std::back_inserter(splices));
  }
  return proven(*before, list, "clients", std::move(splices), [&](const YamlNode* after) {
    return after && after->children.size() == clients.children.size() &&
           after->children[index].find("sources")->children.size() == known->sources.size() - gone.size();
  });
}

}  // namespace dnsd
