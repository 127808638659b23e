#include "dnsd/transport/advice.h"

#include <gmock/gmock.h>

namespace dnsd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TransportState state() {
  TransportState state;
  state.queries_by_worker = {20'000, 20'000};
  state.steered = true;
  state.granted = {8 << 20, 8 << 20, 0};
  return state;
}

void count(TransportState& state, Counter counter, uint64_t number) {
  state.counters.values[static_cast<size_t>(counter)] = number;
}

TEST(Advice, NoneWhereAllIsWell) { EXPECT_THAT(advice(state()), IsEmpty()); }

TEST(Advice, AFullReceiveBuffer) {
  TransportState dropped = state();
  count(dropped, Counter::udp_overflow, 7);
  EXPECT_THAT(advice(dropped), ElementsAre("7 datagrams were dropped, since a receive buffer was full: raise "
                                           "udp.receive_buffer for short bursts; a load that lasts needs more workers "
                                           "or cores"));
  dropped.granted.receive_buffer = 2 * 212'992;
  EXPECT_THAT(advice(dropped), ElementsAre("7 datagrams were dropped, since a receive buffer was full: "
                                           "`sysctl -w net.core.rmem_max=4194304` and restart"));
}

TEST(Advice, AnswersThatDoNotLeave) {
  TransportState unsent = state();
  count(unsent, Counter::udp_send_errors, 3);
  EXPECT_THAT(advice(unsent), ElementsAre(HasSubstr("3 answers were not taken by the kernel: no route")));
  unsent.kernel.values[static_cast<size_t>(KernelUdpCounter::send_buffer_errors)] = 1;
  EXPECT_THAT(advice(unsent), ElementsAre(HasSubstr("raise udp.send_buffer")));
}

TEST(Advice, ADeviceThatCannotSegment) {
  TransportState refused = state();
  count(refused, Counter::udp_segmenting_refused, 2);
  EXPECT_THAT(advice(refused), ElementsAre(HasSubstr("2 sockets send answers one by one")));
}

TEST(Advice, OneCoreThatReceivesAll) {
  TransportState lonely = state();
  lonely.queries_by_worker = {500, 99'500};
  EXPECT_THAT(advice(lonely), ElementsAre(HasSubstr("one worker answers 99 % of all queries")));
  lonely.queries_by_worker = {5, 995};  // too few to say
  EXPECT_THAT(advice(lonely), IsEmpty());
  lonely.queries_by_worker = {500, 99'500};
  lonely.steered = false;
  EXPECT_THAT(advice(lonely), IsEmpty());
}

}  // namespace
}  // namespace dnsd
