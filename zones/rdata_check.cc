#include "zones/rdata_check.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "zones/name.h"
#include "zones/rr_types.h"
#include "zones/svcb_text.h"

namespace dnsd {
namespace {

// RFC 4034 5.1.4 and the IANA registry of digest types. 0 stands for "do not know".
size_t ds_digest_octets(uint8_t digest_type) {
  switch (digest_type) {
    case 1: return 20;  // SHA-1
    case 2: return 32;  // SHA-256
    case 3: return 32;  // GOST R 34.11-94
    case 4: return 48;  // SHA-384
    default: return 0;
  }
}

std::string check_ds(Bytes rdata) {
  if (rdata.size() < 5) return "a digest is missing";
  const size_t want = ds_digest_octets(rdata[3]);
  if (want == 0 || rdata.size() == 4 + want) return {};
  return "a digest of type " + std::to_string(rdata[3]) + " has " + std::to_string(want) + " octets, this one " +
         std::to_string(rdata.size() - 4);
}

// RFC 4255 3.1.2, RFC 6594.
std::string check_sshfp(Bytes rdata) {
  if (rdata.size() < 3) return "a fingerprint is missing";
  const size_t want = rdata[1] == 1 ? 20 : rdata[1] == 2 ? 32 : 0;
  if (want == 0 || rdata.size() == 2 + want) return {};
  return "a fingerprint of type " + std::to_string(rdata[1]) + " has " + std::to_string(want) + " octets, this one " +
         std::to_string(rdata.size() - 2);
}

// RFC 1876 2: version 0; latitude and longitude in thousandths of a second of arc around 2^31.
std::string check_loc(Bytes rdata) {
  if (rdata.size() != 16) return "16 octets are wanted";
  const auto beyond = [](uint32_t angle, int64_t degrees) {
    return std::abs(int64_t{angle} - (int64_t{1} << 31)) > degrees * 3600 * 1000;
  };
  // Nothing is written one way only, as 0x00.
  const auto bad_size = [](uint8_t octet) {
    return octet >> 4 > 9 || (octet & 15) > 9 || (octet >> 4 == 0 && octet != 0);
  };
  if (rdata[0] != 0) return "a version other than 0";
  if (beyond(load32(&rdata[4]), 90)) return "a latitude beyond 90 degrees";
  if (beyond(load32(&rdata[8]), 180)) return "a longitude beyond 180 degrees";
  if (bad_size(rdata[1]) || bad_size(rdata[2]) || bad_size(rdata[3])) return "a size or precision out of range";
  return {};
}

// RFC 8659 4.1: a tag of 1 to 15 letters and digits (the length octet allows more, nothing uses it).
std::string check_caa(Bytes rdata) {
  if (rdata.size() < 2 || rdata[1] == 0 || rdata.size() < 2u + rdata[1]) return "a tag is missing";
  const Bytes tag = rdata.subspan(2, rdata[1]);
  const bool plain = std::ranges::all_of(
      tag, [](uint8_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  return plain ? "" : "a tag holds letters and digits only";
}

namespace svc {
constexpr uint16_t mandatory = 0, alpn = 1, no_default_alpn = 2, port = 3, ipv4hint = 4, ech = 5, ipv6hint = 6,
                   dohpath = 7, ohttp = 8, tls_supported_groups = 9;
}

bool contains_number(Bytes numbers, uint16_t number) {
  for (size_t i = 0; i + 1 < numbers.size(); i += 2)
    if (load16(&numbers[i]) == number) return true;
  return false;
}

// RFC 9461 5: a relative URI template (RFC 6570) with the variable "dns": "/dns-query{?dns}".
bool is_doh_path(Bytes value) {
  std::string_view text(reinterpret_cast<const char*>(value.data()), value.size());
  if (!text.starts_with('/')) return false;
  for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    text.remove_prefix(open + 1);
    std::string_view variables = text.substr(0, text.find('}'));
    if (variables.size() == text.size()) return false;  // never closed
    if (!variables.empty() && std::string_view("+#./;?&").find(variables[0]) != std::string_view::npos)
      variables.remove_prefix(1);
    for (size_t comma = 0; comma != std::string_view::npos; variables.remove_prefix(comma + 1)) {
      comma = variables.find(',');
      if (variables.substr(0, comma) == "dns") return true;
      if (comma == std::string_view::npos) break;
    }
  }
  return false;
}

// Groups of TLS, each once.
bool are_groups(Bytes value) {
  if (value.empty() || value.size() % 2 != 0) return false;
  for (size_t i = 0; i < value.size(); i += 2)
    if (contains_number(value.first(i), load16(&value[i]))) return false;
  return true;
}

// One SvcParamValue by its key (RFC 9460 7 and 8).
bool svc_value_fits(uint16_t key, Bytes value) {
  switch (key) {
    case svc::mandatory: return !value.empty() && value.size() % 2 == 0;
    case svc::alpn: {
      size_t at = 0;
      while (at < value.size() && value[at] != 0) at += 1u + value[at];
      return !value.empty() && at == value.size();
    }
    case svc::no_default_alpn: return value.empty();
    case svc::port: return value.size() == 2;
    case svc::ipv4hint: return !value.empty() && value.size() % 4 == 0;
    case svc::ech: return !value.empty();
    case svc::ipv6hint: return !value.empty() && value.size() % 16 == 0;
    case svc::dohpath: return is_doh_path(value);
    case svc::ohttp: return value.empty();
    case svc::tls_supported_groups: return are_groups(value);
    default: return true;
  }
}

// RFC 9460 8: in ascending order, without itself, and each present.
std::string check_mandatory(Bytes mandatory, Bytes present) {
  for (size_t i = 0; i + 1 < mandatory.size(); i += 2) {
    const uint16_t key = load16(&mandatory[i]);
    if (key == svc::mandatory) return "mandatory lists itself";
    if (i > 0 && load16(&mandatory[i - 2]) >= key)
      return "mandatory lists " + svc_key_text(key) + " twice or out of order";
    if (!contains_number(present, key)) return "mandatory lists " + svc_key_text(key) + ", which is not there";
  }
  return {};
}

// RFC 9460 2.2: priority, target, then parameters with ascending keys.
std::string check_svcb(Bytes rdata) {
  if (rdata.size() < 3) return "a target is missing";
  ByteReader reader(rdata);
  reader.skip(2 + wire_name_length(rdata.subspan(2)));
  std::vector<uint8_t> present;
  Bytes mandatory;
  int last = -1;
  while (reader.ok() && reader.remaining() > 0) {
    const uint16_t key = reader.u16();
    const Bytes value = reader.bytes(reader.u16());
    if (!reader.ok()) return "a parameter that is cut short";
    if (key <= last) return svc_key_text(key) + " twice or out of order";
    if (key == 65535) return "key65535 is reserved";
    if (!svc_value_fits(key, value)) return "a malformed or missing value of " + svc_key_text(key);
    if (key == svc::mandatory) mandatory = value;
    present.insert(present.end(), {static_cast<uint8_t>(key >> 8), static_cast<uint8_t>(key)});
    last = key;
  }
  if (contains_number(present, svc::no_default_alpn) && !contains_number(present, svc::alpn)) {
    return "no-default-alpn without alpn";
  }
  return check_mandatory(mandatory, present);
}

}  // namespace

std::string rdata_defect(uint16_t type, Bytes rdata) {
  switch (type) {
    case rr_type::DS: return check_ds(rdata);
    case 29: return check_loc(rdata);
    case 44: return check_sshfp(rdata);
    case 257: return check_caa(rdata);
    case rr_type::SVCB:
    case rr_type::HTTPS: return check_svcb(rdata);
    default: return {};
  }
}

}  // namespace dnsd
