#include "dnsd/config/yaml_document.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>

#include "base/text.h"
#include "dnsd/config/yaml_text.h"
#include "dnsd/config/yaml_tree_builder.h"

namespace dnsd {
namespace {

// A stream over text that somebody else owns.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // only ever read
    setg(begin, begin, begin + text.size());
  }
};

// yaml-cpp's words for what goes wrong most often, in words for people.
std::string explain(const std::string& message) {
  struct Row {
    std::string_view theirs, ours;
  };
  static constexpr Row rows[] = {
      {"end of map flow not found", "expected ',' or '}' here; text with a ':' needs quotes"},
      {"end of sequence flow not found", "expected ',' or ']' here; text with a ':' needs quotes"},
      {"end of map not found", "this line does not align with the keys above it"},
      {"end of sequence not found", "this line does not align with the items ('- ') above it"},
      {"illegal map value", "a ':' with no key before it on this line; text with a ':' needs quotes"},
      {"illegal EOF in scalar", "the file ends inside quotes that were opened above"},
      {"illegal block entry", "an item ('- ') cannot stand here"},
      {"illegal map key", "a key cannot stand here"},
      {"illegal flow end", "a bracket closes here that was not opened"},
  };
  for (const Row& row : rows) {
    if (row.theirs == message) return std::string(row.ours);
  }
  return "not valid YAML: " + printable(message);
}

void report_syntax(const YamlDocument& document, const YAML::Exception& e, Diagnostics& diagnostics) {
  const std::string_view text = document.text();
  const size_t at = std::min(e.mark.pos < 0 ? size_t{0} : static_cast<size_t>(e.mark.pos), text.size());
  const size_t begin = line_begin(text, at);
  const size_t first = std::min(text.find_first_not_of(" \t", begin), text.size());
  const size_t tab = text.substr(begin, first - begin).find('\t');
  if (tab == std::string_view::npos) return document.error(diagnostics, at, explain(e.msg));
  document.error(diagnostics, begin + tab, "a tab in front of the text; YAML is indented with spaces only");
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view name) const {
  if (kind != Kind::mapping) return nullptr;
  for (size_t i = 0; i < pairs(); ++i) {
    if (key(i).scalar == name) return &value(i);
  }
  return nullptr;
}

YamlDocument::YamlDocument(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {
  line_starts_.push_back(0);
  for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    line_starts_.push_back(static_cast<uint32_t>(at + 1));
}

Place YamlDocument::place(size_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<uint32_t>(after - line_starts_.begin());
  return {file_, line, static_cast<uint32_t>(offset - line_starts_[line - 1] + 1)};
}

void YamlDocument::error(Diagnostics& diagnostics, size_t offset, std::string message) const {
  diagnostics.error(place(offset), std::move(message), shown_line(offset));
}

void YamlDocument::warning(Diagnostics& diagnostics, const YamlNode& node, std::string message) const {
  diagnostics.warning(place(node.begin), std::move(message), shown_line(node.begin));
}

// The line of a text that may hold anything, fit for a terminal.
std::string YamlDocument::shown_line(size_t offset) const {
  static constexpr size_t widest = 500;  // a caret below a longer line helps nobody
  const size_t begin = line_begin(text_, offset), end = line_end(text_, offset);
  std::string line(text_.substr(begin, std::min(end - begin, widest + 1)));
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() > widest) line.clear();
  if (find_text_defect(line)) {
    for (char& c : line) c = (c >= ' ' && c < '\x7f') || c == '\t' ? c : '?';
  }
  return line;
}

std::optional<YamlDocument> YamlDocument::parse(std::string_view text, std::string shown_path,
                                                Diagnostics& diagnostics, size_t most_nodes) {
  if (text.size() > max_yaml_octets) {
    diagnostics.error({std::move(shown_path), 0, 0}, "larger than " + std::to_string(max_yaml_octets) + " octets");
    return std::nullopt;
  }
  YamlDocument document(text, std::move(shown_path));
  if (const std::optional<TextDefect> defect = find_text_defect(text)) {
    document.error(diagnostics, defect->offset, defect->message);
    return std::nullopt;
  }
  YamlTreeBuilder builder(document, diagnostics, most_nodes);
  try {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (builder.documents() < 2 && parser.HandleNextDocument(builder)) continue;
  } catch (const YAML::Exception& e) {
    // Beyond its own depth yaml-cpp fails too: that was reported already.
    if (!builder.gave_up()) report_syntax(document, e, diagnostics);
    return std::nullopt;
  }
  if (builder.gave_up()) return std::nullopt;
  if (!builder.has_root()) {
    diagnostics.error({document.file_, 0, 0}, "the file is empty");
    return std::nullopt;
  }
  return document;
}

}  // namespace dnsd
