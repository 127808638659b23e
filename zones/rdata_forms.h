// Values of RDATA fields between text and octets, each form for itself: no tokens, no messages.
// Reading appends nothing where it returns false. Thread safety: no shared state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace dnsd {

using Octets = std::vector<uint8_t>;

// Decimal with leading zeros: "0000000001" is a usual serial, and no octal number in any master file.
std::optional<uint64_t> parse_number(std::string_view text, uint64_t most);

// Whole octets; either case.
bool append_hex(std::string_view text, Octets& out);
std::string hex_text(Bytes octets);

// The extended hex alphabet without padding (RFC 4648 7, RFC 5155 3.3).
bool append_base32(std::string_view text, Octets& out);
std::string base32_text(Bytes octets);

// "00-00-5e-00-53-2a" (RFC 7043), "0014:4fff:ff20:ee64" (RFC 6742 2.1.2: leading zeros of a group may be missing).
bool append_eui(std::string_view text, size_t octets, Octets& out);
std::string eui_text(Bytes octets);
bool append_locator(std::string_view text, Octets& out);
std::string locator_text(Bytes octets);

// "0x47.0005.80": dots mean nothing (RFC 1706 6).
bool append_nsap(std::string_view text, Octets& out);
// ATM Name System 1.0: format 0 is an address in hexadecimal, where dots mean nothing; format 1 is "+" and digits.
bool append_atm(std::string_view text, Octets& out);
std::string atm_text(Bytes octets);  // empty where there is none

// Seconds since 1970 as they stand in 32 bits (RFC 4034 3.2); of the calendar, or a number.
std::optional<uint32_t> parse_time(std::string_view text);
std::string time_text(uint32_t seconds);

// "!1:192.0.2.64/28" (RFC 3123 4): families 1 and 2, trailing zero octets left out.
bool append_prefix(std::string_view text, Octets& out);
// One item at the reader; false where it is malformed. `text` is empty for a family that has no text form.
bool read_prefix(ByteReader& reader, std::string& text);

// Protocols and services of WKS by name (RFC 1010), as far as anybody ever wrote them; the others by number.
std::optional<uint8_t> parse_protocol(std::string_view text);
std::optional<uint16_t> parse_service(std::string_view text);

}  // namespace dnsd
