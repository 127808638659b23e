#include "zones/zone_reader.h"

#include <algorithm>

#include "base/text.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"
#include "zones/ttl_text.h"

namespace dnsd {
namespace {

// All mnemonics lie in these ranges of the registry.
std::string suggestion(std::string_view word) {
  std::vector<std::string_view> mnemonics;
  for (const uint32_t first : {0u, 0x8000u})
    for (uint32_t number = first; number < first + 300; ++number)
      if (const RrType* row = find_rr_type(static_cast<uint16_t>(number))) mnemonics.push_back(row->mnemonic);
  const std::string upper = ascii_upper(word);
  const std::string_view near = closest(upper, mnemonics);
  return near.empty() ? "" : "; did you mean " + std::string(near) + "?";
}

}  // namespace

ZoneReader::ZoneReader(const ZoneFileOptions& options, const OpenFile& open, DefectList& defects, RecordSink sink)
    : options_(options), open_(open), defects_(defects), sink_(std::move(sink)) {}

void ZoneReader::read(std::string_view text) {
  File file;
  file.path = options_.path;
  file.shown_path = options_.shown_path.empty() ? options_.path : options_.shown_path;
  file.text = text;
  file.origin = options_.origin;
  read_file(file);
  last_origin_ = file.origin;
}

void ZoneReader::read_file(File& file) {
  file.index = defects_.add_file(file.shown_path, file.text);
  if (file.text.size() > UINT32_MAX || (octets_ += file.text.size()) > UINT32_MAX) {
    defects_.add(Severity::error, {file.index, 0, 0}, "more than 4 GiB of text in one zone");
    return;
  }
  chain_.push_back(file.path);
  LogicalLines lines(file.text);
  LogicalLine line;
  LineDefect defect;
  file.line = &line;
  while (lines.next(line, defect)) {
    if (!defect.message.empty()) {
      error(file, defect.offset, std::move(defect.message));
    } else if (line.tokens[0].text.starts_with('$') && !line.tokens[0].quoted) {
      directive(file, line);
    } else {
      record(file, line);
    }
  }
  chain_.pop_back();
}

RecordPlace ZoneReader::place_of(const File& file, size_t offset) const {
  if (generating_at_) offset = *generating_at_;
  const std::string_view before = file.text.substr(file.line->begin, offset - file.line->begin);
  const auto line = file.line->number + static_cast<uint32_t>(std::ranges::count(before, '\n'));
  const size_t column = column_at(before, before.size());
  return {file.index, static_cast<uint16_t>(std::min<size_t>(column, UINT16_MAX)), line};
}

void ZoneReader::error(const File& file, size_t offset, std::string message) {
  defects_.add(Severity::error, place_of(file, offset), std::move(message));
}

void ZoneReader::record(File& file, const LogicalLine& line) {
  Fields fields;
  const bool has_owner = read_owner(file, line, fields);
  const std::span<const Token> tokens(line.tokens);
  fields.end = tokens.back().offset + tokens.back().text.size() + (tokens.back().quoted ? 2 : 0);
  if (!read_fields(file, tokens.subspan(line.blank_owner ? 0 : 1), fields)) return;
  if (has_owner) {
    emit(file, fields);
  } else {
    read_rdata(file, fields);
  }
}

bool ZoneReader::read_owner(File& file, const LogicalLine& line, Fields& fields) {
  const Token& token = line.tokens[0];
  if (line.blank_owner) {
    if (!file.owner && !file.owner_is_bad) {
      error(file, token.offset, "no owner: the first record of a file must begin with a name");
      file.owner_is_bad = true;
    }
    if (!file.owner_is_bad) fields.owner = *file.owner;
    return !file.owner_is_bad;
  }
  const Result<Name> name =
      token.quoted ? Result<Name>(Failure{"an owner in quotes"}) : Name::parse(token.text, file.origin);
  file.owner_is_bad = !name;
  if (!name) {
    error(file, token.offset + name.failure().offset, "the owner: " + name.failure().message);
    return false;
  }
  file.owner = fields.owner = *name;
  return true;
}

// [TTL] [class] type, the first two in either order (RFC 1035 5.1). No type and no class begins with a digit.
bool ZoneReader::read_fields(const File& file, std::span<const Token> tokens, Fields& fields) {
  for (size_t at = 0; at < tokens.size(); ++at) {
    const Token& token = tokens[at];
    const bool is_number = !token.quoted && !token.text.empty() && token.text[0] >= '0' && token.text[0] <= '9';
    const auto class_number = token.text == last_type_text_ ? std::nullopt : parse_class(token.text);
    if (is_number) {
      if (!read_ttl(file, token, fields)) return false;
    } else if (class_number && *class_number != rr_class::ANY && !token.quoted) {
      if (!read_class(file, token, *class_number, fields)) return false;
    } else {
      fields.rdata = tokens.subspan(at + 1);
      return read_type(file, token, fields);
    }
  }
  error(file, fields.end, "a type is missing");
  return false;
}

bool ZoneReader::read_ttl(const File& file, const Token& token, Fields& fields) {
  const Result<uint32_t> ttl = parse_ttl(token.text);
  if (!ttl) {
    error(file, token.offset, ttl.failure().message);
    return false;
  }
  if (fields.ttl) {
    error(file, token.offset, "a second TTL");
    return false;
  }
  fields.ttl = *ttl;
  return true;
}

bool ZoneReader::read_class(const File& file, const Token& token, uint16_t number, Fields& fields) {
  if (number == rr_class::IN && !fields.has_class) {
    fields.has_class = true;
    return true;
  }
  error(file, token.offset,
        number == rr_class::IN ? "a second class" : "class " + class_text(number) + "; only class IN is served");
  return false;
}

bool ZoneReader::read_type(const File& file, const Token& token, Fields& fields) {
  if (token.text != last_type_text_ || token.quoted) {
    const auto type = token.quoted ? std::nullopt : parse_type(token.text);
    if (!type) {
      error(file, token.offset,
            "'" + printable(token.text) + "' is not a record type" +
                (defects_.is_full() ? "" : suggestion(token.text)));
      return false;
    }
    if (is_meta_type(*type) || *type == 0) {
      error(file, token.offset, "type " + type_text(*type) + " is for messages, it never stands in a zone");
      return false;
    }
    last_type_text_ = token.text;
    last_type_ = *type;
  }
  fields.type = last_type_;
  return true;
}

bool ZoneReader::decide_ttl(const File& file, const Fields& fields, uint32_t& ttl) {
  if (fields.ttl) {
    ttl = *fields.ttl;
  } else if (default_ttl_) {
    ttl = *default_ttl_;
  } else if (previous_ttl_) {
    ttl = *previous_ttl_;
  } else if (fields.type == rr_type::SOA && load32(&encoded_[encoded_.size() - 4]) <= max_ttl) {
    ttl = load32(&encoded_[encoded_.size() - 4]);
    default_ttl_ = ttl;
  } else {
    error(file, file.line->tokens[0].offset, "no TTL: write one, or $TTL before the first record");
    previous_ttl_ = 0;  // said once
    return false;
  }
  previous_ttl_ = ttl;
  return true;
}

bool ZoneReader::read_rdata(const File& file, const Fields& fields) {
  const Status done = rdata_from_tokens(fields.type, fields.rdata, fields.end, file.origin, encoded_);
  if (!done) error(file, done.failure().offset, done.failure().message);
  return done.ok();
}

bool ZoneReader::emit(const File& file, const Fields& fields) {
  uint32_t ttl = 0;
  if (!read_rdata(file, fields) || !decide_ttl(file, fields, ttl)) return false;
  sink_({fields.owner, fields.type, ttl, encoded_, place_of(file, file.line->tokens[0].offset),
         generating_at_.has_value(), file.line, fields.rdata, file.origin, default_ttl_});
  return true;
}

}  // namespace dnsd
