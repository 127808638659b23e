#include "zones/svcb_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/ip_address.h"
#include "base/text.h"
#include "zones/base64.h"
#include "zones/char_string.h"
#include "zones/name.h"

namespace dnsd {
namespace {

using Octets = std::vector<uint8_t>;

// How a value looks in text.
enum class ValueForm : uint8_t { keys, protocols, none, number, ipv4, ipv6, base64, groups, octets };

struct Key {
  std::string_view name;
  ValueForm form;
};

// By number (RFC 9460 14.3.2; RFC 9461, 9540, 9848 and draft-ietf-tls-key-share-prediction).
constexpr Key keys[] = {
    {"mandatory", ValueForm::keys},       {"alpn", ValueForm::protocols},
    {"no-default-alpn", ValueForm::none}, {"port", ValueForm::number},
    {"ipv4hint", ValueForm::ipv4},        {"ech", ValueForm::base64},
    {"ipv6hint", ValueForm::ipv6},        {"dohpath", ValueForm::octets},
    {"ohttp", ValueForm::none},           {"tls-supported-groups", ValueForm::groups},
};

// "alpn", or "key1": then the value is octets.
std::optional<uint16_t> parse_key(std::string_view text, ValueForm& form) {
  for (uint16_t number = 0; number < std::size(keys); ++number) {
    if (!equal_ignoring_case(keys[number].name, text)) continue;
    form = keys[number].form;
    return number;
  }
  form = ValueForm::octets;
  if (!equal_ignoring_case(text.substr(0, 3), "key")) return std::nullopt;
  const auto number = parse_decimal(text.substr(3), UINT16_MAX);
  return number ? std::optional(static_cast<uint16_t>(*number)) : std::nullopt;
}

void append16(uint16_t number, Octets& out) {
  out.push_back(static_cast<uint8_t>(number >> 8));
  out.push_back(static_cast<uint8_t>(number));
}

// The items of a list with commas, \ before a comma or \ undone (RFC 9460 A.1).
std::vector<std::string> list_items(std::string_view value) {
  std::vector<std::string> items(1);
  for (size_t at = 0; at < value.size(); ++at) {
    if (value[at] == ',') {
      items.emplace_back();
    } else {
      if (value[at] == '\\' && at + 1 < value.size()) ++at;
      items.back() += value[at];
    }
  }
  return items;
}

bool append_addresses(std::string_view value, Family family, Octets& out) {
  for (const std::string& item : list_items(value)) {
    const Result<IpAddress> address = IpAddress::parse(item);
    if (!address || address->family() != family) return false;
    out.insert(out.end(), address->octets().begin(), address->octets().end());
  }
  return true;
}

bool append_protocols(std::string_view value, Octets& out) {
  for (const std::string& item : list_items(value)) {
    if (item.empty() || item.size() > 255) return false;
    out.push_back(static_cast<uint8_t>(item.size()));
    out.insert(out.end(), item.begin(), item.end());
  }
  return true;
}

bool append_keys(std::string_view value, Octets& out) {
  std::vector<uint16_t> listed;
  for (const std::string& item : list_items(value)) {
    ValueForm form;
    const auto key = parse_key(item, form);
    if (!key || std::ranges::find(listed, *key) != listed.end()) return false;
    listed.push_back(*key);
  }
  std::ranges::sort(listed);
  for (const uint16_t key : listed) append16(key, out);
  return true;
}

bool append_groups(std::string_view value, Octets& out) {
  for (const std::string& item : list_items(value)) {
    const auto number = parse_decimal(item, UINT16_MAX);
    if (!number) return false;
    append16(static_cast<uint16_t>(*number), out);
  }
  return true;
}

bool append_value(ValueForm form, std::string_view value, Octets& out) {
  switch (form) {
    case ValueForm::keys: return append_keys(value, out);
    case ValueForm::protocols: return append_protocols(value, out);
    case ValueForm::none: return value.empty();
    case ValueForm::groups: return append_groups(value, out);
    case ValueForm::ipv4: return append_addresses(value, Family::ipv4, out);
    case ValueForm::ipv6: return append_addresses(value, Family::ipv6, out);
    case ValueForm::number: {
      const auto number = parse_decimal(value, UINT16_MAX);
      if (number) append16(static_cast<uint16_t>(*number), out);
      return number.has_value();
    }
    case ValueForm::base64: {
      const auto octets = parse_base64(value);
      if (octets) out = *octets;
      return octets.has_value();
    }
    case ValueForm::octets: break;
  }
  out.assign(value.begin(), value.end());
  return true;
}

std::string addresses_text(Bytes value, Family family) {
  std::string text;
  const size_t size = address_bits(family) / 8;
  for (size_t at = 0; at + size <= value.size(); at += size) {
    std::array<uint8_t, 16> octets{};
    std::copy_n(value.begin() + static_cast<std::ptrdiff_t>(at), size, octets.begin());
    const IpAddress address =
        family == Family::ipv4 ? IpAddress::v4({octets[0], octets[1], octets[2], octets[3]}) : IpAddress::v6(octets);
    text += (text.empty() ? "" : ",") + to_text(address);
  }
  return text;
}

std::string protocols_text(Bytes value) {
  Octets list;
  for (size_t at = 0; at < value.size() && at + value[at] < value.size(); at += 1u + value[at]) {
    if (at > 0) list.push_back(',');
    for (const uint8_t octet : value.subspan(at + 1, value[at])) {
      if (octet == ',' || octet == '\\') list.push_back('\\');
      list.push_back(octet);
    }
  }
  return escaped_word(list);
}

std::string keys_text(Bytes value) {
  std::string text;
  for (size_t at = 0; at + 2 <= value.size(); at += 2) {
    text += (text.empty() ? "" : ",") + svc_key_text(load16(&value[at]));
  }
  return text;
}

std::string groups_text(Bytes value) {
  std::string text;
  for (size_t at = 0; at + 2 <= value.size(); at += 2)
    text += (text.empty() ? "" : ",") + std::to_string(load16(&value[at]));
  return text;
}

std::string value_text(uint16_t key, Bytes value) {
  switch (key < std::size(keys) ? keys[key].form : ValueForm::octets) {
    case ValueForm::keys: return keys_text(value);
    case ValueForm::protocols: return protocols_text(value);
    case ValueForm::none: return "";
    case ValueForm::number: return value.size() == 2 ? std::to_string(load16(value.data())) : "";
    case ValueForm::groups: return groups_text(value);
    case ValueForm::ipv4: return addresses_text(value, Family::ipv4);
    case ValueForm::ipv6: return addresses_text(value, Family::ipv6);
    case ValueForm::base64: return base64_text(value);
    case ValueForm::octets: break;
  }
  return escaped_word(value);
}

// One parameter at tokens[at], which it moves beyond.
Status read_param(std::span<const Token> tokens, size_t& at, std::map<uint16_t, Octets>& params) {
  const Token& token = tokens[at++];
  const size_t equals = token.text.find('=');
  const std::string_view name = token.text.substr(0, equals);
  ValueForm form;
  const auto key = token.quoted ? std::nullopt : parse_key(name, form);
  if (!key) return Failure{"'" + printable(token.text) + "' is not a parameter; write key=\"value\"", token.offset};
  const bool has_value = equals != std::string_view::npos;
  Token value{has_value ? token.text.substr(equals + 1) : "", token.offset, false};
  const bool quote_follows = has_value && value.text.empty() && at < tokens.size() && tokens[at].quoted &&
                             tokens[at].offset == token.offset + token.text.size();
  if (quote_follows) value = tokens[at++];
  Octets plain, wire;
  if (Status done = unescape_string(value, plain); !done) return done;
  const bool needed = form != ValueForm::none && form != ValueForm::octets;
  if ((needed && plain.empty()) || !append_value(form, std::string(plain.begin(), plain.end()), wire)) {
    return Failure{"a malformed or missing value of " + svc_key_text(*key), token.offset};
  }
  if (wire.size() > UINT16_MAX) return Failure{"a value of more than 65535 octets", token.offset};
  if (params.emplace(*key, std::move(wire)).second) return Done{};
  return Failure{svc_key_text(*key) + " a second time", token.offset};
}

}  // namespace

std::string svc_key_text(uint16_t key) {
  return key < std::size(keys) ? std::string(keys[key].name) : "key" + std::to_string(key);
}

Status append_svc_params(std::span<const Token> tokens, std::vector<uint8_t>& rdata) {
  std::map<uint16_t, Octets> params;
  for (size_t at = 0; at < tokens.size();)
    if (Status done = read_param(tokens, at, params); !done) return done;
  for (const auto& [key, value] : params) {
    append16(key, rdata);
    append16(static_cast<uint16_t>(value.size()), rdata);
    rdata.insert(rdata.end(), value.begin(), value.end());
  }
  return Done{};
}

std::optional<std::string> svc_params_text(Bytes params) {
  std::string text;
  ByteReader reader(params);
  while (reader.ok() && reader.remaining() > 0) {
    const uint16_t key = reader.u16();
    const Bytes value = reader.bytes(reader.u16());
    text.append(text.empty() ? "" : " ").append(svc_key_text(key));
    if (!value.empty()) text.append("=").append(value_text(key, value));
  }
  return reader.ok() ? std::optional(text) : std::nullopt;
}

}  // namespace dnsd
