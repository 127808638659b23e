#include "zones/zone_scan.h"

#include <algorithm>

#include "zones/defect_list.h"
#include "zones/rr_types.h"
#include "zones/zone_reader.h"

namespace dnsd {
namespace {

TextRange range_of(const Token& token) {
  return {token.offset, token.offset + token.text.size() + (token.quoted ? 2 : 0)};
}

// Whether tokens are joined by parentheses: then what stands between two of them is not white space alone.
bool has_parentheses(std::string_view text, const LogicalLine& line) {
  size_t at = line.begin;
  for (const Token& token : line.tokens) {
    if (text.substr(at, token.offset - at).find_first_of("(;\n") != std::string_view::npos) return true;
    at = range_of(token).end;
  }
  const std::string_view rest = text.substr(at, line.end - at);
  const size_t other = rest.find_first_not_of(" \t\r");
  return other != std::string_view::npos && (rest[other] == ')' || rest[other] == '(');
}

RecordLayout layout_of(std::string_view text, const ReadRecord& r) {
  const LogicalLine& line = *r.line;
  RecordLayout layout;
  layout.line = {line.begin, line.end};
  layout.blank_owner = line.blank_owner;
  layout.has_parentheses = has_parentheses(text, line);
  const size_t head = line.tokens.size() - r.rdata_tokens.size();
  for (size_t i = 0; i < head; ++i) {
    const Token& token = line.tokens[i];
    const bool is_ttl = token.text[0] >= '0' && token.text[0] <= '9';
    TextRange& part = i == 0 && !line.blank_owner ? layout.owner
                      : i + 1 == head             ? layout.type
                      : is_ttl                    ? layout.ttl
                                                  : layout.rr_class;
    part = range_of(token);
  }
  for (const Token& token : r.rdata_tokens) layout.rdata_tokens.push_back(range_of(token));
  layout.rdata = layout.rdata_tokens.empty()
                     ? TextRange{layout.type.end, layout.type.end}
                     : TextRange{layout.rdata_tokens.front().begin, layout.rdata_tokens.back().end};
  return layout;
}

StandingRecord standing_of(std::string_view text, const ReadRecord& r) {
  StandingRecord standing;
  standing.type = r.type;
  standing.ttl = r.ttl;
  standing.rdata.assign(r.rdata.begin(), r.rdata.end());
  standing.place = r.place;
  standing.generated = r.generated;
  standing.origin = Name(r.origin);
  standing.inherited_ttl = r.default_ttl.value_or(r.ttl);
  if (r.place.file == 0 && !r.generated) standing.layout = layout_of(text, r);
  return standing;
}

std::string first_error(const Diagnostics& diagnostics) {
  for (const Diagnostic& d : diagnostics.all())
    if (d.severity == Severity::error) return to_line(d);
  return {};
}

}  // namespace

Result<ZoneScan> scan_zone(std::string_view text, const ZoneFileOptions& options, const OpenFile& open,
                           NameView owner) {
  ZoneScan scan;
  DefectList defects;
  ZoneBuilder builder(options.origin);
  bool fits = true;
  const RecordSink sink = [&](const ReadRecord& r) {
    fits = fits && builder.add(r.owner, r.type, r.ttl, r.rdata, r.place);
    if (r.owner == owner) scan.standing.push_back(standing_of(text, r));
    if (r.place.file == 0 && !r.generated) scan.last_layout = layout_of(text, r);
  };
  ZoneReader reader(options, open, defects, sink);
  reader.read(text);
  if (defects.has_errors() || !fits) {
    Diagnostics diagnostics;
    defects.finish(diagnostics);
    return Failure{fits ? first_error(diagnostics) : "more than 4 GiB of records in one zone"};
  }
  for (const std::string& file : defects.files()) builder.add_file(file);
  scan.zone = std::move(builder).build();
  scan.last_origin = reader.last_origin();
  scan.last_ttl = reader.last_ttl().value_or(0);
  return scan;
}

std::vector<LineOutline> outline_of(std::string_view text) {
  std::vector<LineOutline> outline;
  LogicalLines lines(text);
  LogicalLine line;
  LineDefect defect;
  while (lines.next(line, defect)) {
    if (line.tokens.empty()) continue;
    const bool is_directive = !line.tokens[0].quoted && line.tokens[0].text.starts_with('$');
    outline.push_back({{line.begin, line.end}, line.blank_owner, is_directive});
  }
  return outline;
}

}  // namespace dnsd
