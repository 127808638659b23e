// Which core each worker stays on, and how the kernel is told to give a worker what its core received.
#pragma once

#include <linux/filter.h>

#include <span>
#include <thread>
#include <vector>

#include "base/result.h"

namespace dnsd {

struct Cores {
  unsigned existing = 1;          // cores 0 to existing - 1 are there
  std::vector<unsigned> allowed;  // those this process may use, ascending
};
Cores cores_of_this_process();

// A core for each worker: `wanted` as it stands, or where it is empty the allowed ones as they come. The failure says
// which core cannot be had, and why. Precondition: `wanted` is empty or has one for each worker.
Result<std::vector<unsigned>> choose_cores(std::span<const unsigned> wanted, unsigned workers, const Cores& cores);

Status pin(std::thread& thread, unsigned core);

// The socket of the worker on core c gets what core c received: `cores` by worker, whose sockets joined the group of
// `fd` (SO_REUSEPORT) in that order. What other cores received is spread as without. On the core that received it a
// packet is warm in the cache, and nobody is woken elsewhere.
Status steer_by_core(int fd, std::span<const unsigned> cores);
// What steer_by_core() gives to the kernel: from a packet to the number of a socket in the group.
std::vector<sock_filter> steering_program(std::span<const unsigned> cores);

}  // namespace dnsd
