#include "tools/zone_edit/contract_effects.h"

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

namespace dnsd {
namespace {

class Effects {
 public:
  explicit Effects(const LedgerRecord& record, const Promise* promise, std::vector<ContractEffect>& out)
      : record_(record), out_(out) {
    promise_ = promise;
    if (promise) name_ = to_text(promise->cidr) + " (" + promise->id + ")";
  }

  void add() {
    const PinEdit& edit = record_.edit;
    switch (edit.kind) {
      case EditKind::begin: return at(record_.at, "the ledger begins: what is enabled already is genesis");
      case EditKind::policy:
        return at(record_.effective_at, "the set '" + edit.set + "' promises a notice of " + to_text(edit.policy.notice) +
                                            ", at most " + std::to_string(edit.policy.max_entries[0]) + " IPv4 and " +
                                            std::to_string(edit.policy.max_entries[1]) + " IPv6 entries, a quarantine of " +
                                            to_text(edit.policy.quarantine));
      case EditKind::announce:
        at(record_.at, name_ + (edit.genesis ? " is genesis: it stood there before"
                                             : " appears in the feed; customers may allow it from now on"));
        if (!edit.genesis)
          at(record_.enabled_at, name_ + " may be answered" + (edit.waived ? ", WITHOUT the whole notice" : ""));
        return retirement();
      case EditKind::reschedule:
        if (record_.enabled_at > record_.at) at(record_.enabled_at, name_ + " may be answered");
        if (is_kept()) at(record_.at, name_ + " stays: it is no longer to be retired");
        return retirement();
      case EditKind::describe: return at(record_.at, name_ + " has other addresses in service, facility or reason");
      case EditKind::cancel: return at(record_.at, name_ + " is cancelled: it will never be answered");
      case EditKind::revoke:
        return at(record_.at, name_ + " is REVOKED: no longer answered at once, the feed says remove it");
      case EditKind::waive:
        return at(record_.enabled_at, name_ + " is answered WITHOUT the whole notice; the feed shows it for ever");
    }
  }

 private:
  // A retirement was taken back.
  bool is_kept() const {
    return promise_ && !record_.edit.retired &&
           std::ranges::count(promise_->changes, PromiseChange{"rescheduled", record_.at, record_.at});
  }
  void retirement() {
    if (!record_.last_answer_at) return;
    at(*record_.last_answer_at, name_ + " is no longer answered; the host must still live");
    at(*record_.retired_at, name_ + " is retired: the host may go, customers remove it");
  }
  void at(Instant instant, std::string what) { out_.push_back({instant, std::move(what)}); }

  const LedgerRecord& record_;
  std::vector<ContractEffect>& out_;
  const Promise* promise_ = nullptr;
  std::string name_;
};

// A reason that comes with another edit of the entry is no news of its own.
bool goes_with_another(const LedgerRecord& record, std::span<const LedgerRecord> records) {
  return record.edit.kind == EditKind::describe && std::ranges::any_of(records, [&](const LedgerRecord& other) {
    return other.edit.entry == record.edit.entry && other.edit.kind != EditKind::describe;
  });
}

}  // namespace

std::vector<ContractEffect> contract_effects(std::span<const LedgerRecord> records, const History& after) {
  std::vector<ContractEffect> effects;
  for (const LedgerRecord& record : records)
    if (!goes_with_another(record, records)) Effects(record, find_promise(after, record.edit), effects).add();
  std::ranges::stable_sort(effects, {}, &ContractEffect::at);
  return effects;
}

std::string both_times(Instant instant) {
  const std::time_t seconds = instant.seconds;
  std::tm local{};
  char text[64] = "";
  if (localtime_r(&seconds, &local)) std::strftime(text, sizeof text, " (%Y-%m-%d %H:%M %Z)", &local);
  return to_text(instant) + text;
}

std::string effects_text(std::span<const ContractEffect> effects, Instant now) {
  std::string text;
  for (const ContractEffect& effect : effects)
    text +=
        "  " +
        (effect.at <= now ? std::string("at once") : both_times(effect.at) + ", " + distance_text(effect.at, now)) +
        ": " + effect.what + "\n";
  return text;
}

Json effects_json(std::span<const ContractEffect> effects) {
  Json list = Json::array();
  for (const ContractEffect& effect : effects) list.push_back({{"at", to_text(effect.at)}, {"what", effect.what}});
  return list;
}

}  // namespace dnsd
