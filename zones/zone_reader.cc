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
  begin(text);
  read_to(text.size());
}

void ZoneReader::begin(std::string_view text) {
  master_.path = options_.path;
  master_.shown_path = options_.shown_path.empty() ? options_.path : options_.shown_path;
  master_.text = text;
  master_.origin = options_.origin;
  lines_ = LogicalLines(open_file(master_) ? text : std::string_view());
  chain_.push_back(master_.path);
}

void ZoneReader::read_to(size_t offset) {
  lines_.stop_at(std::min(offset, lines_.size()));
  master_.line = &line_;
  read_lines(master_, lines_);
}

bool ZoneReader::read_rest(std::string_view rest, const Inherited& inherited) {
  alone_ = true;
  begin(rest);
  master_.origin = inherited.origin;
  default_ttl_ = inherited.default_ttl;
  read_to(rest.size());
  return !in_vain_;
}

// False where there is too much text; that is reported.
bool ZoneReader::open_file(File& file) {
  file.index = defects_.add_file(file.shown_path, file.text);
  if (file.text.size() <= UINT32_MAX && (octets_ += file.text.size()) <= UINT32_MAX) return true;
  defects_.add(Severity::error, {file.index, 0, 0}, "more than 4 GiB of text in one zone");
  return false;
}

void ZoneReader::read_lines(File& file, LogicalLines& lines) {
  constexpr unsigned between_progress = 4096;  // lines: a millisecond
  LogicalLine& line = *file.line;
  LineDefect defect;
  for (unsigned count = 0; !in_vain_ && lines.next(line, defect);) {
    if (!defect.message.empty()) {
      error(file, defect.offset, std::move(defect.message));
    } else if (line.tokens[0].text.starts_with('$') && !line.tokens[0].quoted) {
      directive(file, line);
    } else {
      record(file, line);
    }
    if (++count % between_progress == 0) tell_progress(file, lines.position());
  }
}

void ZoneReader::tell_progress(const File& file, size_t position) {
  if (!options_.progress || &file != &master_) return;
  options_.progress->records += records_ - told_records_;
  options_.progress->octets += position - told_position_;
  told_records_ = records_;
  told_position_ = position;
  if (!alone_ && options_.progress->tell) options_.progress->tell(*options_.progress);
}

RecordPlace ZoneReader::place_of(const File& file, size_t offset) const {
  if (generating_at_) offset = *generating_at_;
  if (offset == file.line->begin) return {file.index, 1, file.line->number};  // most records
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
  fields.owner = file.owner;
  if (line.blank_owner) {
    if (!file.has_owner && !file.owner_is_bad) {
      if (alone_) return in_vain_ = true, false;
      error(file, token.offset, "no owner: the first record of a file must begin with a name");
      file.owner_is_bad = true;
    }
    return !file.owner_is_bad;
  }
  const Status read = token.quoted ? Status(Failure{"an owner in quotes"}) : file.owner.assign(token.text, file.origin);
  file.owner_is_bad = !read;
  if (!read) {
    error(file, token.offset + read.failure().offset, "the owner: " + read.failure().message);
    return false;
  }
  file.has_owner = true;
  fields.owner = file.owner;
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
  } else if (alone_) {
    in_vain_ = true;
    return false;
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
  ++records_;
  sink_({fields.owner, fields.type, ttl, encoded_, place_of(file, file.line->tokens[0].offset),
         generating_at_.has_value(), file.line, fields.rdata, file.origin, default_ttl_});
  return true;
}

}  // namespace dnsd
