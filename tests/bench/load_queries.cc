#include "load_queries.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

namespace dnsd::bench {
namespace {

constexpr size_t longest_message = 2048;

void append16(Octets& to, size_t value) {
  to.resize(to.size() + 2);
  write16(&to[to.size() - 2], value);
}

uint16_t type_number(const std::string& name) {
  static const std::map<std::string, uint16_t> numbers = {
      {"A", 1},     {"NS", 2},   {"CNAME", 5}, {"SOA", 6},    {"MX", 15},
      {"TXT", 16},  {"AAAA", 28}, {"SRV", 33},  {"HTTPS", 65}, {"ANY", 255}};
  const auto found = numbers.find(name);
  if (found == numbers.end()) fail("unknown type " + name);
  return found->second;
}

std::string from_hex(std::string_view hex) {
  std::string octets;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    octets.push_back(static_cast<char>(value));
  }
  return octets;
}

int to_number(const std::string& text) {
  int value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) fail("no number: " + text);
  return value;
}

void append_name(Octets& message, const std::string& name) {
  std::istringstream labels(name);
  for (std::string label; std::getline(labels, label, '.');) {
    if (label.empty()) continue;
    message.push_back(static_cast<uint8_t>(label.size()));
    message.insert(message.end(), label.begin(), label.end());
  }
  message.push_back(0);
}

// The option with its code and length; "192.0.2.0/24".
Octets client_subnet(const std::string& prefix) {
  const size_t slash = prefix.find('/');
  if (slash == std::string::npos) fail("no prefix: " + prefix);
  const std::string address = prefix.substr(0, slash);
  const bool is_v6 = address.find(':') != std::string::npos;
  const auto bits = static_cast<size_t>(to_number(prefix.substr(slash + 1)));
  std::array<uint8_t, 16> octets{};
  if (inet_pton(is_v6 ? AF_INET6 : AF_INET, address.c_str(), octets.data()) != 1 || bits > (is_v6 ? 128 : 32))
    fail("no prefix: " + prefix);
  const size_t told = (bits + 7) / 8;
  Octets option;
  append16(option, 8);
  append16(option, 4 + told);
  append16(option, is_v6 ? 2 : 1);
  append16(option, bits << 8);
  option.insert(option.end(), octets.begin(), octets.begin() + static_cast<ptrdiff_t>(told));
  return option;
}

void append_opt(Octets& message, unsigned edns_size, const Octets& options) {
  message[11] = 1;
  message.push_back(0);
  append16(message, 41);
  append16(message, edns_size);
  message.insert(message.end(), 4, 0);
  append16(message, options.size());
  message.insert(message.end(), options.begin(), options.end());
}

// Where the name at `at` ends, or `end` where it does not.
size_t after_name(const uint8_t* message, size_t at, size_t end) {
  while (at < end && message[at] != 0) {
    if (message[at] >= 0xc0) return std::min(at + 2, end);
    at += 1u + message[at];
  }
  return std::min(at + 1, end);
}

// Whether each record of the answer section is allowed and no two are alike.
bool records_are_right(const Check& check, const uint8_t* message, size_t at, size_t size) {
  std::array<std::string_view, 64> seen;
  const unsigned count = read16(message + 6);
  for (unsigned i = 0; i < count; ++i) {
    at = after_name(message, at, size);
    if (at + 10 > size || i == seen.size()) return false;
    const size_t length = read16(message + at + 8);
    at += 10;
    if (at + length > size) return false;
    const std::string_view rdata(reinterpret_cast<const char*>(message + at), length);
    if (!check.allowed.contains(rdata) || std::find(seen.begin(), seen.begin() + i, rdata) != seen.begin() + i)
      return false;
    seen[i] = rdata;
    at += length;
  }
  return true;
}

}  // namespace

QueryList::QueryList(const std::string& path, unsigned edns_size, bool any_answer)
    : checks_(1), any_answer_(any_answer) {
  std::ifstream file(path);
  if (!file) fail("cannot open " + path);
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) add_line(line, edns_size);
  if (rows_.empty()) fail("no queries in " + path);
}

void QueryList::add_line(const std::string& line, unsigned edns_size) {
  std::istringstream words(line);
  std::string name, type;
  words >> name >> type;
  Octets message(header_octets, 0), options;
  Check check;
  size_t question_end = 0;
  if (name.starts_with("hex=")) {
    const std::string octets = from_hex(std::string_view(name).substr(4));
    message.assign(octets.begin(), octets.end());
    if (message.size() < 2) fail("a message has an ID: " + line);
  } else {
    message[5] = 1;
    append_name(message, name);
    append16(message, type_number(type));
    append16(message, 1);
    question_end = message.size();
  }
  for (std::string word; words >> word;) {
    if (word.starts_with("ecs=")) options = client_subnet(word.substr(4));
    else if (word.starts_with("rcode=")) check.rcode = to_number(word.substr(6));
    else if (check.count < 0) check.count = to_number(word), check.rcode = 0;
    else {
      std::istringstream values(word);
      for (std::string value; std::getline(values, value, ',');) check.allowed.insert(from_hex(value));
    }
  }
  if (edns_size > 0 && question_end > 0) append_opt(message, edns_size, options);
  if (message.size() > longest_message) fail("too long: " + line);
  const bool checked = check.rcode >= 0 || check.count >= 0;
  if (checked) {
    const Check& last = checks_.back();
    if (last.rcode != check.rcode || last.count != check.count || last.allowed != check.allowed)
      checks_.push_back(std::move(check));
  }
  rows_.push_back({static_cast<uint32_t>(octets_.size()), static_cast<uint16_t>(message.size()),
                   static_cast<uint16_t>(question_end), checked ? static_cast<uint32_t>(checks_.size() - 1) : 0});
  octets_.insert(octets_.end(), message.begin(), message.end());
}

bool QueryList::is_right(size_t i, const uint8_t* answer, size_t size) const {
  const Row& row = rows_[i];
  if (size < header_octets || (answer[2] & 0x80) == 0) return false;
  if (any_answer_ || row.question_end == 0) return true;
  if (size < row.question_end || (answer[2] & 0x02) != 0) return false;
  if (std::memcmp(answer + header_octets, message(i) + header_octets, row.question_end - header_octets) != 0)
    return false;
  const Check& check = checks_[row.check];
  if (check.rcode >= 0 && (answer[3] & 15) != check.rcode) return false;
  if (check.count >= 0 && read16(answer + 6) != check.count) return false;
  return check.allowed.empty() || records_are_right(check, answer, row.question_end, size);
}

}  // namespace dnsd::bench
