// Pools and pinned sets made ready for answering: whole records to copy, as RRset in compiled_zone.h has them.
//
// Thread safety: immutable, any number of readers.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/ip_address.h"
#include "dnsd/pools/policies.h"
#include "dnsd/pools/pool_definition.h"
#include "dnsd/pools/prefix_table.h"
#include "pinned_ips/pinned_set.h"
#include "pinned_ips/promise.h"

namespace dnsd {

constexpr uint32_t address_record_size(Family family) { return family == Family::ipv4 ? 16 : 28; }

// Address records of one family, owner at octet 12 of the message.
struct AddressRecords {
  std::vector<uint8_t> octets;
  uint32_t count = 0;
};

void append_address_record(AddressRecords& records, const IpAddress& address, uint32_t ttl);

// The members of one family in service, a ready record each, and the list of the answers that are made of them.
struct Ring {
  std::vector<RingMember> members;
  std::vector<uint8_t> records;  // of the members, in the same order
  AnswerList list;
};

struct CompiledPool {
  Ring rings[2];  // by Family
  uint32_t ttl = 0;
  unsigned cap = 0;
  PolicyId policy = 0;
  ClientNetwork network;
  uint32_t first_slot = 0;  // of the workers' cursors: that of the IPv4 ring; the next is that of the IPv6 ring
};

// `previous`, where given, is what the same pool was compiled to before: a ring that did not change is not worked out
// again. Precondition: the policy's name is in the table.
std::shared_ptr<const CompiledPool> compile_pool(const PoolDefinition& pool, uint32_t first_slot,
                                                 std::shared_ptr<const CompiledPool> previous = nullptr);

// A pinned set over time: what is answered until when. A worker whose snapshot is older than a change still changes at
// the instant.
struct PinnedAnswers {
  struct Period {
    Instant until;  // first instant that is no longer of this period
    AddressRecords records[2];
  };
  std::vector<Period> periods;  // at least one, ascending; the last one is for all time after it
  uint32_t ttl = 0;

  const Period& at(Instant now) const {
    size_t i = 0;
    while (i + 1 < periods.size() && now >= periods[i].until) ++i;
    return periods[i];
  }
};

// `asked` gives TTL and what is out of service, `promised` all else; null: nothing was granted.
PinnedAnswers compile_pinned(const PinnedSet& asked, const PromisedSet* promised, Instant now);

// Who gets which pinned set at a name with a pool. Classes of the table are indices into `sets`.
struct Audience {
  PrefixTable clients;
  std::vector<const PinnedAnswers*> sets;
};

// The members that one page of a pool lists.
struct PoolPage {
  AddressRecords records[2];  // by Family
  uint32_t ttl = 0;
};

class Whoami;  // feed_names.h

// What a shaped name answers, mostly for A and AAAA. Pointers are into the snapshot that holds it.
struct Shape {
  const CompiledPool* pool = nullptr;
  const PinnedAnswers* pinned = nullptr;  // everybody's, where there is no pool
  const Audience* audience = nullptr;     // whose clients get a pinned set in place of the pool
  const PoolPage* page = nullptr;         // of a page's name: everybody's
  const std::vector<uint8_t>* text = nullptr;  // of pages.NAME and _ip-ranges.NAME: a TXT record, and no address
  const Whoami* whoami = nullptr;              // of whoami.NAME: a TXT record for each client
  bool hints_follow = true;               // in SVCB and HTTPS records at the name
  uint32_t rule = 0;                      // which of the zone's names has it so
};

}  // namespace dnsd
