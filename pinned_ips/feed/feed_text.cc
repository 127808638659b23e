#include "pinned_ips/feed/feed_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/sha1.h"
#include "base/text.h"
#include "pinned_ips/feed/digest.h"

namespace dnsd {
namespace {

// RFC 9562 6.6: 6ba7b811-9dad-11d1-80b4-00c04fd430c8
constexpr unsigned char url_namespace[] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                           0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};

}  // namespace

std::string create_date(Instant instant) {
  std::string text = to_text(instant).substr(0, 19);
  std::ranges::replace(text, ':', '-');
  std::ranges::replace(text, 'T', '-');
  return text;
}

std::string_view family_name(Family family) { return family == Family::ipv4 ? "ipv4" : "ipv6"; }

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string name_uuid(std::string_view name) {
  std::vector<uint8_t> input(std::begin(url_namespace), std::end(url_namespace));
  input.insert(input.end(), name.begin(), name.end());
  auto digest = sha1(input);
  digest[6] = static_cast<uint8_t>((digest[6] & 0x0f) | 0x50);
  digest[8] = static_cast<uint8_t>((digest[8] & 0x3f) | 0x80);
  std::string text = hex(Bytes(digest).first(16));
  for (const size_t dash : {20u, 16u, 12u, 8u}) text.insert(dash, "-");
  return text;
}

std::string entry_uuid(const Promise& promise, std::string_view about) {
  return name_uuid("urn:ip-ranges:" + promise.id + " " + to_text(promise.cidr) + " " + to_text(promise.published_at) +
                   " " + std::string(about));
}

std::string filter_name(std::string_view set) {
  const char first = set.empty() ? '_' : ascii_lower(set.front());
  return (first >= 'a' && first <= 'z' ? "" : "_") + std::string(set);
}

std::string html_escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += c;
    }
  }
  return html;
}

}  // namespace dnsd
