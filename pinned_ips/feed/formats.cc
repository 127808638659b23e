#include "pinned_ips/feed/formats.h"

#include "pinned_ips/feed/address_list.h"
#include "pinned_ips/feed/aws_json.h"
#include "pinned_ips/feed/changes_atom.h"
#include "pinned_ips/feed/checkpoint_json.h"
#include "pinned_ips/feed/feed_document.h"
#include "pinned_ips/feed/geofeed.h"
#include "pinned_ips/feed/ipset.h"
#include "pinned_ips/feed/nftables.h"
#include "pinned_ips/feed/schedule_ics.h"
#include "pinned_ips/feed/schema.h"

namespace dnsd {
namespace {

template <ListKind kind>
std::optional<std::string> list(const FeedView& view) {
  return address_list(view, kind);
}
template <ListKind kind, Family family>
std::optional<std::string> list(const FeedView& view) {
  return address_list(view, kind, family);
}

constexpr std::string_view json = "application/json";
constexpr std::string_view text = "text/plain; charset=utf-8";

constexpr FeedFormat formats[] = {
    {"json", "/ip-ranges.json", json, feed_document},
    {"schema", "/ip-ranges/ip-ranges.schema.json", "application/schema+json", feed_schema},
    {"allow", "/ip-ranges/allow.txt", text, list<ListKind::allow>},
    {"allow-v4", "/ip-ranges/allow-v4.txt", text, list<ListKind::allow, Family::ipv4>},
    {"allow-v6", "/ip-ranges/allow-v6.txt", text, list<ListKind::allow, Family::ipv6>},
    {"current", "/ip-ranges/current.txt", text, list<ListKind::current>},
    {"current-v4", "/ip-ranges/current-v4.txt", text, list<ListKind::current, Family::ipv4>},
    {"current-v6", "/ip-ranges/current-v6.txt", text, list<ListKind::current, Family::ipv6>},
    {"next", "/ip-ranges/next.txt", text, list<ListKind::next>},
    {"next-v4", "/ip-ranges/next-v4.txt", text, list<ListKind::next, Family::ipv4>},
    {"next-v6", "/ip-ranges/next-v6.txt", text, list<ListKind::next, Family::ipv6>},
    {"removable", "/ip-ranges/removable.txt", text, list<ListKind::removable>},
    {"removable-v4", "/ip-ranges/removable-v4.txt", text, list<ListKind::removable, Family::ipv4>},
    {"removable-v6", "/ip-ranges/removable-v6.txt", text, list<ListKind::removable, Family::ipv6>},
    {"aws", "/ip-ranges/aws.json", json, aws_json},
    {"checkpoint", "/ip-ranges/checkpoint.json", json, checkpoint_json},
    {"nftables", "/ip-ranges/nftables.nft", text, nftables_script},
    {"ipset", "/ip-ranges/ipset.txt", text, ipset_script},
    {"geofeed", "/ip-ranges/geofeed.csv", "text/csv; charset=utf-8", geofeed_csv},
    {"schedule", "/ip-ranges/schedule.ics", "text/calendar; charset=utf-8", schedule_ics},
    {"atom", "/ip-ranges/changes.atom", "application/atom+xml", changes_atom},
};

}  // namespace

std::span<const FeedFormat> feed_formats() { return formats; }

const FeedFormat* find_feed_format(std::string_view name) {
  for (const FeedFormat& format : formats)
    if (format.name == name) return &format;
  return nullptr;
}

}  // namespace dnsd
