#include "tools/zone_edit/query_log.h"

#include <algorithm>

#include "base/text.h"
#include "tools/zone_edit/dnstap.h"
#include "zones/name.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Takes the next word off the line; empty at its end.
std::string_view next_word(std::string_view& line) {
  const auto begin = std::ranges::find_if_not(line, is_space);
  const auto end = std::find_if(begin, line.end(), is_space);
  const std::string_view word(begin, end);
  line = std::string_view(end, line.end());
  return word;
}

// An instant, or seconds since 1970 with or without a fraction.
std::optional<Instant> parse_time(std::string_view text) {
  const size_t point = text.find('.');
  const std::string_view fraction = point == std::string_view::npos ? "0" : text.substr(point + 1);
  const bool digits = !fraction.empty() && std::ranges::all_of(fraction, [](char c) { return c >= '0' && c <= '9'; });
  const auto latest = static_cast<uint64_t>(Instant::far_future().seconds);
  if (const auto seconds = parse_decimal(text.substr(0, point), latest); seconds && digits)
    return Instant{static_cast<int64_t>(*seconds)};
  const Result<Instant> instant = parse_instant(text);
  return instant ? std::optional(*instant) : std::nullopt;
}

// What is wrong with the line; empty: nothing.
std::string read_line(std::string_view line, const TakeQuery& take) {
  const std::string_view time = next_word(line), client = next_word(line), name = next_word(line),
                         type = next_word(line);
  if (type.empty() || !next_word(line).empty()) return "not 'time client name type'";
  const std::optional<Instant> at = parse_time(time);
  if (!at) return "'" + printable(time) + "' is neither an instant nor seconds since 1970";
  const Result<IpAddress> address = IpAddress::parse(client);
  if (!address) return address.failure().message;
  const Result<Name> parsed = Name::parse(name);
  if (!parsed) return parsed.failure().message;
  const std::optional<uint16_t> number = parse_type(type);
  if (!number) return "'" + printable(type) + "' is not a type of records";
  take({*at, address->unmapped(), parsed->view().wire(), *number, {}});
  return {};
}

}  // namespace

QueryLogSummary read_text_log(std::string_view content, const std::string& file, const TakeQuery& take) {
  QueryLogSummary summary;
  for (uint64_t number = 1; !content.empty(); ++number) {
    const size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    std::string_view rest = line;
    const std::string_view first = next_word(rest);
    if (first.empty() || first.front() == '#') continue;
    const std::string defect = read_line(line, take);
    if (defect.empty()) {
      ++summary.queries;
    } else if (++summary.defects <= most_defects_named) {
      summary.first_defects.push_back(file + ":" + std::to_string(number) + ": " + defect);
    }
  }
  return summary;
}

QueryLogSummary read_query_log(std::string_view content, const std::string& file, const TakeQuery& take) {
  const Bytes octets(reinterpret_cast<const uint8_t*>(content.data()), content.size());
  return is_frame_stream(octets) ? read_dnstap_log(octets, file, take) : read_text_log(content, file, take);
}

}  // namespace dnsd
