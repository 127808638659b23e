// How several views write the same things.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/ip_address.h"
#include "pinned_ips/promise.h"

namespace dnsd {

// "2026-11-02-09-00-00", the seed format's (and AWS's) way to write an instant.
std::string create_date(Instant instant);

std::string_view family_name(Family family);  // "ipv4", "ipv6"

// Indented, with a final newline. Octets that are no UTF-8 are replaced, where dump() would throw.
std::string json_text(const nlohmann::ordered_json& json);

// A UUID made of a name (RFC 9562 5.5, by SHA-1, in the namespace of URLs): the same name gives the same one.
std::string name_uuid(std::string_view name);
// Of something about an entry, "enabled" say. It holds however often the feed is moved to another host or the entry
// rescheduled, and no other publisher's entry has the same.
std::string entry_uuid(const Promise& promise, std::string_view about);

// The name of a set as a part of names in a packet filter, which must begin with a letter or '_'. Different names
// stay different.
std::string filter_name(std::string_view set);

std::string html_escaped(std::string_view text);  // for XML too

}  // namespace dnsd
