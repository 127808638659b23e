// A typed view of one mapping of a YamlDocument. Each key asked for counts as read; finish() reports the others, so
// that a slip of the pen never goes by unnoticed. Nothing stops at a defect: a bad value is reported, the caller keeps
// its default, and the reading goes on.
//
//   Reader member(document, node, diagnostics, "a member");
//   member.require("address", address_value, out.address);
//   member.read("weight", [](auto text) { return number_value(text, 0, 1000); }, out.weight);
//   member.finish();
//
// Thread safety: none needed, it is a local variable.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "dnsd/config/yaml_document.h"

namespace dnsd {

class Reader {
 public:
  // `what` is how messages call the mapping: "a pool". Where `node` is no mapping that is reported, and every key is
  // absent without a further report. All arguments must outlive the reader; keys are literals.
  Reader(const YamlDocument& document, const YamlNode& node, Diagnostics& diagnostics, std::string what);

  // The value of a key, of whatever kind; null where the key is absent or its value was refused already.
  const YamlNode* optional(std::string_view key);
  const YamlNode* required(std::string_view key);  // absence is reported
  // The same where only a list or a mapping will do; the list's items are its children.
  const YamlNode* sequence(std::string_view key, bool must = false);
  const YamlNode* mapping(std::string_view key, bool must = false);

  // Reads one value with parse(string_view) -> Result. The node, if all went well; otherwise null, and `out` is as before.
  template <typename Parse, typename Out>
  const YamlNode* read(std::string_view key, Parse parse, Out& out) {
    return take(key, optional(key), parse, out);
  }
  template <typename Parse, typename Out>
  const YamlNode* require(std::string_view key, Parse parse, Out& out) {
    return take(key, required(key), parse, out);
  }
  // Calls each(value, node) for each item of a list of single values.
  template <typename Parse, typename Each>
  const YamlNode* each(std::string_view key, Parse parse, Each each_item, bool must = false) {
    const YamlNode* list = sequence(key, must);
    if (!list) return nullptr;
    for (const YamlNode& item : list->children) {
      if (!is_scalar(key, item)) continue;
      if (auto value = parse(item.scalar)) {
        each_item(std::move(*value), item);
      } else {
        fail(key, item, value.failure());
      }
    }
    return list;
  }

  // An error at a node, in words of its own.
  void error(const YamlNode& node, std::string message) { document_.error(diagnostics_, node, std::move(message)); }
  void warning(const YamlNode& node, std::string message) { document_.warning(diagnostics_, node, std::move(message)); }
  Place place(const YamlNode& node) const { return document_.place(node); }
  const YamlNode& node() const { return node_; }

  // Reports every key that nobody asked for.
  void finish();

 private:
  template <typename Parse, typename Out>
  const YamlNode* take(std::string_view key, const YamlNode* node, Parse parse, Out& out) {
    if (!node || !is_scalar(key, *node)) return nullptr;
    auto value = parse(node->scalar);
    if (!value) {
      fail(key, *node, value.failure());
      return nullptr;
    }
    out = static_cast<Out>(std::move(*value));
    return node;
  }

  bool is_scalar(std::string_view key, const YamlNode& node);
  void fail(std::string_view key, const YamlNode& node, const Failure& failure);

  const YamlDocument& document_;
  const YamlNode& node_;
  Diagnostics& diagnostics_;
  std::string what_;
  std::vector<std::string_view> asked_;
};

}  // namespace dnsd
