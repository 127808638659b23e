// /ip-ranges/allow.txt and its kind: a prefix a line and nothing else. ASCII, LF, each with its length, no header, no
// comment, in numeric order, none twice, none inside another: what every firewall's list reader takes.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

enum class ListKind : uint8_t {
  allow,      // to be let through now: what is answered, what will be, and what caches may still hold
  current,    // may be answered now
  next,       // may be answered after the next change
  removable,  // listed, but over: a firewall may let it go
};

// Of one family, or of both. None where the list is empty: firewalls would empty their tables on an empty one.
std::optional<std::string> address_list(const FeedView& view, ListKind kind, std::optional<Family> family = {});

}  // namespace dnsd
