// What udpload and tcpload find out, and how they print it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace dnsd::bench {

constexpr uint64_t second_ns = 1'000'000'000;
constexpr uint64_t lost_after_ns = 5 * second_ns;  // a busy machine may stop a process for a second

inline uint64_t now_ns() {
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
}

// Counts by logarithm, 64 steps to each doubling: a quantile is right within 1.6 %.
class Histogram {
 public:
  void add(uint64_t ns) {
    ++counts_[std::min(index_of(ns), counts_.size() - 1)];
    ++total_;
    longest_ = std::max(longest_, ns);
  }
  double quantile_us(double q) const {
    const auto rank = static_cast<uint64_t>(q * static_cast<double>(total_));
    uint64_t passed = 0;
    for (size_t i = 0; i < counts_.size(); ++i)
      if ((passed += counts_[i]) > rank) return static_cast<double>(value_of(i)) / 1000.0;
    return longest_us();
  }
  double longest_us() const { return static_cast<double>(longest_) / 1000.0; }

 private:
  static size_t index_of(uint64_t v) {
    if (v < 64) return v;
    const int exponent = 63 - __builtin_clzll(v);
    return static_cast<size_t>(exponent - 5) * 64 + ((v >> (exponent - 6)) & 63);
  }
  static uint64_t value_of(size_t i) {
    if (i < 64) return i;
    const size_t exponent = i / 64 + 5;
    return (uint64_t{1} << exponent) | (uint64_t{i & 63} << (exponent - 6));
  }
  std::vector<uint64_t> counts_ = std::vector<uint64_t>(64 * 64);
  uint64_t total_ = 0;
  uint64_t longest_ = 0;
};

struct Totals {
  uint64_t sent = 0, answered = 0, lost = 0, wrong = 0, octets = 0;
  Histogram latency;
  Histogram behind;  // how late queries were sent that had a time: is in the latency

  bool all_well() const { return lost + wrong == 0; }

  // One line of KEY=VALUE.
  void print(double seconds) const {
    const auto answers = static_cast<double>(answered);
    std::printf("qps=%.0f sent=%lu answered=%lu lost=%lu wrong=%lu octets=%.1f p50_us=%.1f p99_us=%.1f p999_us=%.1f "
                "max_us=%.1f behind_p99_us=%.1f\n",
                answers / seconds, sent, answered, lost, wrong, static_cast<double>(octets) / std::max(answers, 1.0),
                latency.quantile_us(.5), latency.quantile_us(.99), latency.quantile_us(.999), latency.longest_us(),
                behind.quantile_us(.99));
  }
};

}  // namespace dnsd::bench
