#include "dnsd/config/yaml_document.h"

#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <numeric>
#include <streambuf>

#include "base/text.h"
#include "dnsd/config/yaml_text.h"

namespace dnsd {

// Turns yaml-cpp's events into a tree and refuses what YamlDocument refuses. Its own Mark gives an offset in octets;
// ends are found in the text.
class YamlTreeBuilder : public YAML::EventHandler {
 public:
  YamlTreeBuilder(YamlDocument& document, Diagnostics& diagnostics, size_t most_nodes)
      : document_(document), diagnostics_(diagnostics), most_nodes_(most_nodes) {}

  bool has_root() const { return has_root_; }
  bool gave_up() const { return too_many_ || too_deep_; }
  size_t documents() const { return documents_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_ == 1) refuse(mark, "a second document begins here; a file holds one");
    ++documents_;
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    refuse(mark, "anchors are not supported (&" + printable(name) + "); write the value out where it is needed");
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases are not supported; write the value out");
    YamlNode node = node_at(mark, YamlNode::Kind::refused);
    while (node.end < text().size() && std::string_view(" \t\r\n,]}").find(text()[node.end]) == std::string_view::npos)
      ++node.end;
    attach(std::move(node));
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    YamlNode node = node_at(mark, YamlNode::Kind::null);
    if (const size_t size = null_word_size(text(), node.begin); size > 0 && !is_next_key(node.begin)) {
      node.end = static_cast<uint32_t>(node.begin + size);
    } else {
      node.begin = node.end = static_cast<uint32_t>(absent_at());
    }
    attach(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    if (ignored()) return;
    YamlNode node = node_at(mark, YamlNode::Kind::scalar);
    if (!is_tagged(mark, tag)) {
      node.quoted = tag == "!";
      const std::optional<size_t> end = scalar_end(text(), node.begin, value);
      // yaml-cpp takes the end of the file for the closing quote.
      if (!end) refuse(mark, "this quote is never closed");
      node.end = static_cast<uint32_t>(end.value_or(text().size()));
      node.scalar = keep(node.begin, value);
    } else {
      node.kind = YamlNode::Kind::refused;
    }
    attach(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    open(mark, tag, YamlNode::Kind::sequence, style == YAML::EmitterStyle::Flow);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value style) override {
    open(mark, tag, YamlNode::Kind::mapping, style == YAML::EmitterStyle::Flow);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  std::string_view text() const { return document_.text_; }
  // A second document is reported once; what it holds does not matter.
  bool ignored() const { return documents_ > 1 || too_many_; }

  size_t offset(const YAML::Mark& mark) const {
    return mark.pos < 0 ? 0 : std::min(static_cast<size_t>(mark.pos), text().size());
  }

  void refuse(const YAML::Mark& mark, std::string message) {
    if (!ignored()) document_.error(diagnostics_, offset(mark), std::move(message));
  }

  YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) const {
    YamlNode node;
    node.kind = kind;
    node.begin = node.end = static_cast<uint32_t>(offset(mark));
    return node;
  }

  // yaml-cpp says "?" for a plain value and "!" for one in quotes; a plain text cannot begin with '!'.
  bool is_tagged(const YAML::Mark& mark, const std::string& tag) {
    const size_t at = offset(mark);
    const bool written = at < text().size() && text()[at] == '!';
    if (!written && (tag.empty() || tag == "?" || tag == "!")) return false;
    refuse(mark, "tags are not supported (" + printable(tag) + "); leave it out");
    return true;
  }

  // The text of the file where the value stands there as it is, else a copy.
  std::string_view keep(size_t begin, const std::string& value) {
    const std::string_view there = text().substr(begin, value.size());
    return there == value ? there : std::string_view(document_.decoded_.emplace_back(value));
  }

  // For a value that is not there yaml-cpp gives the place of whatever comes next.
  bool is_next_key(size_t at) const {
    const size_t after = skip_blank(text(), at + null_word_size(text(), at));
    return after < text().size() && text()[after] == ':';
  }
  size_t absent_at() const {
    const bool is_value = !stack_.empty() && stack_.back().kind == YamlNode::Kind::mapping &&
                          stack_.back().children.size() % 2 == 1;
    return is_value ? stack_.back().children.back().end : std::min(skip_blank(text(), last_end_), text().size());
  }

  void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind, bool flow) {
    if (ignored()) return;
    is_tagged(mark, tag);
    if (stack_.size() >= max_yaml_depth) {
      if (!too_deep_) refuse(mark, "nested deeper than " + std::to_string(max_yaml_depth) + " levels");
      too_deep_ = true;
      ++depth_skipped_;
      return;
    }
    YamlNode node = node_at(mark, kind);
    node.flow = flow && node.begin < text().size() && (text()[node.begin] == '[' || text()[node.begin] == '{');
    last_end_ = node.begin + (node.flow ? 1 : 0);
    stack_.push_back(std::move(node));
  }

  void close() {
    if (ignored()) return;
    if (depth_skipped_ > 0) {
      --depth_skipped_;
      return;
    }
    YamlNode node = std::move(stack_.back());
    stack_.pop_back();
    const size_t last = node.children.empty() ? node.begin + (node.flow ? 1u : 0u) : node.children.back().end;
    node.end = static_cast<uint32_t>(node.flow ? flow_end(text(), last) : last);
    if (node.kind == YamlNode::Kind::mapping) check_keys(node);
    node.children.shrink_to_fit();
    attach(std::move(node));
  }

  void attach(YamlNode node) {
    if (ignored() || depth_skipped_ > 0) return;
    if (++nodes_ > most_nodes_) {
      document_.error(diagnostics_, node, "more than " + std::to_string(most_nodes_) + " values in one file");
      too_many_ = true;
      return;
    }
    last_end_ = node.end;
    if (stack_.empty()) {
      document_.root_ = std::move(node);
      has_root_ = true;
      return;
    }
    YamlNode& parent = stack_.back();
    if (parent.kind == YamlNode::Kind::mapping && parent.children.size() % 2 == 0) check_key(node);
    parent.children.push_back(std::move(node));
  }

  void check_key(YamlNode& key) {
    if (key.kind == YamlNode::Kind::refused) return;
    if (key.kind == YamlNode::Kind::scalar && (key.scalar != "<<" || key.quoted)) return;
    std::string message = "a key must be plain text";
    if (key.kind == YamlNode::Kind::scalar) message = "merge keys (<<) are not supported; write the keys out";
    if (key.kind == YamlNode::Kind::null) message = "a key is missing, or is null without quotes";
    document_.error(diagnostics_, key, std::move(message));
    key.kind = YamlNode::Kind::refused;
  }

  // Reports duplicate keys and takes out the pairs whose key was refused.
  void check_keys(YamlNode& mapping) {
    std::vector<uint32_t> order(mapping.pairs());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return mapping.key(a).scalar < mapping.key(b).scalar; });
    size_t first = 0;
    for (size_t i = 1; i < order.size(); ++i) {
      YamlNode& key = mapping.children[2 * size_t{order[i]}];
      const YamlNode& earlier = mapping.key(order[first]);
      if (key.scalar != earlier.scalar || earlier.kind != YamlNode::Kind::scalar) {
        first = i;
      } else if (key.kind == YamlNode::Kind::scalar) {
        const std::string line = std::to_string(document_.place(earlier).line);
        document_.error(diagnostics_, key, "duplicate key '" + printable(key.scalar) + "', first in line " + line);
        key.kind = YamlNode::Kind::refused;
      }
    }
    size_t kept = 0;
    for (size_t i = 0; i < mapping.pairs(); ++i) {
      if (mapping.key(i).kind == YamlNode::Kind::refused) continue;
      if (kept != i) {
        mapping.children[2 * kept] = std::move(mapping.children[2 * i]);
        mapping.children[2 * kept + 1] = std::move(mapping.children[2 * i + 1]);
      }
      ++kept;
    }
    mapping.children.resize(2 * kept);
  }

  YamlDocument& document_;
  Diagnostics& diagnostics_;
  const size_t most_nodes_;
  std::vector<YamlNode> stack_;  // the collections that are open, outermost first
  size_t last_end_ = 0;          // of the last value that was read
  size_t nodes_ = 0;
  size_t documents_ = 0;
  size_t depth_skipped_ = 0;     // open collections below the deepest level allowed
  bool too_deep_ = false;
  bool too_many_ = false;
  bool has_root_ = false;
};

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
  static constexpr size_t widest = 500;  // a caret below a longer line helps nobody
  const size_t begin = line_begin(text_, offset), end = line_end(text_, offset);
  std::string line(text_.substr(begin, std::min(end - begin, widest + 1)));
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() > widest) line.clear();
  if (find_text_defect(line)) {
    for (char& c : line) c = (c >= ' ' && c < '\x7f') || c == '\t' ? c : '?';
  }
  diagnostics.error(place(offset), std::move(message), std::move(line));
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
