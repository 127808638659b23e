// The promises that tests of the views render: every state, both families, dates and instants, three sets.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pinned_ips/feed_view.h"

namespace dnsd::sample {

// Precondition of all: the text is right.
inline Instant at(std::string_view text) { return parse_date_or_instant(text)->instant; }
inline DateOrInstant moment(std::string_view text) { return *parse_date_or_instant(text); }
inline IpAddress address(std::string_view text) { return *IpAddress::parse(text); }
inline IpPrefix prefix(std::string_view text) { return *IpPrefix::parse(text); }

// Announced at an instant, enabled on a day or at an instant, answered by its first address.
inline Promise promise(std::string id, std::string_view cidr, std::string_view published, std::string_view enabled) {
  Promise p;
  p.id = std::move(id);
  p.cidr = prefix(cidr);
  p.published = moment(published);
  p.published_at = p.published.instant;
  p.enabled = moment(enabled);
  p.enabled_at = p.enabled.is_date ? p.enabled.instant + hours(12) : p.enabled.instant;
  p.notice = days(14);
  p.addresses = {p.cidr.address()};
  p.changes = {{"announced", p.published_at, p.enabled_at}};
  return p;
}

// With a TTL of 300 s.
inline Promise retiring(Promise p, std::string_view retired, std::string_view said = {}) {
  p.retired = moment(retired);
  const Instant instant = p.retired->instant;
  p.last_answer_at = (p.retired->is_date ? instant - hours(14) : instant) - Duration{300};
  p.retired_at = p.retired->is_date ? instant + hours(36) : instant;
  p.changes.push_back({"retiring", said.empty() ? p.published_at : at(said), *p.last_answer_at});
  return p;
}

inline Promise at_facility(Promise p, std::string facility, std::string reason = {}) {
  p.facility = std::move(facility);
  p.reason = std::move(reason);
  return p;
}

inline Promise genesis(Promise p) {
  p.genesis = true;
  return p;
}

inline Promise cancelled(Promise p, std::string_view when) {
  p.cancelled_at = at(when);
  p.changes.push_back({"cancelled", *p.cancelled_at, *p.cancelled_at});
  return p;
}

inline Promise revoked(Promise p, std::string_view when) {
  p.revoked_at = at(when);
  p.changes.push_back({"revoked", *p.revoked_at, *p.revoked_at});
  return p;
}

inline Promise waived(Promise p) {
  p.waived = true;
  p.changes.front().change = "waived";
  return p;
}

inline PromisedSet set_of(std::string name, std::vector<Promise> entries, PinnedPolicy policy = {}) {
  PromisedSet set;
  set.name = std::move(name);
  set.policies = {{at("2025-01-01"), policy}};
  set.announced = static_cast<unsigned>(entries.size());
  set.entries = std::move(entries);
  return set;
}

inline PromisedSet proxy() {
  Promise standby = promise("proxy-0004", "203.0.113.20/32", "2026-01-05T09:00:00Z", "2026-02-01");
  standby.addresses.clear();
  standby.standby = {address("203.0.113.20")};
  Promise moved = retiring(
      at_facility(promise("proxy-0005", "192.0.2.8/29", "2025-12-01T09:00:00Z", "2026-01-01T03:00:00Z"), "dfw-1"),
      "2027-02-01T11:00:00Z", "2026-10-01T08:00:00Z");
  moved.changes.insert(moved.changes.begin() + 1, {"rescheduled", at("2025-12-10T09:00:00Z"), moved.enabled_at});
  return set_of(
      "proxy",
      {genesis(at_facility(promise("proxy-0001", "192.0.2.77/32", "2025-03-01", "2025-04-01"), "ewr-1")),
       genesis(promise("proxy-0002", "2001:db8:77::/64", "2025-03-01", "2025-04-01")),
       at_facility(
           promise("proxy-0003", "203.0.113.7/32", "2026-11-02T09:00:00Z", "2026-12-24"), "ewr-1",
           "more room, \"fast\"; see <notes>, A\\B & Zürich – said so that a line of a calendar must be folded"),
       standby, moved,
       retiring(at_facility(promise("proxy-0006", "192.0.2.100/32", "2025-12-01T00:00:00Z", "2026-01-01"), "dfw-1"),
                "2026-11-22", "2026-10-20T10:00:00Z"),  // draining
       retiring(promise("proxy-0007", "192.0.2.101/32", "2025-12-01T00:00:00Z", "2026-01-01"), "2026-11-15",
                "2026-10-20T10:00:00Z"),  // retired
       retiring(promise("proxy-0008", "192.0.2.102/32", "2025-12-01T00:00:00Z", "2026-01-01"), "2026-10-15",
                "2026-09-20T10:00:00Z"),  // quarantined
       cancelled(promise("proxy-0009", "198.51.100.9/32", "2026-11-02T09:30:00Z", "2026-12-01"),
                 "2026-11-10T10:00:00Z"),
       revoked(retiring(at_facility(promise("proxy-0010", "198.51.100.10/32", "2025-12-01T00:00:00Z", "2026-01-01"),
                                    "ewr-1", "hijacked"),
                        "2027-01-01"),
               "2026-11-18T16:20:00Z"),
       waived(at_facility(promise("proxy-0011", "2001:db8:99::1/128", "2026-11-12T03:00:00Z", "2026-11-12T03:00:00Z"),
                          "lhr-2", "fire in ewr-1")),
       // The /29 of proxy-0005 and its halves stand side by side.
       promise("proxy-0012", "192.0.2.8/30", "2026-11-02T09:00:00Z", "2026-12-01T06:00:00Z"),
       promise("proxy-0013", "192.0.2.12/30", "2026-11-02T09:00:00Z", "2026-12-01T06:00:00Z"),
       // Gone, but for an address that came back on its own.
       retiring(promise("proxy-0014", "198.51.100.64/30", "2024-12-01T00:00:00Z", "2025-02-01"), "2025-06-01"),
       promise("proxy-0015", "198.51.100.65/32", "2026-01-05T09:00:00Z", "2026-02-01")});
}

inline std::vector<PromisedSet> rich_sets() {
  PinnedPolicy mail_policy{days(7), days(60), days(730), {8, 0}, true};
  PromisedSet mail =
      set_of("mail.out",
             {retiring(at_facility(promise("mail.out-0001", "198.51.100.25/32", "2025-12-01T00:00:00Z", "2026-01-01"),
                                   "lhr \"2\""),
                       "2026-11-25", "2026-11-01T00:00:00Z")},
             mail_policy);
  mail_policy.notice = days(5);
  mail.policies.push_back({at("2026-11-28T12:05:00Z"), mail_policy});
  PromisedSet callbacks = set_of("2nd-line_of-callbacks-with-a-name-that-is-long",
                                 {promise("2nd-line_of-callbacks-with-a-name-that-is-long-0001", "2001:db8:5::/48",
                                          "2026-01-05T09:00:00Z", "2026-02-01")});
  return {callbacks, mail, proxy()};
}

inline const Instant now = at("2026-11-22T10:00:00Z");
inline FeedStamp stamp() { return {42, at("2026-11-21T09:55:00Z"), std::string(64, 'a')}; }
inline FeedView view(const std::vector<PromisedSet>& sets) {
  return {sets, stamp(), now, "https://feed.example.com"};
}

inline std::string golden(const std::string& name) {
  std::ifstream file(std::string(TEST_DIRECTORY) + "/pinned_ips/golden/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What came out is left in the test's own folder, to be compared and, where it is right, copied.
inline void expect_golden(const std::string& name, const std::string& text) {
  if (text == golden(name)) return;
  const std::string folder = testing::TempDir() + "golden/";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + name) << text;
  ADD_FAILURE() << "not the octets of tests/pinned_ips/golden/" << name << "; these are in " << folder << name;
}

}  // namespace dnsd::sample
