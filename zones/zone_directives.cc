// The directives of ZoneReader: $ORIGIN and $INCLUDE (RFC 1035 5.1), $TTL (RFC 2308 4), $GENERATE (BIND).
#include <filesystem>

#include "base/text.h"
#include "zones/generate.h"
#include "zones/rdata_text.h"
#include "zones/ttl_text.h"
#include "zones/zone_reader.h"

namespace dnsd {
namespace {

constexpr size_t deepest_include = 20;
constexpr uint32_t most_includes = 10'000;
constexpr uint64_t most_generated_octets = uint64_t{256} << 20;

// `path` as seen from the folder of `file`.
std::string beside(const std::string& file, const std::string& path) {
  return (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

// The right-hand side of $GENERATE: BIND takes one token, in quotes where it holds blanks. Several are taken as well.
std::string right_hand_side(std::span<const Token> tokens) {
  if (tokens.size() == 1) return std::string(tokens[0].text);
  std::string text;
  for (const Token& token : tokens) {
    if (!text.empty()) text += ' ';
    if (token.quoted) text += '"';
    text += token.text;
    if (token.quoted) text += '"';
  }
  return text;
}

}  // namespace

void ZoneReader::directive(File& file, const LogicalLine& line) {
  const Token& word = line.tokens[0];
  if (line.blank_owner) return error(file, word.offset, "a directive must begin its line, without blanks before it");
  if (equal_ignoring_case(word.text, "$ORIGIN")) return origin_directive(file, line);
  if (equal_ignoring_case(word.text, "$TTL")) return ttl_directive(file, line);
  if (alone_) return void(in_vain_ = true);
  if (equal_ignoring_case(word.text, "$INCLUDE")) return include_directive(file, line);
  if (equal_ignoring_case(word.text, "$GENERATE")) return generate_directive(file, line);
  error(file, word.offset,
        "'" + printable(word.text) + "' is none of $ORIGIN, $TTL, $INCLUDE and $GENERATE; a name " +
            "that begins with $ is written \\$");
}

void ZoneReader::origin_directive(File& file, const LogicalLine& line) {
  if (line.tokens.size() != 2) return error(file, line.tokens[0].offset, "$ORIGIN wants one name");
  const Token& token = line.tokens[1];
  const Result<Name> name = Name::parse(token.text, file.origin);
  if (!name) return error(file, token.offset + name.failure().offset, "$ORIGIN: " + name.failure().message);
  file.origin = *name;
}

void ZoneReader::ttl_directive(File& file, const LogicalLine& line) {
  if (line.tokens.size() != 2) return error(file, line.tokens[0].offset, "$TTL wants one TTL");
  const Result<uint32_t> ttl = parse_ttl(line.tokens[1].text);
  if (!ttl) return error(file, line.tokens[1].offset, "$TTL: " + ttl.failure().message);
  default_ttl_ = *ttl;
}

void ZoneReader::include_directive(File& file, const LogicalLine& line) {
  if (line.tokens.size() != 2 && line.tokens.size() != 3) {
    return error(file, line.tokens[0].offset, "$INCLUDE wants a file, and may be given an origin");
  }
  Name origin = file.origin;
  if (line.tokens.size() == 3) {
    const Token& token = line.tokens[2];
    const Result<Name> name = Name::parse(token.text, file.origin);
    if (!name) return error(file, token.offset + name.failure().offset, "$INCLUDE: " + name.failure().message);
    origin = *name;
  }
  include(file, line.tokens[1], origin);
}

// The included file has its own origin and owner; those of the including file hold again afterwards.
void ZoneReader::include(File& file, const Token& path_token, const Name& origin) {
  File included;
  included.path = beside(file.path, std::string(path_token.text));
  included.shown_path = beside(file.shown_path, std::string(path_token.text));
  included.origin = origin;
  for (const std::string& open : chain_) {
    if (open == included.path) {
      return error(file, path_token.offset, "'" + printable(included.shown_path) + "' would include itself");
    }
  }
  if (chain_.size() > deepest_include) {
    return error(file, path_token.offset, "$INCLUDE more than " + std::to_string(deepest_include) + " deep");
  }
  if (++includes_ > most_includes) {
    if (includes_ == most_includes + 1) error(file, path_token.offset, "more than 10000 times $INCLUDE");
    return;
  }
  const auto text = open_included(file, path_token, included.path);
  if (!text) return;
  included.text = *text;
  if (!open_file(included)) return;
  chain_.push_back(included.path);
  LogicalLine line;
  LogicalLines lines(included.text);
  included.line = &line;
  read_lines(included, lines);
  chain_.pop_back();
}

std::optional<std::string_view> ZoneReader::open_included(File& file, const Token& path_token,
                                                          const std::string& path) {
  if (const auto known = texts_.find(path); known != texts_.end()) return known->second;
  Result<std::string> text = open_(path);
  if (!text) {
    error(file, path_token.offset, "cannot include it: " + text.failure().message);
    return std::nullopt;
  }
  return texts_.emplace(path, std::move(*text)).first->second;
}

// $GENERATE range owner [TTL] [class] type RDATA
void ZoneReader::generate_directive(File& file, const LogicalLine& line) {
  const std::span<const Token> tokens(line.tokens);
  Fields fields;
  fields.end = tokens.back().offset + tokens.back().text.size();
  if (tokens.size() < 5) return error(file, fields.end, "$GENERATE wants a range, an owner, a type and RDATA");
  const Result<GenerateRange> range = parse_generate_range(tokens[1].text);
  if (!range) return error(file, tokens[1].offset, "$GENERATE: " + range.failure().message);
  if (!read_fields(file, tokens.subspan(3), fields)) return;
  if (fields.rdata.empty()) return error(file, fields.end, "$GENERATE: the RDATA is missing");
  if ((generated_ += range->count()) > options_.most_generated) {
    return error(file, tokens[1].offset,
                 "$GENERATE: more than " + std::to_string(options_.most_generated) + " records in one zone");
  }
  const std::string rhs = right_hand_side(fields.rdata);
  generating_at_ = tokens[0].offset;
  for (uint64_t number = range->start; number <= range->stop; number += range->step)
    if (!generate_one(file, tokens[2], rhs, fields, static_cast<uint32_t>(number))) break;
  generating_at_.reset();
}

// False after the first defect, which all that follow would repeat.
bool ZoneReader::generate_one(const File& file, const Token& lhs, std::string_view rhs, Fields& fields,
                              uint32_t number) {
  const auto refuse = [&](const std::string& why) {
    error(file, 0, "$GENERATE at " + std::to_string(number) + ": " + why);
    return false;
  };
  generated_text_.clear();
  if (Status done = expand_generate(lhs.text, number, generated_text_); !done) return refuse(done.failure().message);
  const Result<Name> owner = Name::parse(generated_text_, file.origin);
  if (!owner) return refuse(owner.failure().message);
  fields.owner = owner->view();
  generated_text_.clear();
  if (Status done = expand_generate(rhs, number, generated_text_); !done) return refuse(done.failure().message);
  if ((generated_octets_ += generated_text_.size()) > most_generated_octets)
    return refuse("too much text in one zone");
  LogicalLines lines(generated_text_);
  LineDefect defect;
  if (!lines.next(generated_line_, defect)) return refuse("the RDATA is missing");
  if (!defect.message.empty()) return refuse(defect.message);
  fields.rdata = generated_line_.tokens;
  return emit(file, fields);
}

}  // namespace dnsd
