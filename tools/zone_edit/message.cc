#include "tools/zone_edit/message.h"

#include <array>
#include <string_view>
#include <utility>

#include "tools/zone_edit/table.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr uint16_t edns_payload = 1232;
constexpr uint16_t client_subnet_option = 8;

constexpr std::array<std::string_view, 3> section_names = {"answer", "authority", "additional"};

// Reads names, following compression pointers (RFC 1035 4.1.4); these may only point backwards, so every walk ends.
class MessageReader {
 public:
  explicit MessageReader(Bytes message) : message_(message), in_(message) {}

  ByteReader& in() { return in_; }

  std::optional<Name> name() {
    std::array<uint8_t, max_name_octets> wire{};
    ByteWriter out(wire);
    if (!labels(in_, out) || !out.ok() || wire_name_length(out.written()) != out.size()) return std::nullopt;
    return Name(NameView(out.written()));
  }

  bool rdata(uint16_t type, size_t size, std::vector<uint8_t>& out) {
    const size_t end = in_.position() + size;
    if (size > in_.remaining()) return false;
    if (const RrType* row = find_rr_type(type)) {
      for (const RdataField field : row->rdata)
        if (in_.position() < end && !read_field(field, end, out)) return false;
    }
    if (in_.position() > end) return false;
    append(in_.bytes(end - in_.position()), out);
    return in_.ok();
  }

 private:
  static void append(Bytes octets, std::vector<uint8_t>& out) { out.insert(out.end(), octets.begin(), octets.end()); }

  bool labels(ByteReader& in, ByteWriter& out) {
    for (size_t limit = in.position();;) {
      const uint8_t length = in.u8();
      if (!in.ok()) return false;
      if (length >= 0xc0) {
        const size_t target = (length & 0x3fu) << 8 | in.u8();
        if (!in.ok() || target >= limit) return false;
        ByteReader there(message_.first(limit));
        there.skip(target);
        return labels(there, out);
      }
      if (length > max_label_octets) return false;
      out.u8(length);
      out.bytes(in.bytes(length));
      if (!in.ok() || !out.ok()) return false;
      if (length == 0) return true;
    }
  }

  bool read_field(RdataField field, size_t end, std::vector<uint8_t>& out) {
    switch (field) {
      case RdataField::name_compressed:
      case RdataField::name: {
        const std::optional<Name> found = name();
        if (found) append(found->view().wire(), out);
        return found.has_value();
      }
      case RdataField::octets1: append(in_.bytes(1), out); break;
      case RdataField::octets2: append(in_.bytes(2), out); break;
      case RdataField::octets4: append(in_.bytes(4), out); break;
      case RdataField::octets16: append(in_.bytes(16), out); break;
      case RdataField::string: {
        const uint8_t length = in_.u8();
        out.push_back(length);
        append(in_.bytes(length), out);
        break;
      }
      case RdataField::rest: append(in_.bytes(end - in_.position()), out); break;
    }
    return in_.ok();
  }

  Bytes message_;
  ByteReader in_;
};

bool read_record(MessageReader& reader, MessageRecord& record) {
  const std::optional<Name> owner = reader.name();
  if (!owner) return false;
  record.owner = *owner;
  record.type = reader.in().u16();
  record.klass = reader.in().u16();
  record.ttl = reader.in().u32();
  const uint16_t size = reader.in().u16();
  return reader.in().ok() && reader.rdata(record.type, size, record.rdata);
}

// The SCOPE PREFIX-LENGTH (RFC 7871 6) among the options of an OPT record.
std::optional<uint8_t> scope_in(Bytes options) {
  for (ByteReader in(options); in.remaining() > 0;) {
    const uint16_t code = in.u16();
    const Bytes data = in.bytes(in.u16());
    if (!in.ok()) return std::nullopt;
    if (code == client_subnet_option && data.size() >= 4) return data[3];
  }
  return std::nullopt;
}

}  // namespace

std::vector<uint8_t> make_query(NameView name, uint16_t type, const std::optional<IpPrefix>& client_subnet) {
  const size_t address = client_subnet ? (client_subnet->length() + 7) / 8 : 0;
  const size_t option = client_subnet ? 4 + 4 + address : 0;
  std::vector<uint8_t> query(12 + name.size() + 4 + 11 + option);
  ByteWriter out(query);
  out.u16(0);
  out.u16(0);
  for (const bool one : {true, false, false, true}) out.u16(one);  // a question and the OPT record
  out.bytes(name.wire());
  out.u16(type);
  out.u16(rr_class::IN);
  out.u8(0);  // the OPT record, RFC 6891 6.1.2
  out.u16(rr_type::OPT);
  out.u16(edns_payload);
  out.u32(0);
  out.u16(static_cast<uint16_t>(option));
  if (client_subnet) {
    out.u16(client_subnet_option);
    out.u16(static_cast<uint16_t>(4 + address));
    out.u16(client_subnet->family() == Family::ipv4 ? 1 : 2);
    out.u8(static_cast<uint8_t>(client_subnet->length()));
    out.u8(0);
    out.bytes(client_subnet->address().octets().first(address));
  }
  return query;
}

std::optional<Message> read_message(Bytes octets) {
  MessageReader reader(octets);
  ByteReader& in = reader.in();
  Message message;
  message.octets = octets.size();
  in.u16();
  message.flags = in.u16();
  message.rcode = message.flags & 0xf;
  std::array<uint16_t, 4> counts{};
  for (uint16_t& count : counts) count = in.u16();
  if (!in.ok() || counts[0] > 1) return std::nullopt;
  if (counts[0] == 1) {
    const std::optional<Name> question = reader.name();
    if (!question) return std::nullopt;
    message.question = *question;
    message.question_type = in.u16();
    in.u16();
  }
  for (size_t section = 0; section < 3; ++section) {
    for (uint16_t i = 0; i < counts[section + 1]; ++i) {
      MessageRecord record;
      if (!read_record(reader, record)) return std::nullopt;
      if (record.type == rr_type::OPT) {
        message.rcode = static_cast<uint16_t>(message.rcode | (record.ttl >> 24) << 4);
        message.client_subnet_scope = scope_in(record.rdata);
      } else {
        message.sections[section].push_back(std::move(record));
      }
    }
  }
  if (!in.ok() || in.remaining() > 0) return std::nullopt;
  return message;
}

std::string rcode_text(uint16_t rcode) {
  constexpr std::array<std::string_view, 11> names = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                                      "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                                      "NXRRSET", "NOTAUTH", "NOTZONE"};
  if (rcode < names.size()) return std::string(names[rcode]);
  return rcode == 16 ? "BADVERS" : "RCODE" + std::to_string(rcode);
}

std::vector<std::string> flag_texts(const Message& message) {
  constexpr std::array<std::pair<uint16_t, const char*>, 7> flags = {{{0x8000, "qr"},
                                                                      {0x0400, "aa"},
                                                                      {0x0200, "tc"},
                                                                      {0x0100, "rd"},
                                                                      {0x0080, "ra"},
                                                                      {0x0020, "ad"},
                                                                      {0x0010, "cd"}}};
  std::vector<std::string> texts;
  for (const auto& [bit, text] : flags)
    if (message.flags & bit) texts.emplace_back(text);
  return texts;
}

std::string record_text(const MessageRecord& record) {
  return to_text(record.owner) + " " + std::to_string(record.ttl) + " " + class_text(record.klass) + " " +
         type_text(record.type) + " " + rdata_to_text(record.type, record.rdata);
}

std::string to_text(const Message& message) {
  std::string text = rcode_text(message.rcode) + ", flags";
  for (const std::string& flag : flag_texts(message)) text += " " + flag;
  text += ", " + std::to_string(message.octets) + " octets";
  if (message.client_subnet_scope) text += ", client subnet scope /" + std::to_string(*message.client_subnet_scope);
  text += "\n";
  for (size_t i = 0; i < section_names.size(); ++i) {
    if (message.sections[i].empty()) continue;
    Table rows;
    for (const MessageRecord& r : message.sections[i]) {
      rows.add({to_text(r.owner), std::to_string(r.ttl), class_text(r.klass), type_text(r.type),
                rdata_to_text(r.type, r.rdata)});
    }
    text += std::string(section_names[i]) + ":\n" + rows.to_text(2);
  }
  return text;
}

}  // namespace dnsd
