// Looking at YAML as text: what yaml-cpp does not tell, namely where things end. Pure functions of text and offsets;
// an offset at or beyond the end is allowed everywhere.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace dnsd {

struct TextDefect {
  size_t offset;
  std::string message;
};
// The first octet that no YAML file of ours may hold: not UTF-8 (RFC 3629), a control character, a byte order mark.
std::optional<TextDefect> find_text_defect(std::string_view text);

// Past spaces, line ends and comments. A '#' begins a comment only at the start of a line or after a blank.
size_t skip_blank(std::string_view text, size_t at);

// The end of the scalar that begins at `begin` and whose value was read as `value`; `begin` itself for block scalars.
// None where it begins with a quote that is never closed.
std::optional<size_t> scalar_end(std::string_view text, size_t begin, std::string_view value);

// The end of a flow collection: just past the bracket that closes it, given the end of its last child (or of its
// opening bracket).
size_t flow_end(std::string_view text, size_t last_child_end);

// Octets of "~" or "null" that stand at `at`; 0 where none does.
size_t null_word_size(std::string_view text, size_t at);

size_t line_begin(std::string_view text, size_t at);
// The offset of the newline that ends the line, or the end of the text.
size_t line_end(std::string_view text, size_t at);

}  // namespace dnsd
