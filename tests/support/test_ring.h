// Members of a ring for tests: 10.0.0.0 and on, in turns of `sites` sites; 0: none.
#pragma once

#include <vector>

#include "dnsd/pools/answer_list.h"

namespace dnsd::testing {

inline std::vector<RingMember> ring_of(size_t members, uint16_t sites = 0) {
  std::vector<RingMember> all(members);
  for (size_t i = 0; i < members; ++i) {
    all[i].address = IpAddress::v4({10, 0, static_cast<uint8_t>(i / 256), static_cast<uint8_t>(i % 256)});
    all[i].site = sites == 0 ? uint16_t{0} : static_cast<uint16_t>(1 + i % sites);
  }
  return all;
}

}  // namespace dnsd::testing
