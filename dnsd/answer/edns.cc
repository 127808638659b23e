#include "dnsd/answer/edns.h"

#include <algorithm>
#include <cstring>

#include "dnsd/answer/client_subnet.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

namespace option {
constexpr uint16_t NSID = 3, CLIENT_SUBNET = 8, EXPIRE = 9, COOKIE = 10, KEEPALIVE = 11, PADDING = 12,
                   EXTENDED_ERROR = 15;
}

constexpr size_t record_head = 11;  // owner to RDLENGTH
constexpr size_t option_head = 4;   // code and length

// Encrypted responses are padded to multiples of this, so that their length tells little (RFC 8467 4.1).
constexpr size_t padding_block = 468;

// One option; false where it is malformed. Of an option that stands more than once the first counts (RFC 7873 5.2).
bool read_option(uint16_t code, Bytes data, Edns& edns) {
  switch (code) {
    case option::NSID: edns.wants_nsid = true; return true;
    case option::EXPIRE: edns.wants_expire = true; return true;
    case option::KEEPALIVE: edns.wants_keepalive = true; return true;
    case option::PADDING: edns.wants_padding = true; return true;
    case option::COOKIE:
      if (!is_cookie_size(data.size())) return false;
      if (edns.cookie.empty()) edns.cookie = data;
      return true;
    case option::CLIENT_SUBNET:
      // Who does not use the option does not mind its form either: that is known only later.
      if (!is_client_subnet(data)) edns.bad_client_subnet = true;
      else if (edns.client_subnet.empty()) edns.client_subnet = data;
      return true;
    default: return true;
  }
}

// Writes options one after the other. The room has been looked after.
class OptionWriter {
 public:
  explicit OptionWriter(uint8_t* at) : at_(at) {}

  // Where the data goes.
  uint8_t* add(uint16_t code, size_t size) {
    store16(at_, code);
    store16(at_ + 2, static_cast<uint16_t>(size));
    uint8_t* data = at_ + option_head;
    at_ = data + size;
    return data;
  }
  void add(uint16_t code, const void* data, size_t size) { std::memcpy(add(code, size), data, size); }
  const uint8_t* end() const { return at_; }

 private:
  uint8_t* at_;
};

}  // namespace

OptionsForm read_options(Bytes rdata, Edns& edns) {
  OptionsForm form = OptionsForm::good;
  ByteReader in(rdata);
  while (in.remaining() > 0) {
    const uint16_t code = in.u16();
    const Bytes data = in.bytes(in.u16());
    if (!in.ok()) return OptionsForm::bad_record;
    if (!read_option(code, data, edns)) form = OptionsForm::bad_option;
  }
  return form;
}

ResponseOpt::ResponseOpt(const Edns& query, const Client& client, const ServerSettings& settings, Instant now)
    : query_(query),
      settings_(settings),
      idle_timeout_(query.wants_keepalive && client.transport != Transport::udp ? client.idle_timeout : uint16_t{0}),
      pads_(query.wants_padding && client.transport == Transport::tls) {
  if (!query.present) return;
  reserved_ = record_head;
  if (query.wants_nsid && !settings.identity.id.empty()) reserved_ += option_head + settings.identity.id.size();
  if (query.wants_expire) reserved_ += option_head + 4;
  if (idle_timeout_ > 0) reserved_ += option_head + 2;
  if (!query.client_subnet.empty()) reserved_ += option_head + query.client_subnet.size();
  if (!query.cookie.empty() && settings.cookies.policy != CookiePolicy::off) {
    reserved_ += option_head + cookie_size;
    const CookieAnswer answer = answer_cookie(query.cookie, client.source, settings.cookies.secrets, now);
    cookie_state_ = answer.state;
    cookie_ = answer.cookie;
  }
}

//   00 | 0029 | payload | upper RCODE | version 0 | DO and 0s | RDLENGTH | options        (RFC 6891 6.1.2)
size_t ResponseOpt::write(uint8_t* message, size_t size, size_t limit, Rcode rcode) const {
  uint8_t* record = message + size;
  record[0] = 0;
  store16(record + 1, rr_type::OPT);
  store16(record + 3, static_cast<uint16_t>(settings_.udp_response_limit));
  store32(record + 5, static_cast<uint32_t>(rcode) >> 4 << 24 | (query_.dnssec_ok ? 0x8000u : 0u));
  OptionWriter options(record + record_head);
  const std::string& id = settings_.identity.id;
  if (query_.wants_nsid && !id.empty()) options.add(option::NSID, id.data(), id.size());
  if (!query_.client_subnet.empty()) {
    uint8_t* subnet = options.add(option::CLIENT_SUBNET, query_.client_subnet.size());
    std::memcpy(subnet, query_.client_subnet.data(), query_.client_subnet.size());
    subnet[client_subnet_scope_at] = scope_;
  }
  if (expire_) store32(options.add(option::EXPIRE, 4), *expire_);
  if (cookie_state_ != CookieState::none) options.add(option::COOKIE, cookie_.data(), cookie_.size());
  if (idle_timeout_ > 0) store16(options.add(option::KEEPALIVE, 2), idle_timeout_);
  const auto left = [&] { return limit - static_cast<size_t>(options.end() - message); };
  if (error_ != ExtendedError::none && left() >= option_head + 2) {
    const size_t text = left() >= option_head + 2 + error_text_.size() ? error_text_.size() : 0;
    uint8_t* data = options.add(option::EXTENDED_ERROR, 2 + text);
    store16(data, static_cast<uint16_t>(error_));
    if (text > 0) std::memcpy(data + 2, error_text_.data(), text);
  }
  if (pads_ && left() >= option_head) {
    const size_t bare = limit - left() + option_head;
    const size_t padding = std::min((padding_block - bare % padding_block) % padding_block, left() - option_head);
    std::memset(options.add(option::PADDING, padding), 0, padding);
  }
  const auto end = static_cast<size_t>(options.end() - record);
  store16(record + record_head - 2, static_cast<uint16_t>(end - record_head));
  return end;
}

}  // namespace dnsd
