#include "dnsd/config/yaml_tree_builder.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>

#include "base/text.h"
#include "dnsd/config/yaml_text.h"

namespace dnsd {
namespace {

// Pairs whose key was refused: their readers should not hear of them.
void remove_refused_pairs(YamlNode& mapping) {
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

}  // namespace

void YamlTreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (documents_ == 1) refuse(mark, "a second document begins here; a file holds one");
  ++documents_;
}

void YamlTreeBuilder::OnAnchor(const YAML::Mark& mark, const std::string& name) {
  refuse(mark, "anchors are not supported (&" + printable(name) + "); write the value out where it is needed");
}

void YamlTreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) {
  refuse(mark, "aliases are not supported; write the value out");
  YamlNode node = node_at(mark, YamlNode::Kind::refused);
  while (node.end < text().size() && std::string_view(" \t\r\n,]}").find(text()[node.end]) == std::string_view::npos)
    ++node.end;
  attach(std::move(node));
}

void YamlTreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t) {
  YamlNode node = node_at(mark, YamlNode::Kind::null);
  if (const size_t size = null_word_size(text(), node.begin); size > 0 && !is_next_key(node.begin)) {
    node.end = static_cast<uint32_t>(node.begin + size);
  } else {
    node.begin = node.end = static_cast<uint32_t>(absent_at());
  }
  attach(std::move(node));
}

void YamlTreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                               const std::string& value) {
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

size_t YamlTreeBuilder::offset(const YAML::Mark& mark) const {
  return mark.pos < 0 ? 0 : std::min(static_cast<size_t>(mark.pos), text().size());
}

void YamlTreeBuilder::refuse(const YAML::Mark& mark, std::string message) {
  if (!ignored()) document_.error(diagnostics_, offset(mark), std::move(message));
}

YamlNode YamlTreeBuilder::node_at(const YAML::Mark& mark, YamlNode::Kind kind) const {
  YamlNode node;
  node.kind = kind;
  node.begin = node.end = static_cast<uint32_t>(offset(mark));
  return node;
}

// yaml-cpp says "?" for a plain value and "!" for one in quotes; a plain text cannot begin with '!'.
bool YamlTreeBuilder::is_tagged(const YAML::Mark& mark, const std::string& tag) {
  const size_t at = offset(mark);
  const bool written = at < text().size() && text()[at] == '!';
  if (!written && (tag.empty() || tag == "?" || tag == "!")) return false;
  refuse(mark, "tags are not supported (" + printable(tag) + "); leave it out");
  return true;
}

// The text of the file where the value stands there as it is, else a copy.
std::string_view YamlTreeBuilder::keep(size_t begin, const std::string& value) {
  const std::string_view there = text().substr(begin, value.size());
  return there == value ? there : std::string_view(document_.decoded_.emplace_back(value));
}

// For a value that is not there yaml-cpp gives the place of whatever comes next.
bool YamlTreeBuilder::is_next_key(size_t at) const {
  const size_t after = skip_blank(text(), at + null_word_size(text(), at));
  return after < text().size() && text()[after] == ':';
}

size_t YamlTreeBuilder::absent_at() const {
  const bool is_value = !stack_.empty() && stack_.back().kind == YamlNode::Kind::mapping &&
                        stack_.back().children.size() % 2 == 1;
  return is_value ? stack_.back().children.back().end : std::min(skip_blank(text(), last_end_), text().size());
}

void YamlTreeBuilder::open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind, bool flow) {
  if (ignored()) return;
  is_tagged(mark, tag);
  if (stack_.size() >= max_yaml_depth) {
    if (!too_deep_) refuse(mark, "nested deeper than " + std::to_string(max_yaml_depth) + " levels");
    too_deep_ = true;
    attach(node_at(mark, YamlNode::Kind::refused));
    ++depth_skipped_;
    return;
  }
  YamlNode node = node_at(mark, kind);
  node.flow = flow && node.begin < text().size() && (text()[node.begin] == '[' || text()[node.begin] == '{');
  last_end_ = node.begin + (node.flow ? 1 : 0);
  stack_.push_back(std::move(node));
}

void YamlTreeBuilder::close() {
  if (ignored()) return;
  if (depth_skipped_ > 0) {
    --depth_skipped_;
    return;
  }
  YamlNode node = std::move(stack_.back());
  stack_.pop_back();
  const size_t last = node.children.empty() ? node.begin + (node.flow ? 1u : 0u) : node.children.back().end;
  node.end = static_cast<uint32_t>(node.flow ? flow_end(text(), last) : last);
  if (node.kind == YamlNode::Kind::mapping) {
    check_duplicates(node);
    remove_refused_pairs(node);
  }
  node.children.shrink_to_fit();
  attach(std::move(node));
}

void YamlTreeBuilder::attach(YamlNode node) {
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

void YamlTreeBuilder::check_key(YamlNode& key) {
  if (key.kind == YamlNode::Kind::refused) return;
  if (key.kind == YamlNode::Kind::scalar && (key.scalar != "<<" || key.quoted)) return;
  std::string message = "a key must be plain text";
  if (key.kind == YamlNode::Kind::scalar) message = "merge keys (<<) are not supported; write the keys out";
  if (key.kind == YamlNode::Kind::null) message = "a key is missing, or is null without quotes";
  document_.error(diagnostics_, key, std::move(message));
  key.kind = YamlNode::Kind::refused;
}

void YamlTreeBuilder::check_duplicates(YamlNode& mapping) {
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
}

}  // namespace dnsd
