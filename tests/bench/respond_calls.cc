// respond_calls: answers questions under callgrind, which counts the instructions of respond(). By tests/bench/instructions.
//
// usage: respond_calls CALLS [PART-OF-A-NAME…]      prints the name of each kind; "part: 1", "part: 2", … of the dump
#include <valgrind/callgrind.h>

#include <cstdio>
#include <cstdlib>

#include "shaped_world.h"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const long calls = std::strtol(argv[1], nullptr, 10);
  for (const dnsd::bench::Kind& kind : dnsd::bench::kinds()) {
    bool wanted = argc == 2;
    for (int i = 2; i < argc; ++i) wanted = wanted || kind.name.find(argv[i]) != std::string::npos;
    if (!wanted) continue;
    dnsd::bench::Workload work = kind.make();
    work.step();
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    for (long n = 0; n < calls; ++n) work.step();
    CALLGRIND_DUMP_STATS_AT(kind.name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
  }
  return 0;
}
