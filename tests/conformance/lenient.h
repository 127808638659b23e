// The part of an answer on which correct servers may not differ, and whether an answer is as a case expects.
//
// Left out: the optional NS set of a zone's apex (and its RRSIG) in the authority section of an authoritative answer that
// has data; the additional section, but for the addresses of a referral's name servers at or below the delegated name
// (RFC 9471); duplicate records and the order of all; what RRSIGs hold besides what they cover, their label count and
// their signer; all sections of a truncated answer, which may hold any part of the data. Names are compared without case.
// tests/conformance/lenient.py is the same for the daemon's answers, read by other code.
//
// Thread safety: no shared state.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dns_message.h"

namespace dnsd::testing {

// Records as "owner ttl class type rdata", in whatever form they were written down.
using Records = std::vector<std::string>;

// What a case says an answer has to be; what it leaves open is not compared.
struct Expectation {
  bool no_answer = false;  // an empty answer section, and nothing else matters
  std::optional<std::string> rcode;
  std::optional<bool> aa, tc;
  std::optional<Records> answer, authority, additional;
};

// The names of the parts in which an answer is not as expected; empty where it is. `origins` are the apexes of the zones
// that the suite has, in lower case. A record of the expectation that cannot be read is a part that differs.
std::vector<std::string> unmet(const Expectation& expected, const Message& got, const std::set<std::string>& origins);

}  // namespace dnsd::testing
