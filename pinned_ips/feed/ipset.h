// ipset.txt: what is to be allowed, for `ipset restore`: the sets NAME-v4 and NAME-v6 of each pinned set. Each is
// filled under another name and then swapped in, so that it is never empty or half full in between.
#pragma once

#include <optional>
#include <string>

#include "pinned_ips/feed_view.h"

namespace dnsd {

// None where nothing is to be allowed.
std::optional<std::string> ipset_script(const FeedView& view);

// What a set is called in the kernel, which takes no more than 31 octets: a longer name is cut and ends with a
// digest.
std::string ipset_name(std::string_view set, Family family);

}  // namespace dnsd
