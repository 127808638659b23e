#include "zones/rdata_forms.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/ip_address.h"
#include "base/text.h"

namespace dnsd {
namespace {

constexpr std::string_view base32_digits = "0123456789abcdefghijklmnopqrstuv";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = ascii_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string without_dots(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != '.') plain += c;
  return plain;
}

}  // namespace

std::optional<uint64_t> parse_number(std::string_view text, uint64_t most) {
  if (text.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<uint64_t>(c - '0');
    if (value > most / 10 || (value == most / 10 && digit > most % 10)) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

bool append_hex(std::string_view text, Octets& out) {
  if (text.size() % 2 != 0) return false;
  const size_t before = out.size();
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) {
      out.resize(before);
      return false;
    }
    out.push_back(static_cast<uint8_t>(high << 4 | low));
  }
  return true;
}

std::string hex_text(Bytes octets) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * octets.size());
  for (const uint8_t octet : octets) {
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

bool append_base32(std::string_view text, Octets& out) {
  Octets octets;
  uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const size_t value = base32_digits.find(ascii_lower(c));
    if (value == std::string_view::npos) return false;
    bits = (bits << 5 | static_cast<uint32_t>(value)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    octets.push_back(static_cast<uint8_t>(bits >> count));
  }
  // What is left over must be less than a digit, and nothing.
  if (count >= 5 || (bits & ((1u << count) - 1)) != 0) return false;
  out.insert(out.end(), octets.begin(), octets.end());
  return true;
}

std::string base32_text(Bytes octets) {
  std::string text;
  uint32_t bits = 0;
  unsigned count = 0;
  for (const uint8_t octet : octets) {
    bits = (bits << 8 | octet) & 0xfff;
    for (count += 8; count >= 5; count -= 5) text += base32_digits[bits >> (count - 5) & 31];
  }
  if (count > 0) text += base32_digits[bits << (5 - count) & 31];
  return text;
}

bool append_eui(std::string_view text, size_t octets, Octets& out) {
  if (text.size() != 3 * octets - 1) return false;
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i % 3 != 2) {
      digits += text[i];
    } else if (text[i] != '-') {
      return false;
    }
  }
  return append_hex(digits, out);
}

std::string eui_text(Bytes octets) {
  std::string text;
  for (size_t i = 0; i < octets.size(); ++i) text.append(i > 0 ? "-" : "").append(hex_text(octets.subspan(i, 1)));
  return text;
}

bool append_locator(std::string_view text, Octets& out) {
  std::string digits;
  for (int group = 0; group < 4; ++group) {
    const size_t size = group < 3 ? text.find(':') : text.size();
    if (size == 0 || size > 4) return false;  // npos too
    digits.append(4 - size, '0').append(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return append_hex(digits, out);
}

std::string locator_text(Bytes octets) {
  std::string text;
  for (size_t i = 0; i < octets.size(); i += 2) text.append(i > 0 ? ":" : "").append(hex_text(octets.subspan(i, 2)));
  return text;
}

bool append_nsap(std::string_view text, Octets& out) {
  if (text.size() < 3 || text[0] != '0' || ascii_lower(text[1]) != 'x') return false;
  const std::string digits = without_dots(text.substr(2));
  return !digits.empty() && append_hex(digits, out);
}

bool append_atm(std::string_view text, Octets& out) {
  if (text.starts_with('+')) {
    if (!is_digits(text.substr(1))) return false;
    out.push_back(1);
    out.insert(out.end(), text.begin() + 1, text.end());
    return true;
  }
  Octets address = {0};
  const std::string digits = without_dots(text);
  if (digits.empty() || !append_hex(digits, address)) return false;
  out.insert(out.end(), address.begin(), address.end());
  return true;
}

std::string atm_text(Bytes octets) {
  if (octets.size() < 2) return {};
  const Bytes address = octets.subspan(1);
  if (octets[0] == 0) return hex_text(address);
  const std::string digits(address.begin(), address.end());
  return octets[0] == 1 && is_digits(digits) ? "+" + digits : std::string();
}

std::optional<uint32_t> parse_time(std::string_view text) {
  using namespace std::chrono;
  if (!is_digits(text)) return std::nullopt;
  if (text.size() != 14) {
    const auto seconds = parse_number(text, UINT32_MAX);
    return seconds ? std::optional(static_cast<uint32_t>(*seconds)) : std::nullopt;
  }
  const auto part = [text](size_t at, size_t size) {
    return static_cast<unsigned>(*parse_number(text.substr(at, size), 9999));
  };
  const year_month_day date{year(static_cast<int>(part(0, 4))), month(part(4, 2)), day(part(6, 2))};
  if (!date.ok() || part(8, 2) > 23 || part(10, 2) > 59 || part(12, 2) > 59) return std::nullopt;
  const int64_t seconds =
      int64_t{sys_days(date).time_since_epoch().count()} * 86400 + part(8, 2) * 3600 + part(10, 2) * 60 + part(12, 2);
  return seconds >= 0 && seconds <= UINT32_MAX ? std::optional(static_cast<uint32_t>(seconds)) : std::nullopt;
}

std::string time_text(uint32_t seconds) {
  using namespace std::chrono;
  const year_month_day date{sys_days(days(seconds / 86400))};
  uint64_t number = static_cast<uint64_t>(static_cast<int>(date.year()));
  for (const unsigned part : {static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                              seconds / 3600 % 24, seconds / 60 % 60, seconds % 60})
    number = number * 100 + part;
  return std::to_string(number);
}

bool append_prefix(std::string_view text, Octets& out) {
  const bool negated = text.starts_with('!');
  if (negated) text.remove_prefix(1);
  const size_t colon = text.find(':'), slash = text.rfind('/');
  if (colon == std::string_view::npos || slash == std::string_view::npos || slash < colon) return false;
  const auto family = parse_number(text.substr(0, colon), 2);
  const Result<IpAddress> address = IpAddress::parse(text.substr(colon + 1, slash - colon - 1));
  if (!family || !address || address->family() != (*family == 1 ? Family::ipv4 : Family::ipv6) || *family == 0)
    return false;
  const auto length = parse_number(text.substr(slash + 1), address_bits(address->family()));
  if (!length) return false;
  Bytes octets = address->octets();
  while (!octets.empty() && octets.back() == 0) octets = octets.first(octets.size() - 1);
  out.insert(out.end(), {0, static_cast<uint8_t>(*family), static_cast<uint8_t>(*length),
                         static_cast<uint8_t>(octets.size() | (negated ? 0x80u : 0u))});
  out.insert(out.end(), octets.begin(), octets.end());
  return true;
}

bool read_prefix(ByteReader& reader, std::string& text) {
  text.clear();
  const uint16_t family = reader.u16();
  const uint8_t length = reader.u8(), head = reader.u8();
  const Bytes part = reader.bytes(head & 0x7f);
  if (!reader.ok()) return false;
  if (family != 1 && family != 2) return true;
  std::array<uint8_t, 16> octets{};
  const size_t size = family == 1 ? 4 : 16;
  if (part.size() > size || length > 8 * size || (!part.empty() && part.back() == 0)) return false;
  std::ranges::copy(part, octets.begin());
  const IpAddress address =
      family == 1 ? IpAddress::v4({octets[0], octets[1], octets[2], octets[3]}) : IpAddress::v6(octets);
  text = (head & 0x80 ? "!" : "") + std::to_string(family) + ":" + to_text(address) + "/" + std::to_string(length);
  return true;
}

namespace {

struct Assigned {
  std::string_view name;
  uint16_t number;
};
constexpr Assigned protocols[] = {{"icmp", 1}, {"igmp", 2}, {"ggp", 3}, {"tcp", 6}, {"egp", 8}, {"udp", 17}};
constexpr Assigned services[] = {
    {"echo", 7},       {"discard", 9},     {"systat", 11},  {"daytime", 13}, {"netstat", 15}, {"qotd", 17},
    {"chargen", 19},   {"ftp-data", 20},   {"ftp", 21},     {"ssh", 22},     {"telnet", 23},  {"smtp", 25},
    {"time", 37},      {"nameserver", 42}, {"nicname", 43}, {"whois", 43},   {"domain", 53},  {"bootps", 67},
    {"bootpc", 68},    {"tftp", 69},       {"gopher", 70},  {"finger", 79},  {"http", 80},    {"kerberos", 88},
    {"hostname", 101}, {"pop2", 109},      {"pop3", 110},   {"sunrpc", 111}, {"auth", 113},   {"nntp", 119},
    {"ntp", 123},      {"imap2", 143},     {"imap", 143},   {"snmp", 161},   {"irc", 194},    {"https", 443}};

std::optional<uint16_t> assigned(std::span<const Assigned> table, std::string_view text, uint64_t most) {
  for (const Assigned& row : table)
    if (equal_ignoring_case(row.name, text)) return row.number;
  const auto number = parse_number(text, most);
  return number ? std::optional(static_cast<uint16_t>(*number)) : std::nullopt;
}

}  // namespace

std::optional<uint8_t> parse_protocol(std::string_view text) {
  const auto number = assigned(protocols, text, UINT8_MAX);
  return number ? std::optional(static_cast<uint8_t>(*number)) : std::nullopt;
}

std::optional<uint16_t> parse_service(std::string_view text) { return assigned(services, text, UINT16_MAX); }

}  // namespace dnsd
