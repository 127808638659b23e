#include "dnsd/config/values.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "dnsd/pools/pool_definition.h"

namespace dnsd {
namespace {

std::string quoted(std::string_view text) { return "'" + printable(text) + "'"; }

// The text without leading zeros where that is all that is wrong with a number; otherwise nothing.
std::optional<std::string_view> without_leading_zeros(std::string_view text) {
  if (text.size() < 2 || text[0] != '0') return std::nullopt;
  const std::string_view rest = text.substr(std::min(text.find_first_not_of('0'), text.size() - 1));
  if (rest.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return rest;
}

Failure leading_zero(std::string_view text, std::string_view meant) {
  return Failure{quoted(text) + " begins with 0, which some read as octal; write " + std::string(meant)};
}

}  // namespace

Result<uint64_t> number_value(std::string_view text, uint64_t least, uint64_t most) {
  const std::optional<uint64_t> number = parse_decimal(text, most);
  if (number && *number >= least) return *number;
  if (const auto meant = without_leading_zeros(text)) return leading_zero(text, *meant);
  return Failure{quoted(text) + " is not a number from " + std::to_string(least) + " to " + std::to_string(most)};
}

Result<Duration> duration_value(std::string_view text, Duration least, Duration most) {
  if (const auto meant = without_leading_zeros(text)) return leading_zero(text, *meant);
  Result<Duration> duration = parse_duration(text);
  if (!duration || (*duration >= least && *duration <= most)) return duration;
  return Failure{quoted(text) + " is not within " + to_text(least) + " to " + to_text(most)};
}

Result<uint32_t> ttl_value(std::string_view text) {
  const Result<Duration> ttl = duration_value(text, {0}, {max_shaped_ttl});
  if (!ttl) return ttl.failure();
  return static_cast<uint32_t>(ttl->seconds);
}

Result<IpAddress> address_value(std::string_view text) {
  Result<IpAddress> address = IpAddress::parse(text);
  if (address && address->unmapped() != *address) {
    return Failure{quoted(text) + " is an IPv4 address in IPv6 form; write " + to_text(address->unmapped())};
  }
  return address;
}

Result<IpPrefix> prefix_value(std::string_view text) {
  Result<IpPrefix> prefix = IpPrefix::parse(text);
  if (prefix && prefix->length() >= 96 && prefix->address().unmapped() != prefix->address()) {
    const IpPrefix meant(prefix->address().unmapped(), prefix->length() - 96);
    return Failure{quoted(text) + " is an IPv4 prefix in IPv6 form; write " + to_text(meant)};
  }
  return prefix;
}

Result<Endpoint> endpoint_value(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  if (const Result<IpAddress> bare = IpAddress::parse(text)) {
    const std::string address = bare->family() == Family::ipv6 ? "[" + to_text(*bare) + "]" : to_text(*bare);
    return Failure{quoted(text) + " has no port; write \"" + address + ":53\""};
  }
  if (bracketed && text.ends_with(']')) {
    return Failure{quoted(text) + " has no port; write \"" + std::string(text) + ":53\""};
  }
  const size_t colon = text.rfind(':');
  const bool closed = colon != std::string_view::npos && colon > 0 && text[colon - 1] == ']';
  if (colon == std::string_view::npos || bracketed != closed) {
    return Failure{quoted(text) + " is not an address with a port such as 127.0.0.1:53 or \"[::1]:53\""};
  }
  const Result<IpAddress> address = address_value(bracketed ? text.substr(1, colon - 2) : text.substr(0, colon));
  if (!address) return address.failure();
  if (bracketed != (address->family() == Family::ipv6)) {
    return Failure{"brackets are for IPv6 addresses, and those need them: 127.0.0.1:53 or \"[::1]:53\""};
  }
  const Result<uint64_t> port = number_value(text.substr(colon + 1), 1, 65535);
  if (!port) return Failure{"port " + port.failure().message, colon + 1};
  return Endpoint{*address, static_cast<uint16_t>(*port)};
}

Result<std::string> identifier_value(std::string_view text) {
  const bool good = std::all_of(text.begin(), text.end(), [](char c) {
    const char lower = ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
  if (good && !text.empty() && text.size() <= 63) return std::string(text);
  return Failure{quoted(text) + " is not a name of 1 to 63 letters, digits, '-', '_' or '.'"};
}

Result<std::string> text_value(std::string_view text) {
  const auto control = std::find_if(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
  if (control != text.end()) return Failure{"a control character in " + quoted(text)};
  if (text.empty() || text.size() > 255) return Failure{quoted(text) + " is not a text of 1 to 255 octets"};
  return std::string(text);
}

Result<std::string> path_value(std::string_view text, std::string_view file) {
  if (text.empty() || text.find('\0') != std::string_view::npos) return Failure{quoted(text) + " is not a path"};
  if (text.starts_with('/')) return std::string(text);
  return std::string(file.substr(0, file.rfind('/') + 1)).append(text);
}

Result<std::string> base_url_value(std::string_view text) {
  constexpr size_t longest = 200;  // in a string of a TXT record there is more beside it
  constexpr std::string_view in_host = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]";
  constexpr std::string_view in_path = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%";
  const std::string shown = quoted(text);
  const size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return Failure{shown + " does not begin with https:// or http://"};
  if (text.size() > longest) return Failure{"longer than " + std::to_string(longest) + " octets"};
  if (text.ends_with('/')) return Failure{shown + " ends with '/', where paths are appended; leave it out"};
  const std::string_view host = text.substr(scheme, text.find('/', scheme) - scheme);
  if (host.empty() || host[0] == ':' || host.find_first_not_of(in_host) != std::string_view::npos)
    return Failure{shown + " has no host, as in https://feed.example.com"};
  if (text.substr(scheme + host.size()).find_first_not_of(in_path) != std::string_view::npos)
    return Failure{shown + " has more than a host and a path: no query, no fragment, no spaces"};
  return std::string(text);
}

Result<size_t> word_value(std::string_view text, const std::vector<std::string_view>& words) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) return static_cast<size_t>(found - words.begin());
  std::string known;
  for (const std::string_view word : words) known.append(known.empty() ? "" : ", ").append(word);
  std::string message = quoted(text) + " is not one of " + known;
  if (const std::string_view near = closest(text, words); !near.empty()) {
    message.append("; did you mean '").append(near).append("'?");
  }
  return Failure{std::move(message)};
}

}  // namespace dnsd
