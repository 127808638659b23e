// SvcParams of SVCB and HTTPS between text and wire form (RFC 9460 2.1, appendix A).
//
// Keys by name: mandatory, alpn, no-default-alpn, port, ipv4hint, ech (RFC 9848), ipv6hint, dohpath (RFC 9461), ohttp
// (RFC 9540), tls-supported-groups; any as keyN, whose value is octets as they are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "zones/logical_lines.h"

namespace dnsd {

// Parameters "key", "key=value" and "key="value"" in any order, appended to `rdata` by ascending key. A failure's
// offset is that of the token at fault. That values fit together is for rdata_defect() to say.
Status append_svc_params(std::span<const Token> tokens, std::vector<uint8_t>& rdata);

// Parameters as text; nothing where they are malformed.
std::optional<std::string> svc_params_text(Bytes params);

// "alpn", "key667"
std::string svc_key_text(uint16_t key);

}  // namespace dnsd
