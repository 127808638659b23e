#include "zones/logical_lines.h"

#include <algorithm>
#include <array>

namespace dnsd {
namespace {

// To find that a parenthesis is not closed costs up to `longest` octets, which are then read once more.
constexpr unsigned most_unclosed = 10;

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Octets that no text file holds. Data with such octets writes them as \DDD.
constexpr bool is_control(char c) {
  const auto octet = static_cast<uint8_t>(c);
  return (octet < 0x20 && c != '\t' && c != '\r' && c != '\n') || octet == 0x7f;
}

constexpr bool ends_word(char c) {
  return is_space(c) || c == '\n' || c == ';' || c == '(' || c == ')' || c == '"' || is_control(c);
}

// Octets that a word goes on with whatever comes behind them.
constexpr auto plain_in_word = [] {
  std::array<bool, 256> plain{};
  for (size_t octet = 0; octet < plain.size(); ++octet)
    plain[octet] = !ends_word(static_cast<char>(octet)) && octet != '\\';
  return plain;
}();

// A backslash and an octet that it takes its meaning from.
bool is_escape(std::string_view text, size_t at) {
  return text[at] == '\\' && at + 1 < text.size() && text[at + 1] != '\n' && !is_control(text[at + 1]);
}

}  // namespace

size_t column_at(std::string_view text, size_t offset) {
  const size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? offset + 1 : offset - newline;
}

bool LogicalLines::next(LogicalLine& line, LineDefect& defect) {
  defect.message.clear();
  while (at_ < stop_ && !gave_up_) {
    if (!read_line(line, defect)) {
      line.tokens.clear();
      return true;
    }
    if (!line.tokens.empty()) return true;
  }
  return false;
}

bool LogicalLines::read_line(LogicalLine& line, LineDefect& defect) {
  line.tokens.clear();
  line.begin = at_;
  line.number = line_number_;
  line.blank_owner = is_space(text_[at_]);
  depth_ = 0;
  for (;;) {
    Step result = step(line, defect);
    if (result == Step::token && at_ - line.begin > longest) {
      result = depth_ > 0 ? fail(defect, open_at_, "'(' is not closed within " + std::to_string(longest) + " octets")
                          : fail(defect, line.begin, "a line of more than " + std::to_string(longest) + " octets");
    }
    if (result == Step::text_end && depth_ > 0) result = fail(defect, open_at_, "'(' is never closed");
    if (result == Step::token || (result == Step::line_end && depth_ > 0)) continue;
    if (result == Step::defect) recover(line, defect);
    line.end = at_;
    return result != Step::defect;
  }
}

LogicalLines::Step LogicalLines::fail(LineDefect& defect, size_t offset, std::string message) {
  defect = {offset, std::move(message)};
  return Step::defect;
}

// Takes one token, comment, run of white space, parenthesis or line end.
LogicalLines::Step LogicalLines::step(LogicalLine& line, LineDefect& defect) {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  if (at_ == text_.size()) return Step::text_end;
  const char c = text_[at_];
  if (c == ';') {
    at_ = std::min(text_.find('\n', at_), text_.size());
    return Step::token;
  }
  if (c == '\n') {
    ++at_;
    ++line_number_;
    return at_ - line.begin > longest && depth_ > 0 ? Step::token : Step::line_end;
  }
  if (c == '(' || c == ')') return open_or_close(defect) ? Step::token : Step::defect;
  if (c == '"') return read_quoted(line, defect) ? Step::token : Step::defect;
  if (is_control(c)) return fail(defect, at_, "a control character; in data write it as \\DDD");
  read_word(line);
  return Step::token;
}

bool LogicalLines::open_or_close(LineDefect& defect) {
  if (text_[at_] == '(') {
    if (depth_++ == 0) open_at_ = at_;
  } else if (depth_-- == 0) {
    depth_ = 0;
    fail(defect, at_, "')' without '('");
    return false;
  }
  ++at_;
  return true;
}

void LogicalLines::read_word(LogicalLine& line) {
  const size_t from = at_;
  for (;;) {
    while (at_ < text_.size() && plain_in_word[static_cast<uint8_t>(text_[at_])]) ++at_;
    if (at_ == text_.size() || ends_word(text_[at_])) break;
    at_ += is_escape(text_, at_) ? 2 : 1;
  }
  line.tokens.push_back({text_.substr(from, at_ - from), from, false});
}

bool LogicalLines::read_quoted(LogicalLine& line, LineDefect& defect) {
  const size_t quote = at_++;
  while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n' && !is_control(text_[at_])) {
    at_ += is_escape(text_, at_) ? 2 : 1;
  }
  if (at_ >= text_.size() || text_[at_] == '\n') {
    fail(defect, quote, "a quote that does not end on its line");
    return false;
  }
  if (is_control(text_[at_])) {
    fail(defect, at_, "a control character; in data write it as \\DDD");
    return false;
  }
  line.tokens.push_back({text_.substr(quote + 1, at_ - quote - 1), quote, true});
  ++at_;
  return true;
}

// Goes to where the next line probably begins. Behind an unclosed parenthesis, which has swallowed all there is, that
// is the next physical line that does not begin with white space.
void LogicalLines::recover(const LogicalLine& line, LineDefect& defect) {
  const bool unclosed = depth_ > 0;
  if (unclosed) {
    at_ = open_at_;
    const std::string_view before = text_.substr(line.begin, open_at_ - line.begin);
    line_number_ = line.number + static_cast<uint32_t>(std::ranges::count(before, '\n'));
    gave_up_ = ++unclosed_ == most_unclosed;
    if (gave_up_) defect.message += "; the rest of the file was not read";
  }
  do {
    at_ = text_.find('\n', at_);
    if (at_ == std::string_view::npos) {
      at_ = text_.size();
      return;
    }
    ++at_;
    ++line_number_;
  } while (unclosed && at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == ')' || text_[at_] == '\n'));
}

}  // namespace dnsd
