// The file of a pinned set, and what was promised of it: what the verbs of `pin` edit.
#pragma once

#include <string>

#include "base/result.h"
#include "pinned_ips/history.h"
#include "pinned_ips/pinned_set.h"
#include "tools/zone_edit/edit.h"

namespace dnsd {

struct PinTarget {
  std::string path, text;
  PinnedSet set;
  History history;  // of the ledger; empty where there is none yet

  // The policy that an edit is judged by: of the ledger, or of the file where there is no ledger.
  PinnedPolicy policy(Instant now) const;
  // The row of the prefix that an edit is about: the last that is neither cancelled nor revoked, else the last.
  Result<size_t> find_row(const IpPrefix& cidr) const;
  // The live entry of the prefix; null: there is none.
  const Promise* live(const IpPrefix& cidr, Instant now) const;
};

Result<PinTarget> find_pin_target(const Editable& editable, const std::string& set);

}  // namespace dnsd
