// Cuts the text of a master file into logical lines: one record or directive each, whatever the number of physical
// lines that parentheses join (RFC 1035 5.1).
//
//   example. IN SOA ns1 hostmaster (   ; begin ──┐ one logical line, seven tokens and more;
//            1 7200 3600                         │ comments, parentheses and line ends
//            1209600 300 )                       ┘ end: behind the last newline
//
// Lines without a token are passed over. A defect does not end the reading: what can be read behind it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dnsd {

struct Token {
  std::string_view text;  // escapes as written; a quoted one without its quotes
  size_t offset = 0;      // of its first octet (the quote, if quoted) in the whole text
  bool quoted = false;

  bool is(std::string_view word) const { return !quoted && text == word; }
};

struct LogicalLine {
  size_t begin = 0;  // octets [begin, end) of the text, comments and the last newline included
  size_t end = 0;
  uint32_t number = 0;       // of the physical line at `begin`, from 1
  bool blank_owner = false;  // begins with white space: the owner is that of the record before
  std::vector<Token> tokens;
};

// What hurts at an offset of the text.
struct LineDefect {
  size_t offset = 0;
  std::string message;
};

class LogicalLines {
 public:
  static constexpr size_t longest = size_t{1} << 20;  // octets of one logical line

  // `text` must outlive this and every token.
  explicit LogicalLines(std::string_view text) : text_(text) {}

  // The next line that has a token; false at the end. A line with a defect comes without tokens and fills `defect`,
  // whose message is empty otherwise.
  bool next(LogicalLine& line, LineDefect& defect);
  // No line begins at or behind this offset; one that begins before it is read to its end.
  void stop_at(size_t offset) { stop_ = offset; }
  // Where the next line begins, and its number.
  size_t position() const { return at_; }
  size_t size() const { return text_.size(); }
  uint32_t line_number() const { return line_number_; }
  // Whether the rest of the text is not read because of its defects.
  bool gave_up() const { return gave_up_; }

 private:
  enum class Step { token, line_end, text_end, defect };

  bool read_line(LogicalLine& line, LineDefect& defect);
  Step step(LogicalLine& line, LineDefect& defect);
  void read_word(LogicalLine& line);
  bool read_quoted(LogicalLine& line, LineDefect& defect);
  bool open_or_close(LineDefect& defect);
  void recover(const LogicalLine& line, LineDefect& defect);
  Step fail(LineDefect& defect, size_t offset, std::string message);

  std::string_view text_;
  size_t stop_ = text_.size();
  size_t at_ = 0;
  uint32_t line_number_ = 1;
  size_t open_at_ = 0;  // of the outermost parenthesis, where depth_ > 0
  unsigned depth_ = 0;
  bool gave_up_ = false;
  unsigned unclosed_ = 0;
};

// Column, from 1 in octets, of an offset within a text.
size_t column_at(std::string_view text, size_t offset);

}  // namespace dnsd
