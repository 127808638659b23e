// What the daemon counts, as a scrape for Prometheus. Counting itself happens elsewhere, without locks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace dnsd {

struct MetricValue {
  std::string label_name, label_value;  // both empty: the family has one value
  double value = 0;
};

struct Metric {
  std::string name;  // "dnsd_udp_queries_total"
  std::string help;
  bool gauge = false;
  std::vector<MetricValue> values;
};

// The text exposition format, version 0.0.4.
std::string prometheus_text(const std::vector<Metric>& metrics);

}  // namespace dnsd
