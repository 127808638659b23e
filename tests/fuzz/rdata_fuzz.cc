// RDATA of any type, as octets and as text. What is taken reads back as the same octets, whichever way it came.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "zones/rdata_fields.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace {

using namespace dnsd;

const Name origin = *Name::parse("example.com.");

void require(bool promise) {
  if (!promise) std::abort();
}

void require_round_trip(uint16_t type, const std::vector<uint8_t>& rdata) {
  require(rdata.size() <= UINT16_MAX);
  const std::string text = rdata_to_text(type, rdata);
  require(text.find('\n') == std::string::npos);
  const auto again = rdata_from_text(type, text, NameView());
  require(again && *again == rdata);
  require(rdata_to_text(type, *again) == text);
}

// Octets in the form of RFC 3597, which are held to the shape of the type.
void from_octets(uint16_t type, Bytes octets) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = "\\# " + std::to_string(octets.size()) + " ";
  for (const uint8_t octet : octets) text.append({digits[octet >> 4], digits[octet & 15]});
  const auto rdata = rdata_from_text(type, text, NameView());
  if (!rdata) {
    require(!rdata.failure().message.empty());
    rdata_to_text(type, octets);  // says something of any octets
    return;
  }
  require(std::ranges::equal(*rdata, octets));
  for_each_name(type, octets, [&](size_t offset, size_t length, bool) {
    require(wire_name_length(octets.subspan(offset)) == length);
  });
  require_round_trip(type, *rdata);
}

void from_text(uint16_t type, std::string_view text) {
  const auto rdata = rdata_from_text(type, text, origin);
  if (rdata) {
    require_round_trip(type, *rdata);
    require(text_fields(type).empty() || decode_fields(type, *rdata));
    // What has a text form keeps it.
    const bool generic = text.find("\\#") != std::string_view::npos;
    require(generic || rdata->empty() || !rdata_to_text(type, *rdata).starts_with("\\#"));
  } else {
    require(!rdata.failure().message.empty() && rdata.failure().offset <= text.size());
  }
}

}  // namespace

// Two octets are the type, the third says in which form the rest is.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3 || size > 3 + UINT16_MAX) return 0;
  const uint16_t type = load16(data);
  if (data[2] & 1) {
    from_text(type, std::string_view(reinterpret_cast<const char*>(data) + 3, size - 3));
  } else {
    from_octets(type, Bytes(data, size).subspan(3));
  }
  return 0;
}
