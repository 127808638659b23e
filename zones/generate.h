// $GENERATE as BIND defines it (ARM 3.5.2.4): a range and templates whose $ stands for the number in hand.
//
//   $GENERATE 1-254/2  host-${0,3}  300 A 192.0.2.$        host-001 192.0.2.1, host-003 192.0.2.3, …
//
//   $                       the number
//   ${offset,width,base}    the number plus offset, filled with zeros to width, in base d (decimal, the default),
//                           o, x, X, or n and N (hexadecimal digits reversed as labels, for ip6.arpa; width counts
//                           dots)
//   $$                      a $
//   \$                      an escaped character, left as it stands
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dnsd {

struct GenerateRange {
  uint32_t start = 0;
  uint32_t stop = 0;  // included
  uint32_t step = 1;
  uint64_t count() const { return uint64_t{stop - start} / step + 1; }
};

// "start-stop" or "start-stop/step"; numbers up to 2^31-1, start <= stop, step >= 1.
Result<GenerateRange> parse_generate_range(std::string_view text);

// The template with `number` put in, appended to `out`. A failure's offset is within the template.
Status expand_generate(std::string_view pattern, uint32_t number, std::string& out);

}  // namespace dnsd
