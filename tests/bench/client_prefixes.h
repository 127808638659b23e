// Client prefixes by the million, reproducible: what tables are made of, and who asks.
#pragma once

#include <cstdint>
#include <vector>

#include "dnsd/pools/prefix_table.h"

namespace dnsd::bench {

// Where the prefixes of a table lie, and from where clients ask.
enum class Layout : uint8_t {
  v4_random,     // /24 anywhere
  v6_random,     // /48 anywhere in 2000::/3
  v6_clustered,  // /56 within 200 /32s
  v6_hosts,      // /128 within 200 /64s
};
constexpr Layout layouts[] = {Layout::v4_random, Layout::v6_random, Layout::v6_clustered, Layout::v6_hosts};
const char* name_of(Layout layout);
Family family_of(Layout layout);

// What resolvers tell of a client there; a whole number of octets.
unsigned source_bits(Layout layout);

IpAddress v4(uint32_t number);
IpAddress v6(uint64_t high, uint64_t low);

// An address such as prefixes of the layout have; the same `seed`, the same address.
IpAddress address_at(Layout layout, uint64_t seed);
// A reproducible endless list of prefixes, not all of them different.
IpPrefix prefix_at(Layout layout, uint64_t index);
// `count` different ones: the first of the list. `end` becomes the index behind the last.
std::vector<PrefixTable::Row> make_rows(Layout layout, size_t count, uint64_t& end);

enum class Asker : uint8_t {
  hit,   // in one of the prefixes
  near,  // as the prefixes are, but others: in the same clusters
};

}  // namespace dnsd::bench
