#include "dnsd/http/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace dnsd {

uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

unsigned connections_within(unsigned asked, uint64_t limit, uint64_t everything_else) {
  constexpr uint64_t about_to_close = 256, a_few = 64;
  const uint64_t taken = everything_else + about_to_close;
  const uint64_t left = limit > taken ? limit - taken : 0;
  return static_cast<unsigned>(std::min<uint64_t>(asked, std::max(left, a_few)));
}

}  // namespace dnsd
