// The SOA record of negative answers as it goes into the message: names compressed when the zone is compiled. Only the
// pointers are left to do, since where the zone's name stands depends on the question:
//
//   www.example.org. ?  ->  C0 10 | SOA … | ns1 C0 10 | host C0 10 | …       octet 16 is where example.org. begins
//
// Writing it is a copy and three stores.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/bytes.h"
#include "zones/name.h"

namespace dnsd {

struct ReadySoa {
  // A compression pointer: to this octet of the zone's name, or of the record.
  struct Pointer {
    uint16_t at = 0;
    uint16_t to = 0;
    bool into_record = false;
  };

  std::vector<uint8_t> octets;  // owner, as a pointer, to RDATA
  std::array<Pointer, 3> pointers{};
  unsigned pointer_count = 0;

  size_t size() const { return octets.size(); }
  // Precondition: `message` has room for size() octets at `record`.
  void write(uint8_t* message, size_t record, size_t apex) const {
    uint8_t* out = message + record;
    std::memcpy(out, octets.data(), octets.size());
    for (unsigned i = 0; i < pointer_count; ++i) {
      const Pointer& pointer = pointers[i];
      const size_t to = (pointer.into_record ? record : apex) + pointer.to;
      store16(out + pointer.at, static_cast<uint16_t>(0xc000 | to));
    }
  }
};

// `soa` is the stored record (stored_record.h), `origin` its owner.
ReadySoa make_ready_soa(Bytes soa, NameView origin);

}  // namespace dnsd
