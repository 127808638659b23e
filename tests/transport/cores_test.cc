#include "dnsd/transport/cores.h"

#include <gmock/gmock.h>
#include <sched.h>

#include <atomic>

namespace dnsd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Cores four{4, {0, 1, 3}};

std::string why(std::vector<unsigned> wanted, unsigned workers) {
  const Result<std::vector<unsigned>> chosen = choose_cores(wanted, workers, four);
  return chosen ? "" : chosen.failure().message;
}

TEST(ChooseCores, AsTheyComeOrAsListed) {
  EXPECT_THAT(choose_cores({}, 2, four).value(), ElementsAre(0, 1));
  EXPECT_THAT(choose_cores({}, 3, four).value(), ElementsAre(0, 1, 3));
  const unsigned listed[] = {3, 0};
  EXPECT_THAT(choose_cores(listed, 2, four).value(), ElementsAre(3, 0));
}

TEST(ChooseCores, SaysWhichCannotBeHadAndWhy) {
  EXPECT_EQ(why({0, 4}, 2), "pin_workers: core 4 does not exist: this machine has 0 to 3");
  EXPECT_EQ(why({2}, 1),
            "pin_workers: core 2 may not be used: this process is kept to 0, 1, 3 (taskset, AllowedCPUs of the "
            "service, or cpuset of the container)");
  EXPECT_EQ(why({}, 4),
            "pin_workers: a core for each of 4 workers, but only 3 may be used (0, 1, 3); lower `workers` or take "
            "pin_workers out");
}

TEST(Cores, ThisProcessMayUseTheCoreItRunsOn) {
  const Cores cores = cores_of_this_process();
  EXPECT_THAT(cores.allowed, testing::Contains(static_cast<unsigned>(::sched_getcpu())));
  EXPECT_LT(cores.allowed.back(), cores.existing);
}

TEST(Pin, TheThreadStaysThere) {
  const unsigned core = cores_of_this_process().allowed.back();
  std::atomic<bool> go{false};
  int ran_on = -1;
  std::thread thread([&] {
    while (!go) std::this_thread::yield();
    ran_on = ::sched_getcpu();
  });
  const Status pinned = pin(thread, core);
  go = true;
  thread.join();
  EXPECT_TRUE(pinned);
  EXPECT_EQ(ran_on, static_cast<int>(core));
}

TEST(Pin, ACoreThatIsNotThereIsAFailure) {
  std::atomic<bool> go{false};
  std::thread thread([&] {
    while (!go) std::this_thread::yield();
  });
  const Status pinned = pin(thread, cores_of_this_process().existing);
  go = true;
  thread.join();
  ASSERT_FALSE(pinned);
  EXPECT_THAT(pinned.failure().message, HasSubstr("cannot keep a worker on core"));
}

// Runs the program as the kernel does, for a packet received on `cpu`.
uint32_t steered_to(std::span<const sock_filter> program, uint32_t cpu) {
  uint32_t a = 0;
  for (size_t at = 0; at < program.size(); ++at) {
    const sock_filter& step = program[at];
    switch (step.code) {
      case BPF_LD | BPF_W | BPF_ABS: a = cpu; break;
      case BPF_JMP | BPF_JEQ | BPF_K: at += a == step.k ? step.jt : step.jf; break;
      case BPF_RET | BPF_K: return step.k;
      case BPF_RET | BPF_A: return a;
      default: ADD_FAILURE() << "unknown step"; return 0;
    }
  }
  ADD_FAILURE() << "no end";
  return 0;
}

TEST(SteeringProgram, TheWorkerOfTheCoreElseNone) {
  const unsigned listed[] = {5, 2, 0};
  const std::vector<sock_filter> program = steering_program(listed);
  EXPECT_EQ(steered_to(program, 5), 0u);
  EXPECT_EQ(steered_to(program, 2), 1u);
  EXPECT_EQ(steered_to(program, 0), 2u);
  EXPECT_GE(steered_to(program, 1), 3u);  // no socket of the group: the kernel spreads
}

TEST(SteeringProgram, CoresInOrderNeedNoSearch) {
  const unsigned in_order[] = {0, 1, 2};
  const std::vector<sock_filter> program = steering_program(in_order);
  EXPECT_EQ(program.size(), 2u);
  for (const uint32_t core : {0u, 2u, 7u}) EXPECT_EQ(steered_to(program, core), core);
}

}  // namespace
}  // namespace dnsd
