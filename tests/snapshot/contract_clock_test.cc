#include "dnsd/snapshot/contract_clock.h"

#include <gtest/gtest.h>

namespace dnsd {
namespace {

constexpr int64_t second = 1'000'000'000;
const Instant start = *parse_instant("2026-11-21T09:00:00Z");

// A machine that was started an hour before.
class Clocks : public ::testing::Test {
 protected:
  ContractClock::Reading reading() const {
    return {(start.seconds + truly + error) * second, (3600 + truly) * second, (3600 + truly - asleep) * second};
  }
  Instant observe() { return clock.observe(reading()); }
  Instant reader() const { return clock.now(reading().monotonic); }

  ContractClock clock;
  int64_t truly = 0, error = 0, asleep = 0;  // seconds
};

TEST_F(Clocks, GoesWithTheWallClock) {
  EXPECT_FALSE(clock.has_begun());
  EXPECT_EQ(observe(), start);
  truly = 100;
  EXPECT_EQ(reader(), start + Duration{100});
  EXPECT_EQ(observe(), start + Duration{100});
}

TEST_F(Clocks, ReadersDoNotSeeAStepBeforeItIsObserved) {
  observe();
  truly = 1;
  error = 86400;
  EXPECT_EQ(reader(), start + Duration{1});
}

TEST_F(Clocks, AStepOfMoreThanAMinuteFreezesBothWaysUntilItIsBack) {
  for (const int64_t step : {int64_t{61}, int64_t{-61}, int64_t{365 * 86400}, int64_t{-365 * 86400}}) {
    ContractClock fresh;
    fresh.observe(reading());
    const Instant before = fresh.observe(reading());
    error = step;
    truly += 10;
    EXPECT_EQ(fresh.observe(reading()), before) << step;
    EXPECT_TRUE(fresh.is_frozen());
    EXPECT_EQ(fresh.step().seconds, step);
    truly += 1000;
    EXPECT_EQ(fresh.now(reading().monotonic), before);
    error = 0;
    EXPECT_EQ(fresh.observe(reading()), before + Duration{1010});
    EXPECT_FALSE(fresh.is_frozen());
  }
}

TEST_F(Clocks, ManySmallStepsAreNotFollowedEither) {
  observe();
  for (error = 30; error <= 300; error += 30) {
    truly += 1;
    observe();
  }
  EXPECT_TRUE(clock.is_frozen());
}

TEST_F(Clocks, ADisciplinedClockIsFollowed) {
  observe();
  for (int i = 0; i < 1000; ++i) {
    truly += 3600;
    error += 1;  // 280 ppm
    observe();
    ASSERT_FALSE(clock.is_frozen());
  }
}

TEST_F(Clocks, ASmallStepBackStandsStill) {
  observe();
  truly = 100;
  EXPECT_EQ(observe(), start + Duration{100});
  error = -30;
  EXPECT_EQ(observe(), start + Duration{100});
  truly = 120;
  EXPECT_EQ(reader(), start + Duration{100});
  EXPECT_EQ(observe(), start + Duration{100});
  truly = 140;
  EXPECT_EQ(observe(), start + Duration{110});
}

TEST_F(Clocks, NeverBeforeWhatIsRecorded) {
  clock.begin(start + days(1));
  EXPECT_EQ(observe(), start + days(1));
  EXPECT_EQ(clock.behind(), days(1));
  truly = 86400 + 5;
  EXPECT_EQ(observe(), start + days(1) + Duration{5});
}

TEST_F(Clocks, AcceptedStepIsTaken) {
  observe();
  error = 7200;
  observe();
  EXPECT_TRUE(clock.is_frozen());
  EXPECT_EQ(clock.accept(reading()), start + Duration{7200});
  EXPECT_FALSE(clock.is_frozen());
  EXPECT_EQ(reader(), start + Duration{7200});
}

TEST_F(Clocks, ASleepingMachineIsNoStep) {
  observe();
  asleep = truly = 8 * 3600;  // the monotonic clock stood still, the others did not
  EXPECT_EQ(observe(), start + hours(8));
  EXPECT_FALSE(clock.is_frozen());
  EXPECT_EQ(reader(), start + hours(8));
}

}  // namespace
}  // namespace dnsd
