#include "dnsd/snapshot/publisher.h"

#include <gtest/gtest.h>

#include <thread>

#include "dnsd/snapshot/snapshot.h"

namespace dnsd {
namespace {

std::unique_ptr<const Snapshot> snapshot(uint64_t generation) {
  auto s = std::make_unique<Snapshot>();
  s->generation = generation;
  s->settings.udp_response_limit = generation;  // twice the same number, to see a torn or freed one
  return s;
}

TEST(Publisher, ReadersGetTheLatest) {
  Publisher publisher;
  Publisher::Reader reader(publisher);
  EXPECT_FALSE(reader.read());
  publisher.publish(snapshot(1));
  EXPECT_EQ(reader.read()->generation, 1u);
  publisher.publish(snapshot(2));
  EXPECT_EQ(reader.read()->generation, 2u);
}

TEST(Publisher, OldSnapshotsLiveAsLongAsSomebodyReads) {
  Publisher publisher;
  Publisher::Reader reader(publisher);
  publisher.publish(snapshot(1));
  {
    const auto guard = reader.read();
    publisher.publish(snapshot(2));
    publisher.publish(snapshot(3));
    EXPECT_EQ(publisher.reclaim(), 1u);  // 2 was never read
    EXPECT_EQ(guard->generation, 1u);
  }
  EXPECT_EQ(publisher.reclaim(), 0u);
}

TEST(Publisher, ReadersNeverSeeAFreedSnapshot) {
  Publisher publisher;
  publisher.publish(snapshot(1));
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  std::atomic<uint64_t> reads = 0;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      Publisher::Reader reader(publisher);
      uint64_t last = 0;
      while (!stop) {
        const auto guard = reader.read();
        ASSERT_EQ(guard->generation, guard->settings.udp_response_limit);
        ASSERT_GE(guard->generation, last);
        last = guard->generation;
        ++reads;
      }
    });
  }
  for (uint64_t generation = 2; generation < 5000; ++generation) {
    publisher.publish(snapshot(generation));
    if (generation % 3 == 0) publisher.reclaim();
  }
  while (reads < 1000) std::this_thread::yield();
  stop = true;
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(publisher.reclaim(), 0u);
}

}  // namespace
}  // namespace dnsd
