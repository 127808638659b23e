#include "dnsd/subscribers/webhook_target.h"

#include <algorithm>

#include "base/ip_address.h"
#include "base/text.h"
#include "zones/base64.h"

namespace dnsd {
namespace {

constexpr size_t most_url_octets = 2000;
constexpr size_t least_key_octets = 24, most_key_octets = 64;

bool is_of_host(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// RFC 3986: all that may stand in a URL, but for the fragment. Stricter than what programs take, so that all read it
// alike.
bool is_of_url(char c) {
  return c > ' ' && c < '\x7f' && std::string_view("\"#<>\\^`{|}").find(c) == std::string_view::npos;
}

bool is_loopback(std::string_view host) {
  const Result<IpAddress> address = IpAddress::parse(host);
  if (!address) return false;
  if (address->family() == Family::ipv4) return address->octets()[0] == 127;
  return *address == *IpAddress::parse("::1");
}

// "host", "host:port", "[::1]:port" -> the host without brackets and port; empty where it is none of these.
std::string_view host_of(std::string_view authority) {
  std::string_view host, port;
  if (authority.starts_with("[")) {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return {};
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    const Result<IpAddress> address = IpAddress::parse(host);
    if (!address || address->family() != Family::ipv6) return {};
  } else {
    host = authority.substr(0, authority.find(':'));
    port = authority.substr(host.size());
    if (!std::all_of(host.begin(), host.end(), is_of_host)) return {};
  }
  if (!port.empty() && (port[0] != ':' || parse_decimal(port.substr(1), 65535).value_or(0) == 0)) return {};
  return host;
}

}  // namespace

Result<std::string> webhook_url_value(std::string_view text) {
  const bool https = text.starts_with("https://");
  if (!https && !text.starts_with("http://"))
    return Failure{"'" + printable(text) + "' is no webhook's URL: https://HOST/PATH, or http://127.0.0.1:PORT/PATH"};
  if (text.size() > most_url_octets) return Failure{"longer than " + std::to_string(most_url_octets) + " octets"};
  const auto wrong = std::find_if_not(text.begin(), text.end(), is_of_url);
  if (wrong != text.end()) {
    return Failure{"'" + printable({&*wrong, 1}) + "' cannot stand in a webhook's URL",
                   static_cast<size_t>(wrong - text.begin())};
  }
  const size_t begin = https ? 8 : 7;
  const std::string_view authority = text.substr(begin, text.find_first_of("/?", begin) - begin);
  if (authority.find('@') != std::string_view::npos)
    return Failure{"no user or password in the URL; the signature says who we are", begin};
  const std::string_view host = host_of(authority);
  if (host.empty()) return Failure{"'" + printable(authority) + "' is no HOST or HOST:PORT", begin};
  if (!https && !is_loopback(host)) {
    return Failure{
        "plain http goes to an address of this machine alone, such as http://127.0.0.1:8080/; use https for '" +
            printable(host) + "'",
        begin};
  }
  return std::string(text);
}

Result<std::string> webhook_key(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  const Failure failure{
      "not a webhook secret: whsec_ and 24 to 64 octets in base64 (`echo whsec_$(openssl rand -base64 24)`)"};
  if (!secret.starts_with(prefix)) return failure;
  const auto octets = parse_base64(secret.substr(prefix.size()));
  if (!octets || octets->size() < least_key_octets || octets->size() > most_key_octets) return failure;
  return std::string(octets->begin(), octets->end());
}

}  // namespace dnsd
