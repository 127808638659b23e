// What the loaders of all kinds of files share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/atomic_file.h"
#include "base/diagnostic.h"
#include "dnsd/config/yaml_document.h"

namespace dnsd {

// Parses, lets build(document, found) -> Config report what it finds, and hands the defects on in the order of the
// file. None where there was an error.
template <typename Build>
auto load_yaml(std::string_view text, const std::string& shown_path, Diagnostics& diagnostics, Build build)
    -> std::optional<decltype(build(std::declval<const YamlDocument&>(), diagnostics))> {
  Diagnostics found;
  std::optional<decltype(build(std::declval<const YamlDocument&>(), found))> config;
  if (const std::optional<YamlDocument> document = YamlDocument::parse(text, shown_path, found)) {
    config = build(*document, found);
  }
  if (found.has_errors()) config.reset();
  found.sort();
  diagnostics.append(found);
  return config;
}

// read_file, with a failure reported for the file as a whole.
inline std::optional<std::string> read_yaml_file(const std::string& path, Diagnostics& diagnostics) {
  Result<std::string> text = read_file(path, max_yaml_octets);
  if (text) return std::move(*text);
  diagnostics.error({path, 0, 0}, text.failure().message);
  return std::nullopt;
}

}  // namespace dnsd
