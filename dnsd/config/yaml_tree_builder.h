// Turns yaml-cpp's events into the tree of a YamlDocument, and refuses what YamlDocument refuses. yaml-cpp gives the
// offset where a thing begins; where it ends is found in the text (yaml_text.h). Part of yaml_document.cc.
//
//   a: [x, {y: ~}]      map start, scalar a, sequence start, scalar x, map start, scalar y, null, map end, …
//
// Thread safety: none needed, it lives as long as one parse.
#pragma once

#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>
#include <vector>

#include "dnsd/config/yaml_document.h"

namespace dnsd {

class YamlTreeBuilder : public YAML::EventHandler {
 public:
  // Of a mapping its keys count as values too.
  YamlTreeBuilder(YamlDocument& document, Diagnostics& diagnostics, size_t most_nodes)
      : document_(document), diagnostics_(diagnostics), most_nodes_(most_nodes) {}

  bool has_root() const { return has_root_; }
  // Too many values or too deep: that was reported, and the tree is not whole.
  bool gave_up() const { return too_many_ || too_deep_; }
  size_t documents() const { return documents_; }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override;
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override;
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
  size_t offset(const YAML::Mark& mark) const;
  void refuse(const YAML::Mark& mark, std::string message);
  YamlNode node_at(const YAML::Mark& mark, YamlNode::Kind kind) const;
  bool is_tagged(const YAML::Mark& mark, const std::string& tag);
  std::string_view keep(size_t begin, const std::string& value);
  bool is_next_key(size_t at) const;
  size_t absent_at() const;
  void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind, bool flow);
  void close();
  void attach(YamlNode node);
  void check_key(YamlNode& key);
  void check_duplicates(YamlNode& mapping);

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

}  // namespace dnsd
