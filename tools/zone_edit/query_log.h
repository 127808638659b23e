// Query logs: what was asked, by whom.
//
//   # time               client         name                        type
//   2026-11-20T10:00:00Z 198.18.5.7     us-street.api.example.com   A
//   1795168800.123       2001:db8::1    www.api.example.com.        HTTPS
//
// or dnstap (dnstap.h), which is told by its first octets.
//
// Both come from outside: whatever they hold is a defect at most. Thread safety: none needed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/ip_address.h"
#include "base/result.h"

namespace dnsd {

struct LoggedQuery {
  Instant at;
  IpAddress source;
  Bytes name;  // well-formed, in wire form, in any case; valid during the call
  uint16_t type = 0;
  Bytes client_subnet;  // the data of the option as sent (RFC 7871 6); empty: none; valid during the call
};

struct QueryLogSummary {
  uint64_t queries = 0;
  uint64_t defects = 0;
  std::vector<std::string> first_defects;  // "file:line: what", the first few
  uint64_t other_messages = 0;             // of dnstap: not queries to an authoritative server or from clients
};

constexpr size_t most_defects_named = 5;

using TakeQuery = std::function<void(const LoggedQuery&)>;

// `content` is the whole log, `file` its name in messages.
QueryLogSummary read_text_log(std::string_view content, const std::string& file, const TakeQuery& take);
QueryLogSummary read_query_log(std::string_view content, const std::string& file, const TakeQuery& take);

}  // namespace dnsd
