// THE gate: whether an edit keeps what customers were promised. Every way to change a pinned set passes it.
//
// One function a kind of edit, in the table of may_apply.cc. It judges by the history alone (what was public since
// when), never by what files say about themselves.
//
// Thread safety: pure. Units: UTC seconds.
#pragma once

#include <optional>
#include <string>

#include "base/instant.h"
#include "pinned_ips/history.h"

namespace dnsd {

struct Refusal {
  enum class About : uint8_t { entry, enabled, retired };  // what of the edit is refused
  std::string reason;  // one sentence with the way out, no final stop
  // The earliest that would do: for a moment that is too early, what could stand there instead; else when the same edit
  // will be allowed. None where it never will.
  std::optional<Instant> earliest;
  About about = About::entry;
};

// None: allowed. `batch`: the batch that the edit would be in (LedgerRecord); only those of the first one, when the
// ledger begins, may be genesis.
// Precondition: now >= history.last_at.
std::optional<Refusal> may_apply(const History& history, const PinEdit& edit, Instant now, uint64_t batch = 0);

}  // namespace dnsd
