#include "dnsd/config/yaml_edit_layout.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "dnsd/config/yaml_text.h"
#include "dnsd/config/zone_config.h"

namespace dnsd {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

std::string_view between(std::string_view text, size_t begin, size_t end) { return text.substr(begin, end - begin); }

// What stands in front of `at` on its line.
std::string_view line_before(std::string_view text, size_t at) { return between(text, line_begin(text, at), at); }

// The line end that the text uses.
std::string newline_of(std::string_view text) {
  const size_t end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

// The "-" of an item of a block list; none where more than blanks and line ends stand between the two.
std::optional<size_t> dash_of(std::string_view text, const YamlNode& item) {
  size_t at = item.begin;
  while (at > 0 && std::string_view(" \t\r\n").find(text[at - 1]) != std::string_view::npos) --at;
  if (at == 0 || text[at - 1] != '-' || !is_blank(line_before(text, at - 1))) return std::nullopt;
  return at - 1;
}

// The end of the line, where nothing stands between it and `at` but blanks, a comment and, if allowed, a comma.
std::optional<size_t> rest_of_line(std::string_view text, size_t at, bool comma = false) {
  const size_t end = line_end(text, at);
  at = std::min(text.find_first_not_of(" \t\r", at), end);
  if (comma && at < end && text[at] == ',') at = std::min(text.find_first_not_of(" \t\r", at + 1), end);
  if (at < end && text[at] != '#') return std::nullopt;
  return end;
}

// A line of its own, or several, behind the one that ends at `end`.
Splice new_lines(std::string_view text, size_t end, const std::string& lines) {
  const std::string newline = newline_of(text);
  if (end == text.size()) return {end, end, newline + lines};
  return {end + 1, end + 1, lines + newline};
}

// "key: value" of what must be said about a member; its weight also where the neighbour says one.
std::vector<std::string> pairs_of(const PoolMember& member, const YamlNode& neighbour) {
  const bool is_ipv6 = member.address.family() == Family::ipv6;
  const std::string address = to_text(member.address);
  std::vector<std::string> pairs = {"address: " + (is_ipv6 ? "\"" + address + "\"" : address)};
  if (member.weight != 1 || neighbour.find("weight")) pairs.push_back("weight: " + std::to_string(member.weight));
  if (!member.site.empty()) pairs.push_back("site: " + scalar_text(member.site));
  if (member.state != MemberState::in) pairs.push_back("state: " + std::string(to_text(member.state)));
  return pairs;
}

std::string joined(const std::vector<std::string>& pairs, const std::string& separator) {
  std::string text;
  for (const std::string& pair : pairs) text.append(text.empty() ? "" : separator).append(pair);
  return text;
}

// "{address: …}" with the blanks inside the braces that the neighbour has; a single value as it is.
std::string in_braces(std::string_view text, const ItemTexts& item, const YamlNode& neighbour) {
  const std::string inside = joined(item, ", ");
  if (neighbour.kind != YamlNode::Kind::mapping) return inside;
  return text.substr(neighbour.begin + 1).starts_with(' ') ? "{ " + inside + " }" : "{" + inside + "}";
}

std::optional<Splices> with_lines(std::string_view text, const YamlNode& last, std::span<const ItemTexts> added) {
  const std::optional<size_t> dash = dash_of(text, last);
  const std::optional<size_t> end = rest_of_line(text, last.end);
  if (!dash || !end) return std::nullopt;
  const std::string indent(line_before(text, *dash));
  const std::string_view to_value = between(text, *dash, last.begin);
  const std::string start = indent + (to_value.find('\n') == std::string_view::npos ? std::string(to_value) : "- ");
  const std::string next_key = newline_of(text) + std::string(start.size(), ' ');
  std::vector<std::string> items;
  for (const ItemTexts& item : added)
    items.push_back(start + (last.flow ? in_braces(text, item, last) : joined(item, next_key)));
  return Splices{new_lines(text, *end, joined(items, newline_of(text)))};
}

std::optional<Splices> with_bracketed(std::string_view text, const YamlNode& last, std::span<const ItemTexts> added) {
  if (!last.flow && last.kind == YamlNode::Kind::mapping) return std::nullopt;
  std::vector<std::string> items;
  for (const ItemTexts& item : added) items.push_back(in_braces(text, item, last));
  const std::string before(line_before(text, last.begin));
  if (!is_blank(before)) return Splices{{last.end, last.end, ", " + joined(items, ", ")}};
  const std::string next_line = "," + newline_of(text) + before;
  const std::optional<size_t> end = rest_of_line(text, last.end, true);
  if (!end) return Splices{{last.end, last.end, next_line + joined(items, next_line)}};
  // One item a line: the one before gets its comma where it has none, and the last one ends as that one did.
  const size_t after = text.find_first_not_of(" \t\r", last.end);
  const bool has_comma = after != std::string_view::npos && text[after] == ',';
  Splices splices{new_lines(text, *end, before + joined(items, next_line) + (has_comma ? "," : ""))};
  if (!has_comma) splices.push_back({last.end, last.end, ","});
  return splices;
}

// Whole lines, from the one where `begin` is the first that is not blank.
std::optional<Splices> without_lines(std::string_view text, size_t begin, std::optional<size_t> end) {
  if (!end || !is_blank(line_before(text, begin))) return std::nullopt;
  return Splices{{line_begin(text, begin), std::min(*end + 1, text.size()), ""}};
}

std::optional<Splices> without_bracketed(std::string_view text, const YamlNode& list, size_t index, bool others_follow) {
  const auto has_comment = [&](size_t begin, size_t end) {
    return between(text, begin, end).find('#') != std::string_view::npos;
  };
  const YamlNode& item = list.children[index];
  if (auto without = without_lines(text, item.begin, rest_of_line(text, item.end, true))) return without;
  // On a line with others the comments may be about any of them, so they stay; a comma before the bracket is fine.
  if (others_follow) {
    const size_t next = list.children[index + 1].begin;
    return Splices{{item.begin, has_comment(item.end, next) ? text.find(',', item.end) + 1 : next, ""}};
  }
  const size_t previous = list.children[index - 1].end;
  return Splices{{has_comment(previous, item.begin) ? size_t{item.begin} : previous, item.end, ""}};
}

}  // namespace

std::string scalar_text(std::string_view value) {
  static constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  const bool plain = value.find_first_not_of(safe) == std::string_view::npos && value.front() != '-' &&
                     value.front() != '.' && !equal_ignoring_case(value, "null");
  if (plain) return std::string(value);
  std::string text = "'";  // in single quotes only the quote itself is special
  for (const char c : value) text.append(c == '\'' ? 2 : 1, c);
  return text + "'";
}

std::string spliced(std::string_view text, Splices splices) {
  std::ranges::stable_sort(splices, {}, &Splice::begin);
  std::string out;
  size_t at = 0;
  for (const Splice& splice : splices) {
    out.append(between(text, at, std::max(at, splice.begin))).append(splice.with);
    at = std::max(at, splice.end);
  }
  return out.append(text.substr(at));
}

std::optional<Splices> with_items(std::string_view text, const YamlNode& list, std::span<const ItemTexts> items) {
  const YamlNode& last = list.children.back();
  return list.flow ? with_bracketed(text, last, items) : with_lines(text, last, items);
}

std::optional<Splices> with_members(std::string_view text, const YamlNode& list, std::span<const PoolMember> members) {
  std::vector<ItemTexts> items;
  for (const PoolMember& member : members) items.push_back(pairs_of(member, list.children.back()));
  return with_items(text, list, items);
}

std::optional<Splices> without_member(std::string_view text, const YamlNode& list, size_t index, bool others_follow) {
  if (list.flow) return without_bracketed(text, list, index, others_follow);
  const YamlNode& item = list.children[index];
  const std::optional<size_t> dash = dash_of(text, item);
  return dash ? without_lines(text, *dash, rest_of_line(text, item.end)) : std::nullopt;
}

std::optional<Splices> with_pairs(std::string_view text, const YamlNode& member, const std::vector<MemberPair>& pairs) {
  Splices splices;
  const size_t last = member.children.back().end;
  const std::optional<size_t> end = rest_of_line(text, last);
  for (const auto& [key, value] : pairs) {
    const std::string pair = key + ": " + value;
    if (const YamlNode* old = member.find(key)) {
      if (old->kind != YamlNode::Kind::scalar || old->end == old->begin) return std::nullopt;
      splices.push_back({old->begin, old->end, value});
    } else if (member.flow) {
      splices.push_back({last, last, ", " + pair});
    } else if (end) {
      splices.push_back(new_lines(text, *end, std::string(line_before(text, member.begin).size(), ' ') + pair));
    } else {
      return std::nullopt;
    }
  }
  return splices;
}

}  // namespace dnsd
