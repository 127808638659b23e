// What explain and replay have in common: they put questions to a snapshot of their own, as a worker would.
#pragma once

#include <optional>

#include "dnsd/answer/respond.h"
#include "dnsd/snapshot/snapshot.h"
#include "tools/zone_edit/message.h"
#include "zones/rr_types.h"

namespace dnsd {

// Not a server's: its key need not be secret, and the same question shall get the same words.
inline const NameHash fixed_hash(0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9);

inline bool is_address_type(uint16_t type) { return type == rr_type::A || type == rr_type::AAAA; }

// The answer of a worker that has just begun. None where it is not well-formed.
std::optional<Message> ask(const Snapshot& snapshot, Bytes query, const Client& client, Instant now);

}  // namespace dnsd
