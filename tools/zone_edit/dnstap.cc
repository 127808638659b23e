#include "tools/zone_edit/dnstap.h"

#include <fstrm.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "dnsd/answer/query.h"

namespace dnsd {
namespace {

constexpr std::string_view content_type = "protobuf:dnstap.Dnstap";
constexpr uint32_t control_start = 2;

// Message.Type of dnstap.proto.
enum : uint64_t { auth_query = 1, auth_response = 2, client_query = 5, client_response = 6 };

bool is_query(uint64_t type) { return type == auth_query || type == client_query; }
bool is_response(uint64_t type) { return type == auth_response || type == client_response; }

// ---- protocol buffers: a message is a row of fields, each a key and a value ------------------------------------

struct Field {
  uint32_t number = 0;
  uint64_t value = 0;  // of numbers
  Bytes octets;        // of strings, octets and messages
};

class FieldReader {
 public:
  explicit FieldReader(Bytes message) : in_(message) {}

  bool more() const { return in_.ok() && in_.remaining() > 0; }
  // Whether all fields had their form.
  bool ok() const { return ok_ && in_.ok(); }

  Field next() {
    Field field;
    const uint64_t key = varint();
    field.number = static_cast<uint32_t>(key >> 3);
    switch (key & 7) {
      case 0: field.value = varint(); break;
      case 1: in_.skip(8); break;
      case 2: {
        const uint64_t size = varint();
        if (size <= in_.remaining())
          field.octets = in_.bytes(size);
        else
          fail();
        break;
      }
      case 5: in_.skip(4); break;
      default: fail();  // groups are not in use
    }
    if (key >> 3 == 0 || key >> 3 > UINT32_MAX >> 3) fail();
    return field;
  }

 private:
  // Seven bits an octet, the lowest first; the last one has its upper bit clear.
  uint64_t varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const uint8_t octet = in_.u8();
      value |= uint64_t{octet & 0x7fu} << shift;
      if (octet < 0x80) return value;
    }
    fail();
    return 0;
  }
  void fail() {
    ok_ = false;
    in_.skip(in_.remaining());
  }

  ByteReader in_;
  bool ok_ = true;
};

bool read_message_fields(Bytes octets, DnstapMessage& message) {
  FieldReader reader(octets);
  while (reader.more()) {
    const Field field = reader.next();
    switch (field.number) {
      case 1: message.type = field.value; break;
      case 4: message.query_address = field.octets; break;
      case 8: message.query_time = field.value; break;
      case 10: message.query_message = field.octets; break;
      default: break;
    }
  }
  return reader.ok();
}

// ---- frames ------------------------------------------------------------------------------------------------------

// Octets in memory as libfstrm reads them.
fstrm_res read_memory(void* object, void* data, size_t count) {
  Bytes& left = *static_cast<Bytes*>(object);
  if (left.size() < count) return fstrm_res_failure;
  std::memcpy(data, left.data(), count);
  left = left.subspan(count);
  return fstrm_res_success;
}

fstrm_res do_nothing(void*) { return fstrm_res_success; }

class Frames {
 public:
  explicit Frames(Bytes content) : left_(content) {
    fstrm_reader_options* options = fstrm_reader_options_init();
    fstrm_reader_options_add_content_type(options, reinterpret_cast<const uint8_t*>(content_type.data()),
                                          content_type.size());
    fstrm_rdwr* memory = fstrm_rdwr_init(&left_);
    fstrm_rdwr_set_open(memory, do_nothing);
    fstrm_rdwr_set_close(memory, do_nothing);
    fstrm_rdwr_set_read(memory, read_memory);
    reader_ = fstrm_reader_init(options, &memory);
    fstrm_reader_options_destroy(&options);
    if (!reader_ || fstrm_reader_open(reader_) != fstrm_res_success)
      defect_ = "it is not a stream of dnstap messages";
  }
  ~Frames() { fstrm_reader_destroy(&reader_); }
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;

  bool next(Bytes& frame) {
    if (!defect_.empty()) return false;
    const uint8_t* data = nullptr;
    size_t size = 0;
    const fstrm_res result = fstrm_reader_read(reader_, &data, &size);
    if (result == fstrm_res_failure)
      defect_ = left_.empty() ? "the file ends without a STOP frame" : "it is cut off, or a frame is too long";
    frame = {data, result == fstrm_res_success ? size : 0};
    return result == fstrm_res_success;
  }
  // Why the last next() was false, where that is no end as it should be.
  std::string_view defect() const { return defect_; }

 private:
  Bytes left_;
  fstrm_reader* reader_ = nullptr;
  std::string_view defect_;
};

// ---- from messages to queries ------------------------------------------------------------------------------------

std::optional<IpAddress> address_of(Bytes octets) {
  if (octets.size() == 4) return IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
  if (octets.size() != 16) return std::nullopt;
  std::array<uint8_t, 16> all{};
  std::ranges::copy(octets, all.begin());
  return IpAddress::v6(all).unmapped();
}

// What is wrong with it; empty: nothing.
std::string_view take_message(const DnstapMessage& message, const TakeQuery& take) {
  if (message.query_message.empty()) return "a message without the query";
  const std::optional<IpAddress> source = address_of(message.query_address);
  if (!source) return "a message without the query's address";
  if (message.query_time > static_cast<uint64_t>(Instant::far_future().seconds)) return "a time beyond the year 9999";
  Query query;
  if (read_query(message.query_message, query) != Verdict::answer) return "a query that is malformed";
  take({Instant{static_cast<int64_t>(message.query_time)}, *source,
        message.query_message.subspan(header_size, query.name.size()), query.type, query.edns.client_subnet});
  return {};
}

bool has_queries(Bytes content) {
  Frames frames(content);
  for (Bytes frame; frames.next(frame);)
    if (const auto message = read_dnstap_message(frame); message && is_query(message->type)) return true;
  return false;
}

}  // namespace

bool is_frame_stream(Bytes content) {
  return content.size() >= 12 && load32(content.data()) == 0 && load32(&content[8]) == control_start;
}

std::optional<DnstapMessage> read_dnstap_message(Bytes frame) {
  DnstapMessage message;
  bool found = false;
  FieldReader reader(frame);
  while (reader.more()) {
    const Field field = reader.next();
    if (field.number != 14) continue;  // Dnstap.message
    found = true;
    if (!read_message_fields(field.octets, message)) return std::nullopt;
  }
  if (!found || !reader.ok()) return std::nullopt;
  return message;
}

QueryLogSummary read_dnstap_log(Bytes content, const std::string& file, const TakeQuery& take) {
  QueryLogSummary summary;
  const auto defect = [&](uint64_t number, std::string_view what) {
    if (++summary.defects <= most_defects_named)
      summary.first_defects.push_back(file + ":" + std::to_string(number) + ": " + std::string(what));
  };
  const bool from_queries = has_queries(content);
  Frames frames(content);
  uint64_t number = 0;
  for (Bytes frame; frames.next(frame);) {
    ++number;
    const std::optional<DnstapMessage> message = read_dnstap_message(frame);
    if (!message) {
      defect(number, "a frame that is not a dnstap message");
    } else if (from_queries ? is_query(message->type) : is_response(message->type)) {
      const std::string_view wrong = take_message(*message, take);
      if (wrong.empty())
        ++summary.queries;
      else
        defect(number, wrong);
    } else {
      ++summary.other_messages;
    }
  }
  if (!frames.defect().empty()) defect(number + 1, frames.defect());
  return summary;
}

}  // namespace dnsd
