#include "dnsd/answer/edns.h"

#include <algorithm>
#include <cstring>

#include "dnsd/answer/client_subnet.h"
#include "dnsd/answer/copy_octets.h"

namespace dnsd {
namespace {

namespace option {
constexpr uint16_t NSID = 3, CLIENT_SUBNET = 8, EXPIRE = 9, COOKIE = 10, KEEPALIVE = 11, PADDING = 12,
                   EXTENDED_ERROR = 15;
}

constexpr size_t option_head = 4;   // code and length

// Encrypted responses are padded to multiples of this, so that their length tells little (RFC 8467 4.1).
constexpr size_t padding_block = 468;

// One option; false where it is malformed. Of an option that stands more than once the first counts (RFC 7873 5.2).
bool read_option(uint16_t code, Bytes data, Edns& edns) {
  edns.has_options = true;
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

// The head of an option; the data goes behind it. The room has been looked after.
uint8_t* begin_option(uint8_t* at, uint16_t code, size_t size) {
  store16(at, code);
  store16(at + 2, static_cast<uint16_t>(size));
  return at + option_head;
}

uint8_t* add_option(uint8_t* at, uint16_t code, const void* data, size_t size) {
  std::memcpy(begin_option(at, code, size), data, size);
  return at + option_head + size;
}

}  // namespace

OptionsForm read_options(Bytes rdata, Edns& edns) {
  OptionsForm form = OptionsForm::good;
  while (!rdata.empty()) {
    if (rdata.size() < option_head) return OptionsForm::bad_record;
    const size_t size = load16(&rdata[2]);
    if (size > rdata.size() - option_head) return OptionsForm::bad_record;
    if (!read_option(load16(&rdata[0]), rdata.subspan(option_head, size), edns)) form = OptionsForm::bad_option;
    rdata = rdata.subspan(option_head + size);
  }
  return form;
}

void ResponseOpt::reserve_options(const Client& client, Instant now) {
  if (!query_.present) return;  // forgotten for a defect
  if (query_.wants_keepalive && client.transport != Transport::udp) idle_timeout_ = client.idle_timeout;
  pads_ = query_.wants_padding && client.transport == Transport::tls;
  if (query_.wants_nsid && !settings_.identity.id.empty()) reserved_ += option_head + settings_.identity.id.size();
  if (query_.wants_expire) reserved_ += option_head + 4;
  if (idle_timeout_ > 0) reserved_ += option_head + 2;
  if (!query_.client_subnet.empty()) reserved_ += option_head + query_.client_subnet.size();
  if (!query_.cookie.empty() && settings_.cookies.policy != CookiePolicy::off) {
    reserved_ += option_head + cookie_size;
    const CookieAnswer answer = answer_cookie(query_.cookie, client.source, settings_.cookies.secrets, now);
    cookie_state_ = answer.state;
    cookie_ = answer.cookie;
  }
}

// With RDLENGTH, behind the head of the record.
size_t ResponseOpt::write_options(uint8_t* message, size_t size, size_t limit) const {
  uint8_t* options = message + size + record_head;
  uint8_t* end = write_reserved(options);
  if (error_ != ExtendedError::none || pads_) end = write_last(end, message, limit);
  const auto octets = static_cast<size_t>(end - options);
  store16(options - 2, static_cast<uint16_t>(octets));
  return record_head + octets;
}

// Those whose room is reserved.
uint8_t* ResponseOpt::write_reserved(uint8_t* at) const {
  const std::string& id = settings_.identity.id;
  if (query_.wants_nsid && !id.empty()) at = add_option(at, option::NSID, id.data(), id.size());
  if (!query_.client_subnet.empty()) {
    const size_t size = query_.client_subnet.size();
    uint8_t* subnet = begin_option(at, option::CLIENT_SUBNET, size);
    copy_octets(subnet, query_.client_subnet.data(), size);
    subnet[client_subnet_scope_at] = scope_;
    at = subnet + size;
  }
  if (expire_) {
    store32(begin_option(at, option::EXPIRE, 4), *expire_);
    at += option_head + 4;
  }
  if (cookie_state_ != CookieState::none) at = add_option(at, option::COOKIE, cookie_.data(), cookie_.size());
  if (idle_timeout_ > 0) {
    store16(begin_option(at, option::KEEPALIVE, 2), idle_timeout_);
    at += option_head + 2;
  }
  return at;
}

// Those that take what is left.
uint8_t* ResponseOpt::write_last(uint8_t* at, uint8_t* message, size_t limit) const {
  const auto left = [&] { return limit - static_cast<size_t>(at - message); };
  if (error_ != ExtendedError::none && left() >= option_head + 2) {
    const size_t text = left() >= option_head + 2 + error_text_.size() ? error_text_.size() : 0;
    uint8_t* data = begin_option(at, option::EXTENDED_ERROR, 2 + text);
    store16(data, static_cast<uint16_t>(error_));
    if (text > 0) std::memcpy(data + 2, error_text_.data(), text);
    at = data + 2 + text;
  }
  if (pads_ && left() >= option_head) {
    const size_t bare = limit - left() + option_head;
    const size_t padding = std::min((padding_block - bare % padding_block) % padding_block, left() - option_head);
    std::memset(begin_option(at, option::PADDING, padding), 0, padding);
    at += option_head + padding;
  }
  return at;
}

}  // namespace dnsd
