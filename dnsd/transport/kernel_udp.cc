#include "dnsd/transport/kernel_udp.h"

#include <charconv>
#include <optional>
#include <string>

#include "base/atomic_file.h"

namespace dnsd {

namespace {

constexpr KernelUdpRow rows[] = {
    {KernelUdpCounter::in_errors, "InErrors", "in_errors", "Datagrams that arrived and could not be delivered"},
    {KernelUdpCounter::receive_buffer_errors, "RcvbufErrors", "receive_buffer_errors",
     "Of these, those that found the receive buffer full"},
    {KernelUdpCounter::send_buffer_errors, "SndbufErrors", "send_buffer_errors",
     "Datagrams not sent since a send buffer or the device's queue was full"},
    {KernelUdpCounter::no_ports, "NoPorts", "no_ports", "Datagrams to ports that nobody listens on"},
    {KernelUdpCounter::checksum_errors, "InCsumErrors", "checksum_errors", "Datagrams with a wrong checksum"},
};
static_assert(std::size(rows) == kernel_udp_count);

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t")));
  const std::string_view word = line.substr(0, line.find_first_of(" \t"));
  line.remove_prefix(word.size());
  return word;
}

void add(std::string_view key, std::string_view number, KernelUdp& sum) {
  uint64_t value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  for (size_t i = 0; i < kernel_udp_count; ++i)
    if (rows[i].key == key) sum.values[i] += value;
}

// Two lines for each protocol, of names and of numbers: "Udp: InDatagrams NoPorts …" and "Udp: 12 0 …".
void add_ipv4(std::string_view snmp, KernelUdp& sum) {
  std::string_view names;
  while (!snmp.empty()) {
    std::string_view line = take_line(snmp);
    if (take_word(line) != "Udp:") continue;
    if (names.empty()) {
      names = line;
      continue;
    }
    while (!names.empty()) add(take_word(names), take_word(line), sum);
    return;
  }
}

// A line for each: "Udp6InErrors   12".
void add_ipv6(std::string_view snmp6, KernelUdp& sum) {
  constexpr std::string_view prefix = "Udp6";
  while (!snmp6.empty()) {
    std::string_view line = take_line(snmp6);
    const std::string_view key = take_word(line);
    if (key.starts_with(prefix)) add(key.substr(prefix.size()), take_word(line), sum);
  }
}

}  // namespace

std::span<const KernelUdpRow> kernel_udp_rows() { return rows; }

KernelUdp parse_kernel_udp(std::string_view snmp, std::string_view snmp6) {
  KernelUdp sum;
  add_ipv4(snmp, sum);
  add_ipv6(snmp6, sum);
  return sum;
}

KernelUdp read_kernel_udp() {
  const Result<std::string> snmp = read_file("/proc/net/snmp"), snmp6 = read_file("/proc/net/snmp6");
  return parse_kernel_udp(snmp ? std::string_view(*snmp) : "", snmp6 ? std::string_view(*snmp6) : "");
}

KernelUdp since(const KernelUdp& before, const KernelUdp& now) {
  KernelUdp difference;
  for (size_t i = 0; i < kernel_udp_count; ++i)
    if (now.values[i] > before.values[i]) difference.values[i] = now.values[i] - before.values[i];
  return difference;
}

}  // namespace dnsd
