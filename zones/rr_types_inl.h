// The body of for_each_name, apart from the contract in rr_types.h.
#pragma once

#include "zones/name.h"
#include "zones/rr_types.h"

namespace dnsd {

template <typename Visit>
bool for_each_name(uint16_t type, Bytes rdata, Visit visit) {
  const RrType* row = find_rr_type(type);
  if (!row) return true;
  size_t at = 0;
  for (const RdataField field : row->rdata) {
    size_t length = 0;
    switch (field) {
      case RdataField::rest: return true;
      case RdataField::octets1: length = 1; break;
      case RdataField::octets2: length = 2; break;
      case RdataField::octets4: length = 4; break;
      case RdataField::octets16: length = 16; break;
      case RdataField::string: length = at < rdata.size() ? 1u + rdata[at] : 1; break;
      case RdataField::name:
      case RdataField::name_compressed:
        length = wire_name_length(rdata.subspan(at));
        if (length == 0) return false;
        visit(at, length, field == RdataField::name_compressed);
        break;
    }
    if (length > rdata.size() - at) return false;
    at += length;
  }
  return at == rdata.size();
}

}  // namespace dnsd
