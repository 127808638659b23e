// udpecho: the kernel's part of answering over UDP: a query comes back as a response, of so many octets. What a name
// server could reach that had nothing to work out.
//
// usage: udpecho PORT OCTETS      on 127.0.0.1, until it is told to end
#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr size_t batch_size = 32, slot_octets = 4096;

int open_socket(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  const int buffer = 4 << 20;  // as dnsd's
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0) return fd;
  std::perror("udpecho: bind");
  std::exit(1);
}

struct Slot {
  std::array<uint8_t, slot_octets> octets{};
  sockaddr_in peer{};
  iovec part{};
};

void echo(int fd, size_t octets) {
  static std::array<Slot, batch_size> slots;
  std::array<mmsghdr, batch_size> messages{};
  for (;;) {
    for (size_t i = 0; i < batch_size; ++i) {
      slots[i].part = {slots[i].octets.data(), slot_octets};
      messages[i].msg_hdr = {&slots[i].peer, sizeof slots[i].peer, &slots[i].part, 1, nullptr, 0, 0};
    }
    const int count = ::recvmmsg(fd, messages.data(), batch_size, MSG_WAITFORONE, nullptr);
    for (size_t i = 0; i < static_cast<size_t>(std::max(count, 0)); ++i) {
      slots[i].octets[2] |= 0x80;  // QR
      slots[i].part.iov_len = std::max<size_t>(octets, messages[i].msg_len);
    }
    for (int sent = 0; sent < count;) {
      const int more = ::sendmmsg(fd, &messages[static_cast<size_t>(sent)], static_cast<unsigned>(count - sent), 0);
      if (more <= 0) break;
      sent += more;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: udpecho PORT OCTETS\n", stderr);
    return 2;
  }
  const auto octets = static_cast<size_t>(std::strtoul(argv[2], nullptr, 10));
  echo(open_socket(static_cast<uint16_t>(std::strtoul(argv[1], nullptr, 10))), std::min(octets, slot_octets));
}
