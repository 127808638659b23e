// Logs in the form of dnstap: protocol buffers, one a frame of a Frame Streams file (https://dnstap.info).
//
//   00000000 | length | START, content type "protobuf:dnstap.Dnstap"        a control frame
//   length | Dnstap                                                         a data frame
//   …
//   00000000 | length | STOP
//
// libfstrm cuts the frames. Of the messages in them a few fields are needed, all numbers or octets: the wire format
// of these is read right here, in place and without a generated copy of each message.
//
// Thread safety: none needed.
#pragma once

#include <optional>

#include "tools/zone_edit/query_log.h"

namespace dnsd {

// Whether it begins like a Frame Streams file.
bool is_frame_stream(Bytes content);

// The fields of a Dnstap message that say who asked what.
struct DnstapMessage {
  uint64_t type = 0;  // Message.Type: 1 AUTH_QUERY, 2 AUTH_RESPONSE, …
  Bytes query_address;
  uint64_t query_time = 0;  // seconds since 1970
  Bytes query_message;      // in wire form
};

// None where the octets are no Dnstap with a Message in it.
std::optional<DnstapMessage> read_dnstap_message(Bytes frame);

// Queries are taken from AUTH_QUERY and CLIENT_QUERY; from AUTH_RESPONSE and CLIENT_RESPONSE only where the file has
// none of those, for then they would count twice.
QueryLogSummary read_dnstap_log(Bytes content, const std::string& file, const TakeQuery& take);

}  // namespace dnsd
