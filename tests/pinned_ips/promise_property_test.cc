// The promise, seen from outside, whatever happens inside: random edits, reloads, crashes, restored files, clocks that
// jump. A customer who only reads the feed and asks DNS checks at every change:
//
//   an answered address stood in the public feed for the whole notice before (but for genesis and waivers),
//   an answered row that goes was said to go for the whole notice before (but for revocations),
//   a row that was listed ends in a state that says so.
//
// PROPERTY_STEPS=1000000 for a long run; a seed that fails is added to kept_seeds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "pinned_ips/feed_view.h"
#include "promises.h"

namespace dnsd {
namespace {

constexpr unsigned steps_of_a_world = 1000;
constexpr uint64_t kept_seeds[] = {1, 2, 3};

// The customer. Times are the true ones, which no clock of the server can move.
class Customer {
 public:
  // What went wrong; empty: the promise was kept.
  std::string look(const History& history, const std::vector<PinnedSet>& files, Instant contract_now, Instant truly) {
    std::map<std::string, Row> rows;
    for (const FeedRow& row : feed_rows(history.sets, contract_now)) {
      const Promise& p = *row.promise;
      const auto before = rows_.find(p.id);
      Row seen = before == rows_.end()
                     ? Row{row.state, p.cidr, truly, p.last_answer_at, truly, p.notice, p.genesis, p.waived}
                     : before->second;
      if (before != rows_.end()) {
        if (std::string wrong = went_wrong(before->second, row, truly); !wrong.empty()) return p.id + ": " + wrong;
      }
      if (seen.end != p.last_answer_at) seen.end_since = truly;
      seen.end = p.last_answer_at;
      seen.state = row.state;
      seen.waived = p.waived;
      rows[p.id] = seen;
    }
    for (const auto& [id, row] : rows_)
      if (is_live(row.state) && !rows.contains(id)) return id + ": a live row is gone from the feed";
    rows_ = std::move(rows);
    return answers(history, files, contract_now, truly);
  }

 private:
  struct Row {
    PromiseState state;
    IpPrefix cidr;
    Instant since;
    std::optional<Instant> end;
    Instant end_since;
    Duration notice;
    bool genesis, waived;
  };

  static bool may_be_answered(PromiseState state) {
    return state == PromiseState::active || state == PromiseState::standby;
  }

  static std::string went_wrong(const Row& before, const FeedRow& row, Instant truly) {
    const bool goes = may_be_answered(before.state) && !may_be_answered(row.state);
    if (!goes || row.state == PromiseState::revoked) return {};
    if (row.state != PromiseState::draining && row.state != PromiseState::retired &&
        row.state != PromiseState::quarantined)
      return "became " + std::string(to_text(row.state)) + " while it was answered";
    const bool said = before.end && truly - before.end_since >= days(14);
    const bool genesis_end = before.genesis && before.end && before.end_since == before.since;
    return said || genesis_end ? std::string() : "went without the whole notice";
  }

  std::string answers(const History& history, const std::vector<PinnedSet>& files, Instant contract_now, Instant truly) {
    for (const PinnedSet& file : files) {
      const PromisedSet* set = history.find(file.name);
      if (!set) continue;
      for (const IpAddress& address : addresses_at(*set, file.out, contract_now)) {
        bool covered = false;
        for (const auto& [id, row] : rows_)
          covered = covered || (row.cidr.contains(address) && may_be_answered(row.state) &&
                                (row.genesis || row.waived || truly - row.since >= row.notice));
        if (!covered) return to_text(address) + " is answered and was not listed for the whole notice";
      }
    }
    return {};
  }

  std::map<std::string, Row> rows_;
};

// A server with its files, ledger and clock, and everything that happens to them.
class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {
    contract_.files = {set_of({row("192.0.2.1/32", "2026-01-01")}), set_of({row("198.51.100.0/30", "2026-02-01")}, "other")};
    load();
  }

  std::string step() {
    if (std::string wrong = pass_time(); !wrong.empty()) return wrong;
    const std::vector<PinnedSet> good = contract_.files;
    if (one_in(40)) backup_ = contract_.files;
    edit();
    load(one_in(20));
    if (one_in(3) || !granted_) contract_.files = granted_ || one_in(10) ? contract_.files : good;
    if (one_in(25)) crash();
    // An alarm that is heard: nobody leaves the clock wrong for a year.
    if (one_in(60) || (is_frozen() && one_in(10))) jump();
    return customer_.look(contract_.history, served_, now_, truly_);
  }

 private:
  bool one_in(unsigned n) { return random_() % n == 0; }
  template <typename T>
  T& any(std::vector<T>& list) { return list[random_() % list.size()]; }

  int64_t wall_seconds() const { return (truly_.seconds + clock_error_); }

  // Through every instant at which something changes by itself, so that the customer sees each.
  std::string pass_time() {
    const Instant until = truly_ + Duration{static_cast<int64_t>(random_() % (one_in(10) ? 20 * 86400 : 2 * 86400))};
    while (truly_ < until) {
      Instant next = until;
      for (const PromisedSet& set : contract_.history.sets) {
        for (const auto& change : {next_answer_change(set, now_), next_feed_change(set, now_)})
          if (change && !is_frozen() && *change > now_ && truly_ + (*change - now_) < next) next = truly_ + (*change - now_);
      }
      truly_ = next;
      observe();
      if (std::string wrong = customer_.look(contract_.history, served_, now_, truly_); !wrong.empty()) return wrong;
    }
    return {};
  }

  // As ContractClock does it (tests/snapshot/contract_clock_test.cc shows that it does).
  bool is_frozen() const { return std::abs(clock_error_) > 60; }
  void observe() {
    if (!is_frozen()) now_ = std::max(now_, Instant{wall_seconds()});
  }

  void jump() {
    const int64_t errors[] = {0, 0, 0, 0, 0, 59, -59, 61, -3600, 86400, -30 * 86400, 400 * 86400};
    clock_error_ = errors[random_() % std::size(errors)];
    observe();
  }

  // Everything but the ledger and the files is lost. With a wrong clock nobody starts a server.
  void crash() {
    if (is_frozen()) return;
    Result<History> folded = fold(contract_.records);
    ASSERT_TRUE(folded) << folded.failure().message;
    contract_.history = std::move(*folded);
    now_ = std::max(contract_.history.last_at, now_);
  }

  void load(bool crash_before_it_is_on_disk = false) {
    Diagnostics diagnostics;
    Reconciled reconciled = reconcile(contract_.history, contract_.files, now_, "test", {}, diagnostics);
    const bool needs_clock =
        std::ranges::any_of(reconciled.records, [](const LedgerRecord& r) { return counts_notice(r.edit.kind); });
    granted_ = !diagnostics.has_errors() && !(is_frozen() && needs_clock);
    if (!granted_ || crash_before_it_is_on_disk) return;
    for (const LedgerRecord& record : reconciled.records) {
      const Result<LedgerRecord> read = parse_ledger_record(to_text(record));
      ASSERT_TRUE(read && *read == record) << to_text(record);
    }
    contract_.records.insert(contract_.records.end(), reconciled.records.begin(), reconciled.records.end());
    contract_.history = std::move(reconciled.history);
    served_ = contract_.files;
  }

  DateOrInstant any_moment() {
    const Instant instant = now_ + Duration{static_cast<int64_t>(random_() % (60 * 86400)) - 10 * 86400};
    if (one_in(2)) return {false, instant};
    return {true, {instant.seconds - instant.seconds % 86400}};
  }

  PinnedEntry any_row(const PinnedSet& set) {
    static constexpr const char* of_proxy[] = {"192.0.2.1/32", "192.0.2.2/32", "192.0.2.0/30",  "192.0.2.4/31",
                                               "192.0.2.4/32", "192.0.2.8/29", "2001:db8::/64", "2001:db8::1/128"};
    static constexpr const char* of_other[] = {"198.51.100.0/30", "198.51.100.0/31", "198.51.100.2/31", "198.51.100.8/32",
                                               "198.51.100.9/32", "192.0.2.2/32", "2001:db8:1::/64"};
    PinnedEntry entry = set.name == "proxy" ? row(of_proxy[random_() % std::size(of_proxy)], "2026-01-01")
                                            : row(of_other[random_() % std::size(of_other)], "2026-01-01");
    entry.enabled = any_moment();
    if (one_in(4)) entry.retired = any_moment();
    if (!entry.cidr.is_single() && !one_in(3)) entry.addresses = {entry.cidr.address()};
    return entry;
  }

  void edit() {
    PinnedSet& set = any(contract_.files);
    PinnedEntry& entry = any(set.entries);
    switch (random_() % 16) {
      case 0: case 1: case 2: set.entries.push_back(any_row(set)); break;
      case 3: entry.enabled = any_moment(); break;
      case 4: case 5: entry.retired = any_moment(); break;
      case 6: entry.retired.reset(); break;
      case 7: entry.cancelled = true; break;
      case 8: if (one_in(4)) entry.revoked = true; break;
      case 9: set.policy.allow_waiver = one_in(2); entry.waived = true; entry.reason = "test"; break;
      case 10:
        if (set.entries.size() > 1)
          set.entries.erase(set.entries.begin() + static_cast<ptrdiff_t>(random_() % set.entries.size()));
        break;
      case 11: entry.addresses = one_in(2) ? std::vector<IpAddress>{} : std::vector<IpAddress>{entry.cidr.address()}; break;
      case 12: set.out = one_in(2) ? std::vector<IpAddress>{} : std::vector<IpAddress>{entry.cidr.address()}; break;
      case 13: set.policy.notice = days(static_cast<int64_t>(14 + random_() % 20)); break;
      case 14: set.policy.max_entries = {static_cast<unsigned>(2 + random_() % 20), 4}; break;
      case 15: if (one_in(4) && !backup_.empty()) contract_.files = backup_; break;
    }
  }

  std::mt19937_64 random_;
  Contract contract_;
  std::vector<PinnedSet> served_, backup_;
  Customer customer_;
  Instant truly_ = at("2026-11-02T09:00:00Z"), now_ = truly_;
  int64_t clock_error_ = 0;
  bool granted_ = false;
};

std::string run_world(uint64_t seed) {
  World world(seed);
  for (unsigned step = 0; step < steps_of_a_world; ++step)
    if (std::string wrong = world.step(); !wrong.empty())
      return "seed " + std::to_string(seed) + ", step " + std::to_string(step) + ": " + wrong;
  return {};
}

TEST(Promise, IsKeptInEveryWorldThatFailedOnce) {
  for (const uint64_t seed : kept_seeds) EXPECT_EQ(run_world(seed), "");
}

TEST(Promise, IsKeptWhateverHappens) {
  const char* wanted = std::getenv("PROPERTY_STEPS");
  const uint64_t steps = wanted ? std::strtoull(wanted, nullptr, 10) : 20 * steps_of_a_world;
  for (uint64_t seed = 1000; seed < 1000 + steps / steps_of_a_world; ++seed) ASSERT_EQ(run_world(seed), "");
  RecordProperty("steps", std::to_string(steps));
}

}  // namespace
}  // namespace dnsd
