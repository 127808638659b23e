// A listening TCP socket, with reasons a person can act on where there is none.
#pragma once

#include <cstdint>

#include "base/ip_address.h"
#include "base/result.h"

namespace dnsd {

struct ListenSocket {
  int fd = -1;  // the caller closes it
  uint16_t port = 0;
};

// Non-blocking, closed on exec; IPv6 sockets take IPv6 only. Port 0: any free one.
Result<ListenSocket> open_listen_socket(const IpAddress& address, uint16_t port);

}  // namespace dnsd
