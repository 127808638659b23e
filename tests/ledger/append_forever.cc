// A writer of a ledger to be killed: appends "record 1", "record 2" … for ever, one to three at a time, and says each
// number once it is acknowledged. After a refusal it says so and waits for a line before it tries the same again.
//
// usage: append_forever LEDGER write      "open N", then "N" for each append that brought the ledger to N records
//        append_forever LEDGER read       every record, a line each
// Exit 1: the ledger cannot be opened; why is on standard error.
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "dnsd/ledger/ledger_file.h"

namespace {

// One write(2) each: what the reader of the pipe has seen was acknowledged, whole lines or nothing.
void say(const std::string& line) { std::cout << line + "\n" << std::flush; }

int write_for_ever(dnsd::LedgerFile& ledger) {
  say("open " + std::to_string(ledger.size()));
  for (;;) {
    std::vector<std::string> bodies;
    for (uint64_t i = 0; i <= ledger.size() % 3; ++i) {
      // Of many lengths, so that some fill pages of their own.
      const uint64_t number = ledger.size() + i + 1;
      bodies.push_back("record " + std::to_string(number) + std::string(number % 7 * 40, '.'));
    }
    if (const dnsd::Status status = ledger.append(bodies); !status) {
      say("refused: " + status.failure().message);
      std::string line;
      if (!std::getline(std::cin, line)) return 0;
      continue;
    }
    if (ledger.witness_failure()) say("witness: " + *ledger.witness_failure());
    say(std::to_string(ledger.size()));
  }
}

}  // namespace

int main(int count, char** words) {
  const std::string access = count == 3 ? words[2] : "";
  if (access != "write" && access != "read") {
    std::cerr << "usage: append_forever LEDGER write|read\n";
    return 2;
  }
  dnsd::Result<dnsd::LedgerFile> ledger =
      dnsd::LedgerFile::open(words[1], access == "write" ? dnsd::LedgerAccess::write : dnsd::LedgerAccess::read);
  if (!ledger) {
    std::cerr << ledger.failure().message << "\n";
    return 1;
  }
  if (access == "write") return write_for_ever(*ledger);
  for (const std::string& body : ledger->bodies()) say(body);
  return 0;
}
