#include "tools/zone_edit/fleet.h"

namespace dnsd {

Fleet::Fleet(const CompiledPool& pool, Family family, uint32_t workers, uint64_t seed)
    : shape_{.pool = &pool},
      ring_(pool.rings[static_cast<size_t>(family)]),
      family_(family),
      answer_(ring_.list.take) {
  Random seeds(seed);
  for (uint32_t i = 0; i < workers; ++i) states_.emplace_back(seeds.next()).fit(pool.first_slot + 2);
}

std::span<const uint16_t> Fleet::ask(uint32_t worker, const IpAddress& client) {
  const ClientNetworkAddress who{client, address_bits(client.family()), false};
  unsigned scope = 0;
  const ShapedAnswer answer = shape_answer(shape_, family_, who, Instant{}, SIZE_MAX, states_[worker], scope);
  const size_t size = address_record_size(family_);
  for (uint32_t i = 0; i < answer.count(); ++i)
    answer_[i] = static_cast<uint16_t>(static_cast<size_t>(answer.record(i) - ring_.records.data()) / size);
  return {answer_.data(), answer.count()};
}

// An odd factor maps the numbers of so many bits one to one.
IpAddress ClientNetworks::at(uint32_t number) const {
  if (bits_ == 0) return IpAddress();
  const uint32_t network = (number * 0x9e3779b1u + offset_) << (32 - bits_);
  std::array<uint8_t, 4> octets{};
  store32(octets.data(), network);
  return IpAddress::v4(octets);
}

}  // namespace dnsd
