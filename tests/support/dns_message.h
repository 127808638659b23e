// Messages for tests: queries made of words, responses taken apart into text.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace dnsd::testing {

struct EdnsOption {
  uint16_t code = 0;
  std::vector<uint8_t> data;
};

struct QueryWords {
  std::string name;  // presentation form, absolute
  std::string type = "A";
  uint16_t klass = 1;
  uint16_t id = 0x2a2a;
  uint16_t flags = 0x0100;  // RD
  int edns_payload = -1;    // below 0: no OPT record
  uint8_t edns_version = 0;
  bool dnssec_ok = false;
  std::vector<EdnsOption> options = {};  // need edns_payload
};
std::vector<uint8_t> make_query(const QueryWords& words);

struct Message {
  bool well_formed = false;
  uint16_t id = 0, flags = 0;
  unsigned rcode = 0;                 // extended, with EDNS
  bool aa = false, tc = false, edns = false, dnssec_ok = false;
  unsigned edns_payload = 0;
  std::vector<EdnsOption> options;
  const EdnsOption* option(uint16_t code) const;  // null where it is not there
  std::vector<std::string> question;  // "name class type"
  // "owner ttl class type rdata", names in full, case as received.
  std::vector<std::string> answer, authority, additional;
  size_t size = 0;
};
Message read_message(Bytes octets);

std::string rcode_text(unsigned rcode);  // "NOERROR"

// As golden files have it: rcode and flags, then the sections, a record a line.
std::string to_text(const Message& message);

}  // namespace dnsd::testing
