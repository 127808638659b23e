#include "dnsd/transport/cores.h"

#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace dnsd {

namespace {

// 4096 cores: one cpu_set_t has 1024.
using CoreSet = std::array<cpu_set_t, 4>;

std::string listed(std::span<const unsigned> cores) {
  std::string text;
  for (const unsigned core : cores) text += (text.empty() ? "" : ", ") + std::to_string(core);
  return text;
}

}  // namespace

Cores cores_of_this_process() {
  Cores cores;
  cores.existing = static_cast<unsigned>(std::max(1l, ::sysconf(_SC_NPROCESSORS_CONF)));
  CoreSet set{};
  if (::sched_getaffinity(0, sizeof set, set.data()) != 0) return cores;
  for (unsigned core = 0; core < sizeof set * 8; ++core)
    if (CPU_ISSET_S(core, sizeof set, set.data())) cores.allowed.push_back(core);
  return cores;
}

Result<std::vector<unsigned>> choose_cores(std::span<const unsigned> wanted, unsigned workers, const Cores& cores) {
  if (wanted.empty()) {
    if (workers > cores.allowed.size())
      return Failure{"pin_workers: a core for each of " + std::to_string(workers) + " workers, but only " +
                     std::to_string(cores.allowed.size()) + " may be used (" + listed(cores.allowed) +
                     "); lower `workers` or take pin_workers out"};
    return std::vector<unsigned>(cores.allowed.begin(), cores.allowed.begin() + workers);
  }
  for (const unsigned core : wanted) {
    const std::string name = "pin_workers: core " + std::to_string(core);
    if (core >= cores.existing)
      return Failure{name + " does not exist: this machine has 0 to " + std::to_string(cores.existing - 1)};
    if (!std::binary_search(cores.allowed.begin(), cores.allowed.end(), core))
      return Failure{name + " may not be used: this process is kept to " + listed(cores.allowed) +
                     " (taskset, AllowedCPUs of the service, or cpuset of the container)"};
  }
  return std::vector<unsigned>(wanted.begin(), wanted.end());
}

Status pin(std::thread& thread, unsigned core) {
  CoreSet set{};
  CPU_SET_S(core, sizeof set, set.data());
  const int error = ::pthread_setaffinity_np(thread.native_handle(), sizeof set, set.data());
  if (error == 0) return Done{};
  return Failure{"cannot keep a worker on core " + std::to_string(core) + ": " +
                 std::generic_category().message(error)};
}

// A number outside the group lets the kernel spread as it does without a program.
std::vector<sock_filter> steering_program(std::span<const unsigned> cores) {
  std::vector<sock_filter> program;
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_CPU)));
  bool in_order = true;
  for (unsigned i = 0; i < cores.size(); ++i) in_order = in_order && cores[i] == i;
  if (in_order) {  // the number of the core is that of the socket
    program.push_back(BPF_STMT(BPF_RET | BPF_A, 0));
    return program;
  }
  for (unsigned worker = 0; worker < cores.size(); ++worker) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, cores[worker], 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, worker));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, 0xffffffff));
  return program;
}

Status steer_by_core(int fd, std::span<const unsigned> cores) {
  std::vector<sock_filter> steps = steering_program(cores);
  const sock_fprog program{static_cast<unsigned short>(steps.size()), steps.data()};
  if (::setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program) == 0) return Done{};
  return Failure{"the kernel does not steer by core: " + std::generic_category().message(errno)};
}

}  // namespace dnsd
