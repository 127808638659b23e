#include "pinned_ips/feed/ipset.h"

#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/filter_script.h"
#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {
namespace {

constexpr size_t most_octets = 31;  // IPSET_MAXNAMELEN less the NUL
constexpr std::string_view under_another = ".new";

std::string filter_set(const PromisedSet& set, Family family, Instant now) {
  const std::string name = ipset_name(set.name, family);
  const std::string fresh = name + std::string(under_another);
  const std::string type =
      family == Family::ipv4 ? " hash:net family inet -exist\n" : " hash:net family inet6 -exist\n";
  std::string text = "create " + name + type + "create " + fresh + type + "flush " + fresh + "\n";
  for (const IpPrefix& prefix : allowed_space({&set, 1}, now))
    if (prefix.family() == family) text += "add " + fresh + " " + to_text(prefix) + "\n";
  return text + "swap " + fresh + " " + name + "\ndestroy " + fresh + "\n";
}

}  // namespace

std::string ipset_name(std::string_view set, Family family) {
  const std::string end = family == Family::ipv4 ? "-v4" : "-v6";
  const size_t most = most_octets - under_another.size() - end.size();
  std::string name = filter_name(set);
  if (name.size() > most) name = name.substr(0, most - 9) + "-" + name_uuid(set).substr(0, 8);
  return name + end;
}

std::optional<std::string> ipset_script(const FeedView& view) {
  return filter_script(view, {}, filter_set);
}

}  // namespace dnsd
