#include "dnsd/config/pinned_config.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "dnsd/config/load.h"
#include "dnsd/config/reader.h"
#include "dnsd/config/values.h"

namespace dnsd {
namespace {

Result<Duration> notice_value(std::string_view text) {
  const Result<Duration> notice = duration_value(text, {0}, days(36500));
  if (!notice || *notice >= least_notice) return notice;
  return Failure{"'" + printable(text) + "' is too short: customers are promised at least " + to_text(least_notice)};
}

// Whether the one is over before the other begins.
bool apart(const PinnedEntry& a, const PinnedEntry& b) {
  const auto before = [](const PinnedEntry& first, const PinnedEntry& second) {
    return first.retired && first.retired->instant <= second.enabled.instant;
  };
  return before(a, b) || before(b, a);
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
    top.read("notice", notice_value, set_.notice);
    if (const YamlNode* entries = top.sequence("entries", true)) {
      if (entries->children.empty()) top.error(*entries, "entries: a pinned set needs at least one");
      for (const YamlNode& node : entries->children) read_entry(node);
    }
    if (const YamlNode* clients = top.sequence("clients")) {
      for (const YamlNode& node : clients->children) read_client(node);
    }
    top.finish();
    check_overlaps();
    return std::move(set_);
  }

 private:

  void read_entry(const YamlNode& node) {
    PinnedEntry entry;
    entry.place = document_.place(node);
    Reader reader(document_, node, diagnostics_, "an entry");
    const YamlNode* cidr = reader.require("cidr", prefix_value, entry.cidr);
    reader.read("facility", text_value, entry.facility);
    const YamlNode* published = reader.require("published", parse_date_or_instant, entry.published);
    const YamlNode* enabled = reader.require("enabled", parse_date_or_instant, entry.enabled);
    const YamlNode* retired = reader.read("retired", parse_date_or_instant, entry.retired);
    if (published) entry.published_place = reader.place(*published);
    if (enabled) entry.enabled_place = reader.place(*enabled);
    if (retired) entry.retired_place = reader.place(*retired);
    if (enabled && retired && entry.retired->instant <= entry.enabled.instant) {
      reader.error(*retired, "retired: " + to_text(*entry.retired) + " is not after enabled, " + to_text(entry.enabled));
    }
    read_addresses(reader, cidr, entry);
    reader.finish();
    if (cidr && enabled) cidrs_.push_back({set_.entries.size(), cidr});
    set_.entries.push_back(std::move(entry));
  }

  void read_addresses(Reader& reader, const YamlNode* cidr, PinnedEntry& entry) {
    std::map<IpAddress, uint32_t> lines;
    const auto add = [&](const IpAddress& address, const YamlNode& node) {
      const auto [first, is_new] = lines.try_emplace(address, document_.place(node).line);
      if (!is_new) {
        reader.error(node, to_text(address) + " twice in this entry, first in line " + std::to_string(first->second));
      } else if (cidr && !entry.cidr.contains(address)) {
        reader.error(node, to_text(address) + " is not inside " + to_text(entry.cidr));
      } else {
        entry.addresses.push_back(address);
      }
    };
    const YamlNode* list = reader.each("addresses", address_value, add);
    if (!cidr || !entry.cidr.is_single()) return;
    if (list && list->children.empty()) {
      reader.error(*list, "addresses: a single address stands for itself; leave the key out");
    }
    if (!reader.node().find("addresses")) entry.addresses = {entry.cidr.address()};
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

  // In order of prefixes, those that contain a prefix come before it: a stack of them is all there is to compare with.
  void check_overlaps() {
    std::stable_sort(cidrs_.begin(), cidrs_.end(), [&](const Cidr& a, const Cidr& b) {
      return set_.entries[a.entry].cidr < set_.entries[b.entry].cidr;
    });
    std::vector<const Cidr*> around;
    for (const Cidr& cidr : cidrs_) {
      const PinnedEntry& entry = set_.entries[cidr.entry];
      while (!around.empty() && !set_.entries[around.back()->entry].cidr.contains(entry.cidr)) around.pop_back();
      for (const Cidr* other : around) {
        if (!apart(set_.entries[other->entry], entry)) report_overlap(*other, cidr);
      }
      around.push_back(&cidr);
    }
  }

  struct Cidr {
    size_t entry;  // index in set_.entries
    const YamlNode* node;
  };

  void report_overlap(const Cidr& a, const Cidr& b) {
    const Cidr& first = a.entry < b.entry ? a : b;
    const Cidr& later = a.entry < b.entry ? b : a;
    document_.error(diagnostics_, *later.node,
                    to_text(set_.entries[later.entry].cidr) + " overlaps " + to_text(set_.entries[first.entry].cidr) +
                        " of line " + std::to_string(document_.place(*first.node).line) +
                        "; retire the one before the other is enabled");
  }

  const YamlDocument& document_;
  Diagnostics& diagnostics_;
  PinnedSet set_;
  std::vector<Cidr> cidrs_;
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
