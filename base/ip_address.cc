#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace dnsd {
namespace {

// Four numbers up to 255 without leading zeros. Master files are full of them, and this takes a third of inet_pton's time.
std::optional<std::array<uint8_t, 4>> dotted_quad(std::string_view text) {
  std::array<uint8_t, 4> octets;
  size_t at = 0;
  for (size_t part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size() || text[at++] != '.')) return std::nullopt;
    const size_t begin = at;
    unsigned number = 0;
    while (at < text.size() && at - begin < 3 && text[at] >= '0' && text[at] <= '9')
      number = number * 10 + static_cast<unsigned>(text[at++] - '0');
    if (at == begin || number > 255 || (text[begin] == '0' && at - begin > 1)) return std::nullopt;
    octets[part] = static_cast<uint8_t>(number);
  }
  return at == text.size() ? std::optional(octets) : std::nullopt;
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
  if (const auto address = dotted_quad(text)) return v4(*address);
  const std::string copy(text);  // inet_pton wants a final zero
  std::array<uint8_t, 16> octets{};
  if (copy.find('\0') == std::string::npos) {
    if (inet_pton(AF_INET, copy.c_str(), octets.data()) == 1) return v4({octets[0], octets[1], octets[2], octets[3]});
    if (inet_pton(AF_INET6, copy.c_str(), octets.data()) == 1) return v6(octets);
  }
  return Failure{"'" + printable(text) + "' is not an IPv4 or IPv6 address"};
}

IpAddress IpAddress::unmapped() const {
  static constexpr std::array<uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (family_ != Family::ipv6 || !std::equal(mapped.begin(), mapped.end(), octets_.begin())) return *this;
  return v4({octets_[12], octets_[13], octets_[14], octets_[15]});
}

IpAddress IpAddress::with_low_bits_cleared(unsigned prefix_length) const {
  IpAddress a = *this;
  for (unsigned i = 0; i < a.octets_.size(); ++i) {
    const unsigned kept = prefix_length > 8 * i ? std::min(8u, prefix_length - 8 * i) : 0;
    a.octets_[i] = static_cast<uint8_t>(a.octets_[i] & (0xff00u >> kept));
  }
  return a;
}

std::string to_text(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN];
  const int family = address.family() == Family::ipv4 ? AF_INET : AF_INET6;
  return inet_ntop(family, address.octets().data(), text, sizeof text);
}

IpPrefix::IpPrefix(const IpAddress& address, unsigned length)
    : address_(address.with_low_bits_cleared(length)), length_(static_cast<uint8_t>(length)) {}

Result<IpPrefix> IpPrefix::parse(std::string_view text) {
  const size_t slash = text.find('/');
  const Result<IpAddress> address = IpAddress::parse(text.substr(0, slash));
  if (!address) {
    return Failure{"'" + printable(text) + "' is not a prefix such as 192.0.2.8/29 or 2001:db8::/32"};
  }
  const unsigned most = address_bits(address->family());
  if (slash == std::string_view::npos) return IpPrefix(*address, most);
  const std::optional<uint64_t> length = parse_decimal(text.substr(slash + 1), most);
  if (!length) return Failure{"the prefix length is not a number from 0 to " + std::to_string(most), slash + 1};
  const IpPrefix prefix(*address, static_cast<unsigned>(*length));
  if (prefix.address() != *address) {
    return Failure{"'" + printable(text) + "' has bits set beyond its length; the prefix is " + to_text(prefix)};
  }
  return prefix;
}

bool IpPrefix::contains(const IpAddress& address) const {
  return address.family() == family() && address.with_low_bits_cleared(length_) == address_;
}

bool IpPrefix::contains(const IpPrefix& other) const {
  return other.length_ >= length_ && contains(other.address_);
}

std::string to_text(const IpPrefix& prefix) {
  return to_text(prefix.address()) + "/" + std::to_string(prefix.length());
}

}  // namespace dnsd
