// DNS messages for people: makes a query, reads a response, shows it as dig does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ip_address.h"
#include "zones/name.h"

namespace dnsd {

// A query of class IN with EDNS, as a resolver of today sends it (payload 1232, RD clear), on behalf of a client network
// where one is given (RFC 7871).
std::vector<uint8_t> make_query(NameView name, uint16_t type, const std::optional<IpPrefix>& client_subnet = {});

struct MessageRecord {
  Name owner;
  uint16_t type = 0;
  uint16_t klass = 0;
  uint32_t ttl = 0;
  std::vector<uint8_t> rdata;  // names in it uncompressed
};

struct Message {
  uint16_t flags = 0;
  uint16_t rcode = 0;  // with the upper bits of the OPT record
  Name question;
  uint16_t question_type = 0;
  std::vector<MessageRecord> sections[3];  // answer, authority, additional; without the OPT record
  size_t octets = 0;
  std::optional<uint8_t> client_subnet_scope;  // SCOPE PREFIX-LENGTH, where the option is there
};

// None where it is not well-formed.
std::optional<Message> read_message(Bytes octets);

std::string rcode_text(uint16_t rcode);                       // "NOERROR", "RCODE11"
std::vector<std::string> flag_texts(const Message& message);  // "qr", "aa", …
std::string record_text(const MessageRecord& record);         // "www.example. 300 IN A 192.0.2.1"
// Header and sections; each line ends with a newline.
std::string to_text(const Message& message);

}  // namespace dnsd
