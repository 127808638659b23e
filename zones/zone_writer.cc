#include "zones/zone_writer.h"

#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd {

std::string record_text(const RecordView& record) {
  return to_text(record.owner) + " " + std::to_string(record.ttl) + " IN " + type_text(record.type) + " " +
         rdata_to_text(record.type, record.rdata);
}

std::string zone_text(const Zone& zone) {
  std::string soa, text;
  for (size_t i = 0; i < zone.size(); ++i) {
    std::string& part = zone[i].type == rr_type::SOA ? soa : text;
    part.append(record_text(zone[i])).append("\n");
  }
  return soa + text;
}

}  // namespace dnsd
