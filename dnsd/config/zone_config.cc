#include "dnsd/config/zone_config.h"

#include <map>

#include "base/text.h"
#include "dnsd/config/load.h"
#include "dnsd/config/reader.h"
#include "dnsd/config/values.h"
#include "dnsd/pools/policies.h"

namespace dnsd {
namespace {

const std::vector<std::string_view>& state_words() {
  static const std::vector<std::string_view> words = {"in", "drain", "out"};
  return words;
}

Result<std::string> rotation_value(std::string_view text) {
  const Result<size_t> row = word_value(text, policy_names());
  if (!row) return row.failure();
  return std::string(text);
}

Result<size_t> spread_value(std::string_view text) { return word_value(text, {"none", "site"}); }
Result<size_t> hints_value(std::string_view text) { return word_value(text, {"follow", "as-written"}); }
Result<size_t> yes_value(std::string_view text) { return word_value(text, {"false", "true"}); }

Result<Name> zone_name_value(std::string_view text) { return Name::parse(text); }

class ZoneReader {
 public:
  ZoneReader(const YamlDocument& document, Diagnostics& diagnostics) : document_(document), diagnostics_(diagnostics) {}

  ZoneConfig read() {
    config_.file = document_.file();
    config_.place = config_.records_place = {document_.file(), 0, 0};
    Reader top(document_, document_.root(), diagnostics_, "a zone's file");
    const YamlNode* zone = top.require("zone", zone_name_value, config_.origin);
    if (zone) config_.place = top.place(*zone);
    const auto path = [&](std::string_view text) { return path_value(text, document_.file()); };
    if (const YamlNode* records = top.require("records", path, config_.records)) {
      config_.records_place = top.place(*records);
    }
    if (const YamlNode* pools = top.mapping("pools")) {
      for (size_t i = 0; i < pools->pairs(); ++i) read_pool(pools->key(i), pools->value(i));
    }
    // Without the zone's name every owner would seem out of place.
    if (const YamlNode* names = top.mapping("names"); names && zone) {
      for (size_t i = 0; i < names->pairs(); ++i) read_rule(names->key(i), names->value(i));
    }
    top.finish();
    return std::move(config_);
  }

 private:
  void read_pool(const YamlNode& key, const YamlNode& node) {
    PoolDefinition pool;
    pool.place = document_.place(key);
    if (const Result<std::string> name = identifier_value(key.scalar)) {
      pool.name = *name;
    } else {
      document_.error(diagnostics_, key, "pool: " + name.failure().message);
    }
    Reader reader(document_, node, diagnostics_, "pool '" + printable(key.scalar) + "'");
    reader.read("ttl", ttl_value, pool.ttl);
    reader.read("cap", [](auto text) { return number_value(text, 1, max_cap); }, pool.cap);
    reader.read("rotation", rotation_value, pool.rotation);
    reader.read("spread", spread_value, pool.spread);
    read_sticky(reader, pool);
    reader.each("shares_with", identifier_value,
                [&](std::string other, const YamlNode&) { pool.shares_with.push_back(std::move(other)); });
    read_members(reader, key, pool.members);
    reader.finish();
    config_.pools.push_back(std::move(pool));
  }

  void read_sticky(Reader& pool, PoolDefinition& out) {
    const YamlNode* node = pool.mapping("sticky");
    if (!node) return;
    Reader reader(document_, *node, diagnostics_, "'sticky'");
    reader.read("ipv4", [](auto text) { return number_value(text, 1, 32); }, out.sticky.ipv4);
    reader.read("ipv6", [](auto text) { return number_value(text, 1, 128); }, out.sticky.ipv6);
    reader.finish();
    if (out.rotation != "sticky") {
      pool.warning(*node, "sticky: says which clients count as one, which matters to 'rotation: sticky' only; this pool's "
                          "rotation is " + out.rotation);
    }
  }

  void read_members(Reader& pool, const YamlNode& pool_key, std::vector<PoolMember>& members) {
    const YamlNode* list = pool.sequence("members", true);
    if (!list) return;
    if (list->children.empty()) pool.error(pool_key, "pool '" + printable(pool_key.scalar) + "' has no members");
    if (list->children.size() > max_members) {
      pool.error(list->children[max_members],
                 "pool '" + printable(pool_key.scalar) + "' has " + std::to_string(list->children.size()) +
                     " members; from here on they are more than the " + std::to_string(max_members) +
                     " that a pool may have");
    }
    std::map<IpAddress, uint32_t> lines;
    members.reserve(list->children.size());
    for (const YamlNode& node : list->children) {
      PoolMember member;
      member.place = document_.place(node);
      Reader reader(document_, node, diagnostics_, "a member");
      const YamlNode* address = reader.require("address", address_value, member.address);
      reader.read("weight", [](auto text) { return number_value(text, 0, max_weight); }, member.weight);
      reader.read("site", text_value, member.site);
      reader.read("state", [](auto text) { return word_value(text, state_words()); }, member.state);
      reader.finish();
      if (!address) continue;
      const auto [first, is_new] = lines.try_emplace(member.address, document_.place(*address).line);
      if (!is_new) {
        reader.error(*address, to_text(member.address) + " twice in pool '" + printable(pool_key.scalar) +
                                   "', first in line " + std::to_string(first->second));
      }
      members.push_back(std::move(member));
    }
  }

  void read_rule(const YamlNode& key, const YamlNode& node) {
    NameRule rule;
    rule.place = document_.place(key);
    const bool good_owner = read_owner(key, rule.owner);
    Reader reader(document_, node, diagnostics_, "name '" + printable(key.scalar) + "'");
    if (const YamlNode* pool = reader.read("pool", identifier_value, rule.pool)) rule.pool_place = reader.place(*pool);
    read_sets(reader, rule);
    const YamlNode* pages = reader.read("pages", yes_value, rule.pages);
    if (pages) rule.pages_place = reader.place(*pages);
    reader.read("feed_names", yes_value, rule.feed_names);
    reader.read("hints", hints_value, rule.hints);
    reader.finish();
    if (rule.pages && !node.find("pool"))
      reader.error(*pages, "pages list a pool, and name '" + printable(key.scalar) + "' has none");
    if (rule.pages && good_owner && rule.owner.view().is_wildcard())
      reader.error(*pages, "a wildcard stands for many names, and none of them can have pages");
    if (node.kind == YamlNode::Kind::mapping && !node.find("pool") && !node.find("pinned")) {
      reader.error(key, "name '" + printable(key.scalar) + "' needs a pool, a pinned set, or both");
    }
    if (good_owner) config_.names.push_back(std::move(rule));
  }

  // One set, or a list of them.
  void read_sets(Reader& reader, NameRule& rule) {
    const YamlNode* node = reader.optional("pinned");
    if (!node) return;
    const auto add = [&](std::string set, const YamlNode& item) {
      if (rule.has_set(set)) reader.error(item, "the pinned set '" + set + "' twice");
      rule.pinned.push_back({std::move(set), reader.place(item)});
    };
    if (node->kind == YamlNode::Kind::sequence) {
      reader.each("pinned", identifier_value, add);
      if (node->children.empty()) reader.error(*node, "pinned: at least one set is needed, or leave the key out");
      if (node->children.size() > 1 && !reader.node().find("pool"))
        reader.error(node->children[1],
                     "several pinned sets need a pool beside them, for everybody who is a client of none");
      return;
    }
    std::string set;
    if (reader.read("pinned", identifier_value, set)) add(std::move(set), *node);
  }

  bool read_owner(const YamlNode& key, Name& owner) {
    const Result<Name> name = Name::parse(key.scalar, config_.origin);
    if (!name) {
      document_.error(diagnostics_, key, "name '" + printable(key.scalar) + "': " + name.failure().message);
      return false;
    }
    if (!name->view().is_at_or_below(config_.origin)) {
      document_.error(diagnostics_, key, to_text(*name) + " is not in the zone " + to_text(config_.origin));
      return false;
    }
    const NameView above = name->view().is_root() ? name->view() : name->view().parent();
    for (NameView rest = above; !rest.is_root(); rest = rest.parent()) {
      if (!rest.is_wildcard() || config_.origin.view().is_at_or_below(rest)) continue;
      document_.error(diagnostics_, key, "'*' is a wildcard only as the first label of a name");
      return false;
    }
    owner = *name;
    const auto [first, is_new] = owners_.try_emplace(owner, document_.place(key).line);
    if (is_new) return true;
    document_.error(diagnostics_, key, to_text(owner) + " twice, first in line " + std::to_string(first->second));
    return false;
  }

  const YamlDocument& document_;
  Diagnostics& diagnostics_;
  ZoneConfig config_;
  std::map<Name, uint32_t, CanonicalLess> owners_;  // and the line of each
};

}  // namespace

std::optional<ZoneConfig> parse_zone_config(std::string_view text, const std::string& shown_path,
                                            Diagnostics& diagnostics, ZoneConfig* as_far_as_read) {
  return load_yaml(text, shown_path, diagnostics, [&](const YamlDocument& document, Diagnostics& found) {
    ZoneConfig config = ZoneReader(document, found).read();
    if (as_far_as_read) *as_far_as_read = config;
    return config;
  });
}

std::optional<ZoneConfig> read_zone_config(const std::string& path, Diagnostics& diagnostics,
                                           ZoneConfig* as_far_as_read) {
  const std::optional<std::string> text = read_yaml_file(path, diagnostics);
  if (!text) return std::nullopt;
  return parse_zone_config(*text, path, diagnostics, as_far_as_read);
}

std::string_view to_text(MemberState state) { return state_words()[static_cast<size_t>(state)]; }

}  // namespace dnsd
