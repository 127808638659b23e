#include "dnsd/answer/client_subnet.h"

#include <array>


namespace dnsd {
namespace {

constexpr size_t source_at = 2, address_at = 4;

// Family 0 is "no address", with a prefix of 0 bits.
unsigned most_bits(uint16_t family) { return family == 1 ? 32 : family == 2 ? 128 : 0; }

}  // namespace

// The address has just the octets of its prefix, bits behind it are 0, and so is SCOPE.
bool is_client_subnet(Bytes data) {
  if (data.size() < address_at) return false;
  const uint16_t family = load16(data.data());
  const unsigned source = data[source_at];
  if (family > 2 || source > most_bits(family) || data[client_subnet_scope_at] != 0) return false;
  if (data.size() != address_at + (source + 7) / 8) return false;
  return source % 8 == 0 || (data.back() & (0xff >> source % 8)) == 0;
}

bool takes_client_subnet(const ClientSubnetSettings& settings, const IpAddress& resolver) {
  if (!settings.used) return false;
  return !settings.resolvers || settings.resolvers->find(resolver) != PrefixTable::no_class;
}

ClientNetworkAddress client_network(Bytes option, const IpAddress& source) {
  if (option.empty() || option[source_at] == 0) return {source, address_bits(source.family()), false};
  const unsigned bits = option[source_at];
  const Bytes address = option.subspan(address_at);
  if (load16(option.data()) == 1) {
    std::array<uint8_t, 4> octets{};
    for (size_t i = 0; i < address.size(); ++i) octets[i] = address[i];  // few: no call for that
    return {IpAddress::v4(octets), bits, true};
  }
  std::array<uint8_t, 16> octets{};
  for (size_t i = 0; i < address.size(); ++i) octets[i] = address[i];
  return {IpAddress::v6(octets), bits, true};
}

}  // namespace dnsd
