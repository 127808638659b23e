#include "dnsd/transport/kernel_udp.h"

#include <gtest/gtest.h>

#include "small_server.h"

namespace dnsd::transport_test {
namespace {

constexpr std::string_view snmp =
    "Ip: Forwarding InErrors\n"
    "Ip: 1 99\n"
    "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors\n"
    "Udp: 1000 2 30 900 25 4 5 0 0\n"
    "UdpLite: InDatagrams NoPorts InErrors\n"
    "UdpLite: 7 7 7\n";
constexpr std::string_view snmp6 =
    "Ip6InReceives                   \t12\n"
    "Udp6NoPorts                     \t100\n"
    "Udp6InErrors                    \t200\n"
    "Udp6RcvbufErrors                \t300\n"
    "UdpLite6InErrors                \t400\n";

TEST(KernelUdp, AddsUpBothFamilies) {
  const KernelUdp counts = parse_kernel_udp(snmp, snmp6);
  EXPECT_EQ(counts[KernelUdpCounter::no_ports], 102u);
  EXPECT_EQ(counts[KernelUdpCounter::in_errors], 230u);
  EXPECT_EQ(counts[KernelUdpCounter::receive_buffer_errors], 325u);
  EXPECT_EQ(counts[KernelUdpCounter::send_buffer_errors], 4u);
  EXPECT_EQ(counts[KernelUdpCounter::checksum_errors], 5u);
}

TEST(KernelUdp, WhatIsMissingCountsNothing) {
  EXPECT_EQ(parse_kernel_udp("", "").values, KernelUdp{}.values);
  EXPECT_EQ(parse_kernel_udp("Udp: InErrors\n", "").values, KernelUdp{}.values);
  EXPECT_EQ(parse_kernel_udp("Udp: InErrors NoPorts\nUdp: 3\n", "Udp6NoPorts")[KernelUdpCounter::in_errors], 3u);
}

TEST(KernelUdp, SinceStart) {
  KernelUdp before, now;
  before.values = {5, 5, 5, 5, 5};
  now.values = {9, 5, 3, 6, 5};
  EXPECT_EQ(since(before, now).values, (std::array<uint64_t, kernel_udp_count>{4, 0, 0, 1, 0}));
}

TEST(KernelUdp, ReadsWhatTheKernelCounts) {
  const KernelUdp before = read_kernel_udp();
  UdpClient nobody;
  const PeerAddress at(ip("127.0.0.1"), 0);
  ASSERT_EQ(::bind(nobody.fd(), at.any(), at.size()), 0);
  PeerAddress bound;
  socklen_t size = PeerAddress::room;
  ASSERT_EQ(::getsockname(nobody.fd(), bound.any(), &size), 0);
  const SocketAddress gone{ip("127.0.0.1"), bound.port()};
  nobody = UdpClient();
  UdpClient client;
  client.send(gone, {1});
  EXPECT_GE(since(before, read_kernel_udp())[KernelUdpCounter::no_ports], 1u);
}

}  // namespace
}  // namespace dnsd::transport_test
