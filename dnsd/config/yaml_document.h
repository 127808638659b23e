// YAML as a small tree of our own, strict: what different YAML readers understand differently is refused.
//
// Refused, each with its place: duplicate keys, anchors and aliases, tags, merge keys (<<), a second document, keys that
// are no plain text, nesting deeper than 32, more than 4 million values, octets that are no UTF-8, control characters,
// a byte order mark. Values are text only; what a text means is for its reader to say (reader.h).
// Thread safety: a YamlDocument may be read by any number of threads. No exception leaves this file.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace dnsd {

constexpr size_t max_yaml_octets = size_t{256} << 20;
constexpr size_t max_yaml_nodes = 4'000'000;
constexpr size_t max_yaml_depth = 32;

// A value and where it stands in the text: octets [begin, end).
//
//   - {address: 192.0.2.1, weight: 1}   # comment
//     ^begin                         ^end of the mapping (flow); a block mapping ends where its last value ends
struct YamlNode {
  enum class Kind : uint8_t {
    null,      // nothing there, or ~ or null
    scalar,
    sequence,
    mapping,
    refused,   // something that was reported already: readers pass over it in silence
  };
  Kind kind = Kind::null;
  bool quoted = false;  // a scalar in quotes or a block scalar; only of plain ones and those in quotes is `end` known
  bool flow = false;    // a sequence or mapping in [] or {}
  std::string_view scalar;
  uint32_t begin = 0;
  uint32_t end = 0;
  std::vector<YamlNode> children;  // items; of a mapping key, value, key, value …

  size_t pairs() const { return children.size() / 2; }
  const YamlNode& key(size_t i) const { return children[2 * i]; }
  const YamlNode& value(size_t i) const { return children[2 * i + 1]; }
  // The value of a key of a mapping; null where there is none.
  const YamlNode* find(std::string_view name) const;
};

class YamlDocument {
 public:
  // Reports all defects. None where no tree could be made; with a tree there may still be defects reported, so that a
  // reader can go on and find the others. `text` must outlive the document.
  static std::optional<YamlDocument> parse(std::string_view text, std::string shown_path, Diagnostics& diagnostics,
                                           size_t most_nodes = max_yaml_nodes);

  const YamlNode& root() const { return root_; }
  std::string_view text() const { return text_; }
  const std::string& file() const { return file_; }
  Place place(const YamlNode& node) const { return place(node.begin); }
  Place place(size_t offset) const;
  // Reports an error at an offset of the text, with the line and a caret.
  void error(Diagnostics& diagnostics, size_t offset, std::string message) const;
  void error(Diagnostics& diagnostics, const YamlNode& node, std::string message) const {
    error(diagnostics, node.begin, std::move(message));
  }
  void warning(Diagnostics& diagnostics, const YamlNode& node, std::string message) const;

 private:
  friend class YamlTreeBuilder;
  YamlDocument(std::string_view text, std::string file);
  std::string shown_line(size_t offset) const;

  std::string_view text_;
  std::string file_;
  std::vector<uint32_t> line_starts_;
  std::deque<std::string> decoded_;  // scalars that do not stand in the text as they are
  YamlNode root_;
};

}  // namespace dnsd
