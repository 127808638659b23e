// Text for error bodies: firewalls that read lists from a URL have taken the one address in an error page for the
// list.
#pragma once

#include <string>
#include <string_view>

namespace dnsd {

// The text with everything in it that reads as an IPv4 or IPv6 address replaced by "[address]", and control characters but
// for tabs and line ends by "?": JSON would write one as \u0001, and with ".0.2.1" behind it that reads as an address.
std::string without_addresses(std::string_view text);

}  // namespace dnsd
