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

std::string replaced(std::string_view text, size_t begin, size_t end, std::string_view with) {
  return std::string(text.substr(0, begin)).append(with).append(text.substr(end));
}

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

// A line of its own behind the one that ends at `end`.
std::string with_line(std::string_view text, size_t end, const std::string& line) {
  const std::string newline = newline_of(text);
  if (end == text.size()) return std::string(text).append(newline).append(line);
  return replaced(text, end + 1, end + 1, line + newline);
}

std::string scalar_text(std::string_view value) {
  static constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  const bool plain = value.find_first_not_of(safe) == std::string_view::npos && value.front() != '-' &&
                     value.front() != '.' && !equal_ignoring_case(value, "null");
  if (plain) return std::string(value);
  std::string text = "'";  // in single quotes only the quote itself is special
  for (const char c : value) text.append(c == '\'' ? 2 : 1, c);
  return text + "'";
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

// "{address: …}" with the blanks inside the braces that the neighbour has.
std::string in_braces(std::string_view text, const PoolMember& member, const YamlNode& neighbour) {
  const std::string inside = joined(pairs_of(member, neighbour), ", ");
  return text.substr(neighbour.begin + 1).starts_with(' ') ? "{ " + inside + " }" : "{" + inside + "}";
}

std::optional<std::string> with_item(std::string_view text, const YamlNode& last, const PoolMember& member) {
  const std::optional<size_t> dash = dash_of(text, last);
  const std::optional<size_t> end = rest_of_line(text, last.end);
  if (!dash || !end) return std::nullopt;
  const std::string indent(line_before(text, *dash));
  const std::string_view to_value = between(text, *dash, last.begin);
  const std::string start = indent + (to_value.find('\n') == std::string_view::npos ? std::string(to_value) : "- ");
  if (last.flow) return with_line(text, *end, start + in_braces(text, member, last));
  const std::string next_key = newline_of(text) + std::string(start.size(), ' ');
  return with_line(text, *end, start + joined(pairs_of(member, last), next_key));
}

std::optional<std::string> with_bracketed(std::string_view text, const YamlNode& last, const PoolMember& member) {
  if (!last.flow) return std::nullopt;
  const std::string added = in_braces(text, member, last);
  const std::string_view before = line_before(text, last.begin);
  if (!is_blank(before)) return replaced(text, last.end, last.end, ", " + added);
  const std::optional<size_t> end = rest_of_line(text, last.end, true);
  if (!end) return replaced(text, last.end, last.end, "," + newline_of(text) + std::string(before) + added);
  // One member a line: the one before gets its comma where it has none, and the new one ends as that one did.
  const size_t after = text.find_first_not_of(" \t\r", last.end);
  const bool has_comma = after != std::string_view::npos && text[after] == ',';
  const std::string longer = with_line(text, *end, std::string(before) + added + (has_comma ? "," : ""));
  return has_comma ? longer : replaced(longer, last.end, last.end, ",");
}

// Whole lines, from the one where `begin` is the first that is not blank.
std::optional<std::string> without_lines(std::string_view text, size_t begin, std::optional<size_t> end) {
  if (!end || !is_blank(line_before(text, begin))) return std::nullopt;
  return replaced(text, line_begin(text, begin), std::min(*end + 1, text.size()), "");
}

std::optional<std::string> without_bracketed(std::string_view text, const YamlNode& list, size_t index) {
  const auto has_comment = [&](size_t begin, size_t end) {
    return between(text, begin, end).find('#') != std::string_view::npos;
  };
  const YamlNode& item = list.children[index];
  if (auto without = without_lines(text, item.begin, rest_of_line(text, item.end, true))) return without;
  // On a line with others the comments may be about any of them, so they stay; a comma before the bracket is fine.
  if (index + 1 < list.children.size()) {
    const size_t next = list.children[index + 1].begin;
    return replaced(text, item.begin, has_comment(item.end, next) ? text.find(',', item.end) + 1 : next, "");
  }
  const size_t previous = list.children[index - 1].end;
  return replaced(text, has_comment(previous, item.begin) ? size_t{item.begin} : previous, item.end, "");
}

}  // namespace

std::optional<std::string> with_member(std::string_view text, const YamlNode& list, const PoolMember& member) {
  const YamlNode& last = list.children.back();
  return list.flow ? with_bracketed(text, last, member) : with_item(text, last, member);
}

std::optional<std::string> without_member(std::string_view text, const YamlNode& list, size_t index) {
  if (list.flow) return without_bracketed(text, list, index);
  const YamlNode& item = list.children[index];
  const std::optional<size_t> dash = dash_of(text, item);
  return dash ? without_lines(text, *dash, rest_of_line(text, item.end)) : std::nullopt;
}

std::optional<std::string> with_state(std::string_view text, const YamlNode& member, std::string_view state) {
  if (const YamlNode* old = member.find("state")) {
    if (old->kind != YamlNode::Kind::scalar || old->end == old->begin) return std::nullopt;
    return replaced(text, old->begin, old->end, state);
  }
  const size_t last = member.children.back().end;
  const std::string pair = "state: " + std::string(state);
  if (member.flow) return replaced(text, last, last, ", " + pair);
  const std::optional<size_t> end = rest_of_line(text, last);
  if (!end) return std::nullopt;
  return with_line(text, *end, std::string(line_before(text, member.begin).size(), ' ') + pair);
}

}  // namespace dnsd
