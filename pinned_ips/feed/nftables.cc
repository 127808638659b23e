#include "pinned_ips/feed/nftables.h"

#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/filter_script.h"
#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {
namespace {

constexpr std::string_view table = "inet ip_ranges";

// Both families of every set, so that a rule that names one can be loaded whatever the feed holds.
std::string filter_set(const PromisedSet& set, Family family, Instant now) {
  const bool is_ipv4 = family == Family::ipv4;
  const std::string name = std::string(table) + " " + filter_name(set.name) + (is_ipv4 ? "_v4" : "_v6");
  std::string elements;
  for (const IpPrefix& prefix : allowed_space({&set, 1}, now))
    if (prefix.family() == family) elements += (elements.empty() ? "  " : ",\n  ") + to_text(prefix);
  const char* type = is_ipv4 ? "ipv4_addr" : "ipv6_addr";
  std::string text = "add set " + name + " { type " + type + "; flags interval; }\nflush set " + name + "\n";
  return elements.empty() ? text : text + "add element " + name + " {\n" + elements + "\n}\n";
}

}  // namespace

std::optional<std::string> nftables_script(const FeedView& view) {
  return filter_script(view, "add table " + std::string(table) + "\n", filter_set);
}

}  // namespace dnsd
