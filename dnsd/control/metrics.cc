#include "dnsd/control/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace dnsd {

std::string prometheus_text(const std::vector<Metric>& metrics) {
  std::vector<prometheus::MetricFamily> families;
  for (const Metric& metric : metrics) {
    prometheus::MetricFamily& family = families.emplace_back();
    family.name = metric.name;
    family.help = metric.help;
    family.type = metric.gauge ? prometheus::MetricType::Gauge : prometheus::MetricType::Counter;
    for (const MetricValue& value : metric.values) {
      prometheus::ClientMetric& row = family.metric.emplace_back();
      if (!value.label_name.empty()) row.label.push_back({value.label_name, value.label_value});
      row.gauge.value = row.counter.value = value.value;
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace dnsd
