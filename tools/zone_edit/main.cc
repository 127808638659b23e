// zone-edit: looks at the data directory of dnsd, changes it, and talks to the running daemon.
//
//   command_line   words -> verb        verb_table   all verbs; each in verb_NAME.cc
//   session        how verbs speak      edit         lock, change, check, write, tell the daemon
#include <chrono>
#include <iostream>

#include "tools/zone_edit/command_line.h"

int main(int argc, char** argv) {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  const dnsd::Instant now{std::chrono::duration_cast<std::chrono::seconds>(since_1970).count()};
  return dnsd::run_zone_edit(argc, argv, now, std::cout, std::cerr);
}
