// Pools and pinned sets made ready for answering: whole records to copy, as RRset in compiled_zone.h has them.
//
// Thread safety: immutable, any number of readers.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/ip_address.h"
#include "dnsd/pools/policies.h"
#include "dnsd/pools/pool_definition.h"
#include "dnsd/pools/prefix_table.h"
#include "pinned_ips/pinned_set.h"

namespace dnsd {

constexpr uint32_t address_record_size(Family family) { return family == Family::ipv4 ? 16 : 28; }

// Address records of one family, owner at octet 12 of the message.
struct AddressRecords {
  std::vector<uint8_t> octets;
  uint32_t count = 0;
};

void append_address_record(AddressRecords& records, const IpAddress& address, uint32_t ttl);

// The members of one family in service in the order of the ring, laid out twice over so that a window that wraps is
// still one run of octets:
//
//   members 0 1 2 3 4, take 3     0 1 2 3 4 0 1 2 3 4        window at 4:  [4 0 1]
//                                         ^---^
struct Ring {
  std::vector<uint8_t> octets;
  uint32_t size = 0;  // members
  uint32_t take = 0;  // of them in an answer: the cap, at most size
  uint32_t slot = 0;  // of the workers' cursors
  PolicyId policy = 0;
};

struct CompiledPool {
  Ring rings[2];  // by Family
  uint32_t ttl = 0;
};

// `first_slot` is the cursor of the IPv4 ring, first_slot + 1 of the IPv6 ring.
// Precondition: the policy's name is in the table.
CompiledPool compile_pool(const PoolDefinition& pool, uint32_t first_slot);

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

PinnedAnswers compile_pinned(const PinnedSet& set, Instant now);

// What a shaped name answers for A and AAAA. Pointers are into the snapshot that holds it.
struct Shape {
  const CompiledPool* pool = nullptr;
  const PinnedAnswers* pinned = nullptr;
  const PrefixTable* audience = nullptr;  // who gets the pinned set; null: everybody, where there is one
};

}  // namespace dnsd
