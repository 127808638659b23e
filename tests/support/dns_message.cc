#include "dns_message.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "base/bytes.h"
#include "base/ip_address.h"
#include "zones/name.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd::testing {
namespace {

void put16(std::vector<uint8_t>& out, unsigned v) {
  out.push_back(static_cast<uint8_t>(v >> 8));
  out.push_back(static_cast<uint8_t>(v));
}

struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Expands the name at `at` and moves `at` behind it.
Name expand(Bytes message, size_t& at) {
  std::vector<uint8_t> wire;
  size_t from = at;
  bool jumped = false;
  for (int steps = 0;; ++steps) {
    if (from >= message.size() || steps > 200) throw Malformed("name");
    const uint8_t length = message[from];
    if ((length & 0xc0) == 0xc0) {
      if (from + 1 >= message.size()) throw Malformed("pointer");
      const size_t to = load16(&message[from]) & 0x3fff;
      if (to >= from) throw Malformed("pointer forward");
      if (!jumped) at = from + 2;
      jumped = true;
      from = to;
      continue;
    }
    if (length > 63 || from + 1 + length > message.size()) throw Malformed("label");
    wire.insert(wire.end(), &message[from], &message[from] + 1 + length);
    from += 1u + length;
    if (length == 0) break;
  }
  if (!jumped) at = from;
  if (wire.size() > max_name_octets) throw Malformed("long name");
  return Name(NameView(wire));
}

std::vector<uint8_t> expand_rdata(Bytes message, uint16_t type, size_t at, size_t size) {
  std::vector<uint8_t> out;
  const size_t end = at + size;
  const auto octets = [&](size_t n) {
    if (at + n > end) throw Malformed("rdata");
    out.insert(out.end(), &message[at], &message[at] + n);
    at += n;
  };
  const RrType* row = find_rr_type(type);
  if (row) {
    for (const RdataField field : row->rdata) {
      switch (field) {
        case RdataField::name_compressed:
        case RdataField::name: {
          const Name name = expand(message, at);
          out.insert(out.end(), name.view().wire().begin(), name.view().wire().end());
          break;
        }
        case RdataField::octets1: octets(1); break;
        case RdataField::octets2: octets(2); break;
        case RdataField::octets4: octets(4); break;
        case RdataField::octets16: octets(16); break;
        case RdataField::string: octets(at < end ? 1u + message[at] : 1); break;
        case RdataField::rest: octets(end - at); break;
      }
    }
  } else {
    octets(size);
  }
  if (at != end) throw Malformed("rdata length");
  return out;
}

void read_options(Bytes rdata, Message& out) {
  ByteReader in(rdata);
  while (in.remaining() > 0) {
    const uint16_t code = in.u16();
    const Bytes data = in.bytes(in.u16());
    if (!in.ok()) throw Malformed("option");
    out.options.push_back({code, {data.begin(), data.end()}});
  }
}

// "ede=20", with its text where it has one; other options as octets.
// " ecs=192.0.2.0/24 scope=20" (RFC 7871 6); empty where the option has another form.
std::string client_subnet_text(const std::vector<uint8_t>& data) {
  if (data.size() < 4 || data[0] != 0 || data[1] < 1 || data[1] > 2) return {};
  std::array<uint8_t, 16> octets{};
  if (data.size() - 4 > (data[1] == 1 ? 4u : 16u)) return {};
  std::copy(data.begin() + 4, data.end(), octets.begin());
  const IpAddress address =
      data[1] == 2 ? IpAddress::v6(octets) : IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
  return " ecs=" + dnsd::to_text(address) + "/" + std::to_string(data[2]) + " scope=" + std::to_string(data[3]);
}

std::string to_text(const EdnsOption& option) {
  constexpr uint16_t client_subnet = 8, extended_error = 15;
  if (option.code == client_subnet)
    if (const std::string text = client_subnet_text(option.data); !text.empty()) return text;
  if (option.code == extended_error && option.data.size() >= 2) {
    const std::string text(option.data.begin() + 2, option.data.end());
    return " ede=" + std::to_string(load16(option.data.data())) + (text.empty() ? "" : "(" + text + ")");
  }
  std::string out = " option" + std::to_string(option.code) + "=";
  for (const uint8_t octet : option.data) {
    out += "0123456789abcdef"[octet >> 4];
    out += "0123456789abcdef"[octet & 15];
  }
  return out;
}

void read_record(Bytes message, size_t& at, Message& out, std::vector<std::string>& section) {
  const Name owner = expand(message, at);
  if (at + 10 > message.size()) throw Malformed("record");
  const uint16_t type = load16(&message[at]), klass = load16(&message[at + 2]), size = load16(&message[at + 8]);
  const uint32_t ttl = load32(&message[at + 4]);
  at += 10;
  if (at + size > message.size()) throw Malformed("record length");
  if (type == rr_type::OPT) {
    out.edns = true;
    out.edns_payload = klass;
    out.dnssec_ok = ttl & 0x8000;
    out.rcode |= ttl >> 24 << 4;
    read_options(message.subspan(at, size), out);
  } else {
    const std::vector<uint8_t> rdata = expand_rdata(message, type, at, size);
    section.push_back(dnsd::to_text(owner) + " " + std::to_string(ttl) + " " + class_text(klass) + " " +
                      type_text(type) + " " + rdata_to_text(type, rdata));
  }
  at += size;
}

}  // namespace

std::vector<uint8_t> make_query(const QueryWords& words) {
  std::vector<uint8_t> out;
  for (const unsigned v : {unsigned{words.id}, unsigned{words.flags}, 1u, 0u, 0u, words.edns_payload >= 0 ? 1u : 0u})
    put16(out, v);
  const Name name = *Name::parse(words.name);
  out.insert(out.end(), name.view().wire().begin(), name.view().wire().end());
  put16(out, *parse_type(words.type));
  put16(out, words.klass);
  if (words.edns_payload >= 0) {
    out.push_back(0);
    put16(out, rr_type::OPT);
    put16(out, static_cast<unsigned>(words.edns_payload));
    out.push_back(0);
    out.push_back(words.edns_version);
    put16(out, words.dnssec_ok ? 0x8000 : 0);
    size_t size = 0;
    for (const EdnsOption& option : words.options) size += 4 + option.data.size();
    put16(out, static_cast<unsigned>(size));
    for (const EdnsOption& option : words.options) {
      put16(out, option.code);
      put16(out, static_cast<unsigned>(option.data.size()));
      out.insert(out.end(), option.data.begin(), option.data.end());
    }
  }
  return out;
}

const EdnsOption* Message::option(uint16_t code) const {
  for (const EdnsOption& option : options)
    if (option.code == code) return &option;
  return nullptr;
}

Message read_message(Bytes octets) {
  Message m;
  m.size = octets.size();
  if (octets.size() < 12) return m;
  m.id = load16(&octets[0]);
  m.flags = load16(&octets[2]);
  m.rcode = m.flags & 15;
  m.aa = m.flags & 0x0400;
  m.tc = m.flags & 0x0200;
  try {
    size_t at = 12;
    for (unsigned n = load16(&octets[4]); n > 0; --n) {
      const Name name = expand(octets, at);
      if (at + 4 > octets.size()) throw Malformed("question");
      m.question.push_back(dnsd::to_text(name) + " " + class_text(load16(&octets[at + 2])) + " " +
                           type_text(load16(&octets[at])));
      at += 4;
    }
    std::vector<std::string>* sections[] = {&m.answer, &m.authority, &m.additional};
    for (unsigned s = 0; s < 3; ++s)
      for (unsigned n = load16(&octets[6 + 2 * s]); n > 0; --n) read_record(octets, at, m, *sections[s]);
    m.well_formed = at == octets.size();
  } catch (const Malformed&) {
    m.well_formed = false;
  }
  return m;
}

std::string rcode_text(unsigned rcode) {
  static const std::map<unsigned, std::string> names = {{0, "NOERROR"}, {1, "FORMERR"}, {2, "SERVFAIL"},
                                                        {3, "NXDOMAIN"}, {4, "NOTIMP"}, {5, "REFUSED"},
                                                        {6, "YXDOMAIN"}, {9, "NOTAUTH"}, {16, "BADVERS"},
                                                        {23, "BADCOOKIE"}};
  const auto name = names.find(rcode);
  return name == names.end() ? "RCODE" + std::to_string(rcode) : name->second;
}

std::string to_text(const Message& m) {
  std::string text = rcode_text(m.rcode);
  if (m.aa) text += " aa";
  if (m.tc) text += " tc";
  if (m.edns) text += " edns=" + std::to_string(m.edns_payload);
  if (m.dnssec_ok) text += " do";
  for (const EdnsOption& option : m.options) text += to_text(option);
  if (!m.well_formed) text += " MALFORMED";
  text += "\n";
  const std::pair<const char*, const std::vector<std::string>*> sections[] = {
      {"answer", &m.answer}, {"authority", &m.authority}, {"additional", &m.additional}};
  for (const auto& [title, records] : sections) {
    if (records->empty()) continue;
    text += std::string(title) + ":\n";
    for (const std::string& record : *records) text += "  " + record + "\n";
  }
  return text;
}

}  // namespace dnsd::testing
