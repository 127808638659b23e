// Why a question gets the answer it gets: the actual answer of respond(), and for each name on the way to it what was
// found there. The reasons come from the same snapshot and the same functions as the answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "dnsd/loading/data_directory.h"
#include "tools/zone_edit/message.h"

namespace dnsd {

struct ExplainQuestion {
  Name name;
  uint16_t type = 0;
  IpAddress client;                       // that sends the query
  std::optional<IpPrefix> client_subnet;  // on whose behalf (RFC 7871)
  Instant at;
};

// Who the client is at a name that decides by client.
struct ClientFinding {
  IpPrefix network;         // what is looked for
  bool by_option = false;   // named by EDNS Client Subnet
  std::string option_unused;  // why the option that was sent does not count; empty: it does, or there is none
  unsigned scope = 0;       // every client within so many bits of it gets the same
  const PinnedSet* set = nullptr;          // that it gets; null: it gets the pool
  const PinnedClient* customer = nullptr;  // whose longest prefix holds the client
  const PinnedClient::Source* source = nullptr;
};

// A member of a pool, and what becomes of it.
struct MemberFinding {
  const PoolMember* member = nullptr;
  bool served = false;
  std::string reason;
  uint32_t answers = 0;  // of a turn that hold it
  bool limited = false;  // it weighs more than can be followed
};

// One family of a pool.
struct RingFinding {
  Family family = Family::ipv4;
  size_t written = 0;     // members in the file
  size_t in_service = 0;
  uint32_t turn = 0;      // answers after which every share is exact
  uint32_t take = 0;      // members in an answer
  bool exact = true;
  std::vector<MemberFinding> members;  // all that are written
};

// What was found at one name. Pointers are into the DataDirectory.
struct NameFinding {
  Name name;
  const LoadedZone* zone = nullptr;  // null: no zone of this server holds the name
  std::string match;                 // in words
  const NameRule* rule = nullptr;    // where addresses of the name are shaped
  std::string page;                  // which page of the pool, in words; empty: none
  std::optional<ClientFinding> client;
  const PoolDefinition* pool = nullptr;  // what this client's answer is made of, one of these two
  const PinnedSet* set = nullptr;
  const PromisedSet* promised = nullptr;  // of the set, what was granted
  std::vector<RingFinding> rings;  // of the pool, of the families that were asked for
};

struct Explanation {
  std::vector<NameFinding> names;  // the one in the question, then what aliases lead to
  Message response;
};

// `data` must outlive the result.
Result<Explanation> explain(const DataDirectory& data, const ExplainQuestion& question);

// The families of addresses that an answer to a type is about: hints of services name both.
std::vector<Family> families_of(uint16_t type);

// Why an entry of a set is answered or not at an instant: "answered", "not before …".
std::string entry_reason(const PromisedSet& set, const Promise& promise, Instant at);

}  // namespace dnsd
