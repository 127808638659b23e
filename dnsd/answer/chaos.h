// What the server says of itself in class CHAOS (RFC 4892), as far as the operator lets it.
#pragma once

#include "dnsd/answer/message_writer.h"
#include "dnsd/answer/query.h"
#include "dnsd/snapshot/server_settings.h"

namespace dnsd {

// Answers id.server, hostname.bind, version.server and version.bind where they have been configured. False for
// everything else: to be refused, and nothing was written.
bool answer_chaos(const Query& query, const Identity& identity, MessageWriter& writer);

}  // namespace dnsd
