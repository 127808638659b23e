#include "dnsd/config/reader.h"

#include <algorithm>

#include "base/text.h"

namespace dnsd {
namespace {

std::string quoted(std::string_view key) { return "'" + std::string(key) + "'"; }

}  // namespace

Reader::Reader(const YamlDocument& document, const YamlNode& node, Diagnostics& diagnostics, std::string what)
    : document_(document), node_(node), diagnostics_(diagnostics), what_(std::move(what)) {
  if (node.kind == YamlNode::Kind::mapping || node.kind == YamlNode::Kind::refused) return;
  error(node, what_ + " must be a mapping, lines of 'key: value'");
}

const YamlNode* Reader::optional(std::string_view key) {
  asked_.push_back(key);
  const YamlNode* value = node_.find(key);
  return value && value->kind != YamlNode::Kind::refused ? value : nullptr;
}

const YamlNode* Reader::required(std::string_view key) {
  if (node_.kind == YamlNode::Kind::mapping && !node_.find(key)) error(node_, what_ + " lacks the key " + quoted(key));
  return optional(key);
}

const YamlNode* Reader::sequence(std::string_view key, bool must) {
  const YamlNode* value = must ? required(key) : optional(key);
  if (!value || value->kind == YamlNode::Kind::sequence) return value;
  error(*value, quoted(key) + " must be a list: [one, two], or lines that begin with '- '");
  return nullptr;
}

const YamlNode* Reader::mapping(std::string_view key, bool must) {
  const YamlNode* value = must ? required(key) : optional(key);
  if (!value || value->kind == YamlNode::Kind::mapping) return value;
  error(*value, quoted(key) + " must be a mapping, lines of 'key: value'");
  return nullptr;
}

bool Reader::is_scalar(std::string_view key, const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::scalar: return true;
    case YamlNode::Kind::refused: return false;
    case YamlNode::Kind::null: error(node, quoted(key) + " has no value"); return false;
    case YamlNode::Kind::sequence: error(node, quoted(key) + " takes one value here, not a list"); return false;
    case YamlNode::Kind::mapping:
      error(node, quoted(key) + " takes one value here, not a mapping; text with a ':' needs quotes");
      return false;
  }
  return false;
}

void Reader::fail(std::string_view key, const YamlNode& node, const Failure& failure) {
  // Where the value stands in the file as it is, the caret can go to the very octet.
  const size_t quote = node.quoted ? 1 : 0;
  const bool verbatim = document_.text().substr(node.begin + quote, node.scalar.size()) == node.scalar;
  const size_t offset = verbatim && failure.offset < node.scalar.size() ? quote + failure.offset : 0;
  document_.error(diagnostics_, node.begin + (failure.offset > 0 ? offset : 0),
                  std::string(key) + ": " + failure.message);
}

void Reader::finish() {
  if (node_.kind != YamlNode::Kind::mapping) return;
  for (size_t i = 0; i < node_.pairs(); ++i) {
    const std::string_view key = node_.key(i).scalar;
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    std::string message = "unknown key '" + printable(key) + "' in " + what_;
    if (const std::string_view near = closest(key, asked_); !near.empty()) {
      message.append("; did you mean '").append(near).append("'?");
    } else {
      message += "; known are";
      for (const std::string_view known : asked_) message.append(known == asked_.front() ? " " : ", ").append(known);
    }
    error(node_.key(i), std::move(message));
  }
}

}  // namespace dnsd
