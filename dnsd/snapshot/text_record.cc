#include "dnsd/snapshot/text_record.h"

#include <algorithm>

#include "dnsd/snapshot/stored_record.h"
#include "zones/rr_types.h"

namespace dnsd {

std::vector<uint8_t> text_record(uint32_t ttl, const std::vector<std::string>& texts) {
  std::vector<uint8_t> rdata;
  for (const std::string& text : texts) {
    rdata.push_back(static_cast<uint8_t>(text.size()));
    rdata.insert(rdata.end(), text.begin(), text.end());
  }
  const auto head = stored_record::head(rr_type::TXT, ttl, rdata.size());
  std::vector<uint8_t> record(head.size() + rdata.size());
  std::ranges::copy(rdata, std::ranges::copy(head, record.begin()).out);
  return record;
}

}  // namespace dnsd
