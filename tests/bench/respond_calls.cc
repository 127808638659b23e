// respond_calls: answers questions under callgrind, which counts the instructions of respond(). By tests/bench/instructions.
//
// usage: respond_calls CALLS [KIND…]      prints the name of each kind; "part: 1", "part: 2", … of the dump
//        respond_calls --list             their names, a line each
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "workload.h"

namespace dnsd::bench {
namespace {

bool is_wanted(const Kind& kind, int count, char** names) {
  if (count == 0) return !is_growth(kind);
  for (int i = 0; i < count; ++i)
    if (kind.name == names[i]) return true;
  return false;
}

void count(const Kind& kind, long calls) {
  Workload work = kind.make();
  work.step();
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
  for (long n = 0; n < calls; ++n) work.step();
  CALLGRIND_DUMP_STATS_AT(kind.name.c_str());
  CALLGRIND_STOP_INSTRUMENTATION;
}

}  // namespace
}  // namespace dnsd::bench

int main(int argc, char** argv) {
  using namespace dnsd::bench;
  if (argc < 2) return 2;
  const bool list = std::string_view(argv[1]) == "--list";
  for (const Kind& kind : kinds()) {
    if (list) std::puts(kind.name.c_str());
    else if (is_wanted(kind, argc - 2, argv + 2)) count(kind, std::strtol(argv[1], nullptr, 10));
  }
  return 0;
}
