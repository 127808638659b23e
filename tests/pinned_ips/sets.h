// Short ways to write pinned sets in tests.
#pragma once

#include <string_view>

#include "pinned_ips/pinned_set.h"

namespace dnsd {

// Precondition of all: the text is right.
inline Instant at(std::string_view text) { return parse_date_or_instant(text)->instant; }
inline DateOrInstant moment(std::string_view text) { return *parse_date_or_instant(text); }
inline IpAddress address(std::string_view text) { return *IpAddress::parse(text); }

inline PinnedEntry entry(std::string_view cidr, std::string_view published, std::string_view enabled,
                         std::string_view retired = {}) {
  PinnedEntry e;
  e.cidr = *IpPrefix::parse(cidr);
  e.published = moment(published);
  e.enabled = moment(enabled);
  if (!retired.empty()) e.retired = moment(retired);
  return e;
}

inline PinnedEntry with_addresses(PinnedEntry e, std::initializer_list<std::string_view> addresses) {
  for (const std::string_view text : addresses) e.addresses.push_back(address(text));
  return e;
}

}  // namespace dnsd
