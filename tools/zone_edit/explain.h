// Why a question gets the answer it gets: the actual answer of respond(), and for each name on the way to it what was
// found there. The reasons come from the same snapshot and the same functions as the answer.
#pragma once

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
  IpAddress client;
  Instant at;
};

// Who the client is at a name with a pool and a pinned set.
struct AudienceFinding {
  bool gets_set = false;
  const PinnedClient* customer = nullptr;  // whose longest prefix holds the client
  const PinnedClient::Source* source = nullptr;
};

// What was found at one name. Pointers are into the DataDirectory.
struct NameFinding {
  Name name;
  const LoadedZone* zone = nullptr;  // null: no zone of this server holds the name
  std::string match;                 // in words
  const NameRule* rule = nullptr;    // where A and AAAA of the name are shaped
  std::optional<AudienceFinding> audience;
  const PoolDefinition* pool = nullptr;  // what this client's answer is made of, one of these two
  const PinnedSet* set = nullptr;
};

struct Explanation {
  std::vector<NameFinding> names;  // the one in the question, then what aliases lead to
  Message response;
};

// `data` must outlive the result.
Result<Explanation> explain(const DataDirectory& data, const ExplainQuestion& question);

// Why an entry of a set is answered or not at an instant: "answered", "not before …".
std::string entry_reason(const PinnedSet& set, const PinnedEntry& entry, Instant at);

}  // namespace dnsd
