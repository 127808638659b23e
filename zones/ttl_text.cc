#include "zones/ttl_text.h"

#include "base/text.h"

namespace dnsd {
namespace {

uint32_t seconds_of(char unit) {
  switch (ascii_lower(unit)) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    case 'w': return 604800;
    default: return 0;
  }
}

}  // namespace

Result<uint32_t> parse_ttl(std::string_view text) {
  const auto malformed = [text] {
    return Failure{"'" + printable(text) + "' is not a TTL; write seconds, or units as in 1h30m"};
  };
  uint64_t total = 0, number = 0;
  bool has_digits = false, has_units = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = number * 10 + static_cast<uint64_t>(c - '0');
      has_digits = true;
    } else {
      const uint32_t unit = seconds_of(c);
      if (unit == 0 || !has_digits) return malformed();
      total += number * unit;
      number = 0;
      has_digits = false;
      has_units = true;
    }
    if (number > max_ttl || total > max_ttl) return Failure{"a TTL above 2147483647 (RFC 2181 section 8)"};
  }
  if (has_digits == has_units) return malformed();  // nothing at all, or "1h30": thirty of what?
  return static_cast<uint32_t>(has_units ? total : number);
}

}  // namespace dnsd
