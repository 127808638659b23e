#include "dnsd/config/pinned_config.h"

#include <map>
#include <set>

#include "base/text.h"
#include "dnsd/config/load.h"
#include "dnsd/config/reader.h"
#include "dnsd/config/values.h"

namespace dnsd {
namespace {

Result<Duration> long_value(std::string_view text) { return duration_value(text, {0}, days(36500)); }

Result<Duration> notice_value(std::string_view text) {
  const Result<Duration> notice = long_value(text);
  if (!notice || *notice >= least_notice) return notice;
  return Failure{"'" + printable(text) + "' is too short: customers are promised at least " + to_text(least_notice)};
}

Result<bool> flag_value(std::string_view text) {
  const Result<size_t> word = word_value(text, {"false", "true"});
  if (!word) return word.failure();
  return *word == 1;
}

auto number_from(uint64_t least, uint64_t most) {
  return [=](std::string_view text) { return number_value(text, least, most); };
}

class PinnedReader {
 public:
  PinnedReader(const YamlDocument& document, Diagnostics& diagnostics)
      : document_(document), diagnostics_(diagnostics) {}

  PinnedSet read() {
    set_.place = {document_.file(), 0, 0};
    Reader top(document_, document_.root(), diagnostics_, "a pinned set's file");
    if (const YamlNode* name = top.require("set", identifier_value, set_.name)) set_.place = top.place(*name);
    top.read("ttl", ttl_value, set_.ttl);
    read_policy(top);
    top.each("out", address_value, [&](const IpAddress& address, const YamlNode&) { set_.out.push_back(address); });
    if (const YamlNode* entries = top.sequence("entries", true)) {
      if (entries->children.empty()) top.error(*entries, "entries: a pinned set needs at least one");
      for (const YamlNode& node : entries->children) read_entry(node);
    }
    if (const YamlNode* clients = top.sequence("clients")) {
      for (const YamlNode& node : clients->children) read_client(node);
    }
    top.finish();
    return std::move(set_);
  }

 private:
  void read_policy(Reader& top) {
    PinnedPolicy& policy = set_.policy;
    top.read("notice", notice_value, policy.notice);
    top.read("quarantine", long_value, policy.quarantine);
    top.read("retention", long_value, policy.retention);
    top.read("allow_waiver", flag_value, policy.allow_waiver);
    top.read("min_standby", number_from(0, max_entries), set_.min_standby);
    if (const YamlNode* most = top.mapping("max_entries")) {
      Reader reader(document_, *most, diagnostics_, "max_entries");
      reader.read("ipv4", number_from(1, max_entries), policy.max_entries[0]);
      reader.read("ipv6", number_from(1, max_entries), policy.max_entries[1]);
      reader.finish();
    }
  }

  void read_entry(const YamlNode& node) {
    PinnedEntry entry;
    entry.place = document_.place(node);
    Reader reader(document_, node, diagnostics_, "an entry");
    const YamlNode* cidr = reader.require("cidr", prefix_value, entry.cidr);
    reader.read("facility", text_value, entry.facility);
    reader.read("reason", text_value, entry.reason);
    if (reader.node().find("published")) {
      reader.error(*reader.optional("published"),
                   "published: is not written here, the ledger knows since when the feed shows an entry; "
                   "remove it (zone-edit pin import takes over what a feed said before)");
    }
    const YamlNode* enabled = reader.require("enabled", parse_date_or_instant, entry.enabled);
    const YamlNode* retired = reader.read("retired", parse_date_or_instant, entry.retired);
    if (enabled) entry.enabled_place = reader.place(*enabled);
    if (retired) entry.retired_place = reader.place(*retired);
    if (enabled && retired && entry.retired->instant <= entry.enabled.instant) {
      reader.error(*retired, "retired: " + to_text(*entry.retired) + " is not after enabled, " + to_text(entry.enabled));
    }
    reader.read("cancelled", flag_value, entry.cancelled);
    reader.read("revoked", flag_value, entry.revoked);
    reader.read("waived", flag_value, entry.waived);
    read_addresses(reader, cidr, entry);
    reader.finish();
    set_.entries.push_back(std::move(entry));
  }

  // `standby` first: a lone address that is a standby is not in service.
  void read_addresses(Reader& reader, const YamlNode* cidr, PinnedEntry& entry) {
    std::map<IpAddress, uint32_t> lines;
    const auto add_to = [&](std::vector<IpAddress>& into) {
      return [&](const IpAddress& address, const YamlNode& node) {
        const auto [first, is_new] = lines.try_emplace(address, document_.place(node).line);
        if (!is_new) {
          reader.error(node, to_text(address) + " twice in this entry, first in line " + std::to_string(first->second));
        } else if (cidr && !entry.cidr.contains(address)) {
          reader.error(node, to_text(address) + " is not inside " + to_text(entry.cidr));
        } else {
          into.push_back(address);
        }
      };
    };
    reader.each("standby", address_value, add_to(entry.standby));
    const YamlNode* list = reader.each("addresses", address_value, add_to(entry.addresses));
    if (!cidr || !entry.cidr.is_single()) return;
    if (list && list->children.empty()) {
      reader.error(*list, "addresses: a single address stands for itself; leave the key out, or name it as standby");
    }
    if (!reader.node().find("addresses") && entry.standby.empty()) entry.addresses = {entry.cidr.address()};
  }

  void read_client(const YamlNode& node) {
    PinnedClient client;
    client.place = document_.place(node);
    Reader reader(document_, node, diagnostics_, "a client");
    if (const YamlNode* name = reader.require("name", identifier_value, client.name)) {
      const auto [first, is_new] = client_lines_.try_emplace(client.name, document_.place(*name).line);
      if (!is_new) {
        reader.error(*name, "client '" + client.name + "' twice, first in line " + std::to_string(first->second));
      }
    }
    const auto add = [&](const IpPrefix& prefix, const YamlNode& source) {
      const Place place = document_.place(source);
      const auto [first, is_new] = source_lines_.try_emplace(prefix, place.line);
      if (!is_new) {
        reader.error(source, to_text(prefix) + " twice in this set, first in line " + std::to_string(first->second));
      }
      client.sources.push_back({prefix, place.line, place.column});
    };
    const YamlNode* sources = reader.each("sources", prefix_value, add, true);
    if (sources && sources->children.empty()) reader.error(*sources, "sources: a client needs at least one prefix");
    reader.finish();
    set_.clients.push_back(std::move(client));
  }

  const YamlDocument& document_;
  Diagnostics& diagnostics_;
  PinnedSet set_;
  std::map<std::string, uint32_t> client_lines_;
  std::map<IpPrefix, uint32_t> source_lines_;
};

}  // namespace

std::optional<PinnedSet> parse_pinned_set(std::string_view text, const std::string& shown_path,
                                          Diagnostics& diagnostics) {
  return load_yaml(text, shown_path, diagnostics, [](const YamlDocument& document, Diagnostics& found) {
    return PinnedReader(document, found).read();
  });
}

std::optional<PinnedSet> read_pinned_set(const std::string& path, Diagnostics& diagnostics) {
  const std::optional<std::string> text = read_yaml_file(path, diagnostics);
  if (!text) return std::nullopt;
  return parse_pinned_set(*text, path, diagnostics);
}

}  // namespace dnsd
