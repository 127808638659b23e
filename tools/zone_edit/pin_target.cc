#include "tools/zone_edit/pin_target.h"

#include <algorithm>

#include "base/atomic_file.h"
#include "base/text.h"
#include "dnsd/config/pinned_config.h"
#include "dnsd/ledger/ledger_store.h"

namespace dnsd {

PinnedPolicy PinTarget::policy(Instant now) const {
  const PromisedSet* promised = history.find(set.name);
  return promised ? promised->policy_at(now) : set.policy;
}

Result<size_t> PinTarget::find_row(const IpPrefix& cidr) const {
  std::optional<size_t> found;
  bool is_live = false;
  for (size_t i = 0; i < set.entries.size(); ++i) {
    const PinnedEntry& row = set.entries[i];
    const bool live_row = !row.cancelled && !row.revoked;
    if (row.cidr != cidr || (is_live && !live_row)) continue;
    found = i;
    is_live = live_row;
  }
  if (found) return *found;
  return Failure{to_text(cidr) + " is no entry of the pinned set '" + set.name + "'; zone-edit pin list " + set.name +
                 " shows what is"};
}

const Promise* PinTarget::live(const IpPrefix& cidr, Instant now) const {
  const PromisedSet* promised = history.find(set.name);
  if (!promised) return nullptr;
  const auto found = std::ranges::find_if(promised->entries, [&](const Promise& p) {
    return p.cidr == cidr && is_live(state_at(p, promised->policy_at(now), now));
  });
  return found == promised->entries.end() ? nullptr : &*found;
}

Result<PinTarget> find_pin_target(const Editable& editable, const std::string& set) {
  std::error_code error;
  std::vector<std::string> known;
  for (const std::string& path : yaml_files(editable.config.runtime.pinned_ips, error)) {
    Diagnostics defects;
    std::optional<PinnedSet> read = read_pinned_set(path, defects);
    if (!read) return Failure{to_line(defects.all().front())};
    if (read->name != set) {
      known.push_back(read->name);
      continue;
    }
    Result<std::string> text = read_file(path);
    if (!text) return text.failure();
    Result<History> history = read_history(editable.config.startup.state);
    if (!history) return history.failure();
    return PinTarget{path, std::move(*text), std::move(*read), std::move(*history)};
  }
  if (error) return Failure{"cannot read the folder " + editable.config.runtime.pinned_ips + ": " + error.message()};
  const std::vector<std::string_view> names(known.begin(), known.end());
  const std::string_view near = closest(set, names);
  return Failure{"there is no pinned set '" + printable(set) + "'" +
                 (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?")};
}

}  // namespace dnsd
