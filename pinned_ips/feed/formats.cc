#include "pinned_ips/feed/formats.h"

#include "pinned_ips/feed/schema.h"

namespace dnsd {
namespace {

constexpr FeedFormat formats[] = {
    {"json", "/ip-ranges.json", "application/json", feed_document},
    {"schema", "/ip-ranges/ip-ranges.schema.json", "application/schema+json", feed_schema},
};

}  // namespace

std::span<const FeedFormat> feed_formats() { return formats; }

const FeedFormat* find_feed_format(std::string_view name) {
  for (const FeedFormat& format : formats)
    if (format.name == name) return &format;
  return nullptr;
}

}  // namespace dnsd
