// What the kernel counts of UDP in the network namespace of this process, all its sockets together: losses that no
// socket of ours is told of.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace dnsd {

enum class KernelUdpCounter : uint8_t {
  in_errors,
  receive_buffer_errors,
  send_buffer_errors,
  no_ports,
  checksum_errors,
};
constexpr size_t kernel_udp_count = 5;

struct KernelUdpRow {
  KernelUdpCounter counter;
  std::string_view key;   // in /proc/net/snmp
  std::string_view name;  // ours
  std::string_view help;
};
std::span<const KernelUdpRow> kernel_udp_rows();  // one for each enumerator, in their order

// IPv4 and IPv6 added up.
struct KernelUdp {
  std::array<uint64_t, kernel_udp_count> values{};
  uint64_t operator[](KernelUdpCounter counter) const { return values[static_cast<size_t>(counter)]; }
};

// Of the texts of /proc/net/snmp and /proc/net/snmp6. A key that is missing counts 0.
KernelUdp parse_kernel_udp(std::string_view snmp, std::string_view snmp6);
// All 0 where /proc cannot be read.
KernelUdp read_kernel_udp();
// What was counted from `before` to `now`; 0 for a counter that went back.
KernelUdp since(const KernelUdp& before, const KernelUdp& now);

}  // namespace dnsd
