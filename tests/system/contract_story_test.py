#!/usr/bin/env python3
"""The notice contract as its customers see it, over half a year in a few seconds.

Two daemons with copies of the same files get the same edits at the same instants of a pretended clock. What they promise
is judged from the outside alone: by their answers and their documents (outside_observer.py), at every step those of both,
and by their webhooks (webhook_receiver.py).
"""
import re
import subprocess
import unittest

import support
from outside_observer import VIEWS, Outside, entry_of
from pretended_clock import MOST_STEP, Clock, instant, text
from support import SystemTest, main, wait_for
from webhook_receiver import SECRET, Subscriber

NAME = "proxy.api.example.com."
DAY, HOUR = 86400, 3600
NOTICE = 14 * DAY
TTL = 300
BEGIN = "2027-12-10T09:30:00Z"  # the story passes the end of a year and a leap day

HOSTS = {"192.0.2.9", "192.0.2.10", "2001:db8:77::9"}  # of prefixes that stay
OLD, NEW, CALLED_OFF, LOST = "192.0.2.77", "203.0.113.7", "203.0.113.8", "203.0.113.9"
SET = f"""\
set: proxy
ttl: {TTL}
notice: 14d
entries:
  - {{cidr: 192.0.2.8/29, facility: dfw-1, enabled: 2026-01-01, addresses: [192.0.2.9, 192.0.2.10]}}
  - {{cidr: {OLD}/32, facility: ewr-1, enabled: 2026-01-01}}
  - {{cidr: "2001:db8:77::/64", facility: dfw-1, enabled: 2026-01-01, addresses: ["2001:db8:77::9"]}}
"""


class ContractTest(SystemTest):
    """Daemons on one pretended clock."""

    def pretend(self, begin):
        folder = self.enterContext(support.tempfile.TemporaryDirectory(prefix="dnsd-clock-"))
        self.clock = Clock(f"{folder}/clock", instant(begin))
        self.addCleanup(self.clock.close)
        self.servers, self.subscribers = [], []

    def serve(self):
        subscriber = Subscriber()
        self.addCleanup(subscriber.close)
        self.subscribers.append(subscriber)
        server = support.Daemon(files={"pinned_ips/proxy.yaml": SET, "hook.secret": SECRET + "\n"},
                                http_settings='url: "https://feed.example.com"', settings=subscriber.settings())
        server.path("hook.secret").chmod(0o600)
        self.servers.append(server)
        self.daemons.append(server)
        self.addCleanup(self.show_log, server)
        self.addCleanup(server.remove)
        self.addCleanup(lambda: setattr(server, "last_log", server.log()))
        self.addCleanup(server.stop)
        self.begin(server)
        return Outside(server, NAME, self.clock)

    def begin(self, server):
        pretended = self.clock.environment()
        server.start(prefix=["env", *(f"{key}={pretended[key]}" for key in ("LD_PRELOAD", "PRETENDED_CLOCK"))])

    def settle(self):
        """Until every daemon has seen what time it is."""
        for server in self.servers:
            wait_for(lambda s=server: s.control("status")["clock"]["now"] == text(self.clock.now),
                     f"the daemon knows that it is {text(self.clock.now)}")

    def edit_at(self, server, *words):
        """zone-edit on one of them: (exit status, what it said)."""
        done = subprocess.run([support.BIN / "zone-edit", "--config", "dnsd.yaml", *words], cwd=server.folder,
                              env=self.clock.environment(), capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    def edit(self, *words):
        """The same edit on all; what it said."""
        said = ""
        for server in self.servers:
            status, said = self.edit_at(server, *words)
            self.assertEqual(status, 0, said)
            self.assertIn("dnsd serves it as generation", said)
        return said

    def refused(self, *words):
        """The same on all, and nothing changes; why."""
        said = ""
        for server in self.servers:
            before = server.read("pinned_ips/proxy.yaml")
            status, said = self.edit_at(server, *words)
            self.assertEqual(status, 1, said)
            self.assertEqual(server.read("pinned_ips/proxy.yaml"), before)
        self.look(serials=0)
        return said

    def look(self, serials=None):
        """What both show, which must be the same in every octet of every view; the document and the answers. `serials`: how
        many issues there have been since the last look."""
        before = self.outsides[0].seen[-1] if self.outsides[0].seen else None
        views = [outside.look(VIEWS) for outside in self.outsides]
        for path, response in views[0].items():
            for other in views[1:]:
                self.assertEqual(response, other[path], path)
        now = self.outsides[0].seen[-1]
        for outside in self.outsides[1:]:
            self.assertEqual(outside.seen[-1], now)
        if serials is not None:
            self.assertEqual(now.document["serial"] - before.document["serial"], serials)
        return now

    def travel(self, to, serials=None):
        """Time passes, a few days at a time; what there is to see in the end."""
        goal = instant(to) if isinstance(to, str) else to
        first = self.outsides[0].seen[-1].document["serial"]
        while self.clock.now < goal:
            self.clock.move(min(goal, self.clock.now + 9 * DAY))
            self.settle()
            now = self.look()
        if serials is not None:
            self.assertEqual(now.document["serial"] - first, serials)
        return now

    def addresses(self, seen):
        return set(seen.answered) - HOSTS

    def assert_state(self, seen, address, **wanted):
        entry = entry_of(seen.document, address)
        self.assertEqual({key: entry[key] for key in wanted}, wanted)
        return entry


class Story(ContractTest):
    """Half a year."""

    def test_the_promise_is_kept_over_half_a_year(self):
        self.pretend(BEGIN)
        self.outsides = [self.serve(), self.serve()]
        for chapter in (self.genesis, self.announced_too_early, self.announced, self.comes, self.called_off, self.waived,
                        self.revoked, self.retires, self.host_stays, self.quarantine, self.restarts):
            chapter()
        for outside in self.outsides:
            judged = outside.judge()
            self.assertGreaterEqual(judged["comings"], 2, judged)
            self.assertGreaterEqual(judged["goings"], 2, judged)
        hooks = [subscriber.judge(outside) for subscriber, outside in zip(self.subscribers, self.outsides)]
        self.assertEqual(hooks[0], hooks[1])
        self.assertGreater(min(hooks[0]), 3, hooks)
        days = (self.clock.now - instant(BEGIN)) // DAY
        self.assertGreater(days, 60)
        print(f"{days} days, two daemons, {len(VIEWS)} views the same: {judged}; webhooks: {hooks[0]}")

    def genesis(self):
        now = self.look()
        self.assertEqual(now.document["serial"], 1)
        self.assertEqual(set(now.answered), HOSTS | {OLD})
        for entry in now.document["entries"]:
            self.assertTrue(entry["genesis"])
            self.assertEqual(entry["state"], "active")

    def announced_too_early(self):
        said = self.refused("pin", "announce", "proxy", f"{NEW}/32", "--enabled", "2027-12-24")
        self.assertIn("the earliest date is 2027-12-25", said)
        said = self.refused("pin", "announce", "proxy", f"{NEW}/32", "--enabled", "2027-12-24T09:34:59Z")
        self.assertIn("the earliest instant is 2027-12-24T09:35:00Z", said)

    def announced(self):
        said = self.edit("pin", "announce", "proxy", f"{NEW}/32", "--facility", "ewr-1")
        self.assertIn("2027-12-25 12:00", said.replace("T", " "))
        now = self.look(serials=1)
        self.assert_state(now, NEW, state="announced", enabled="2027-12-25", enabled_at="2027-12-25T12:00:00Z",
                          published_at=BEGIN, genesis=False, notice_waived=False)
        self.assertEqual(self.addresses(now), {OLD})
        self.assertIn(f"{NEW}/32", self.list_of("allow"))
        self.assertNotIn(f"{NEW}/32", self.list_of("current"))
        self.assertIn(f"{NEW}/32", self.list_of("next"))
        self.travel("2027-12-14T00:00:00Z", serials=0)
        said = self.refused("pin", "postpone", "proxy", f"{NEW}/32", "--enabled", "2027-12-24")
        self.assertIn("the earliest date is 2027-12-28", said)

    def list_of(self, name):
        path = f"/ip-ranges/{name}.txt"
        status, octets = self.outsides[0].get([path])[path]
        self.assertEqual(status, 200)
        return octets.decode().splitlines()

    def comes(self):
        change = instant("2027-12-25T12:00:00Z")
        for left in (HOUR, TTL, TTL - 1, 60, 2, 1):
            now = self.travel(change - left, serials=0)
            self.assertEqual(self.addresses(now), {OLD}, f"{left} s before")
            self.assertEqual(set(now.answered.values()), {min(TTL, left)}, f"{left} s before")
        now = self.travel(change, serials=1)
        self.assertEqual(self.addresses(now), {OLD, NEW})
        self.assertEqual(set(now.answered.values()), {TTL})
        self.assert_state(now, NEW, state="active")
        self.assertIn(f"{NEW}/32", self.list_of("current"))
        said = self.refused("pin", "cancel", "proxy", f"{NEW}/32")
        self.assertIn("it can be retired or revoked, not cancelled", said)

    def called_off(self):
        begin = self.clock.now
        self.edit("pin", "announce", "proxy", f"{CALLED_OFF}/32")
        enabled_at = instant(self.assert_state(self.look(serials=1), CALLED_OFF, state="announced")["enabled_at"])
        self.travel(begin + 2 * DAY)
        self.edit("pin", "cancel", "proxy", f"{CALLED_OFF}/32", "--reason", "not needed")
        self.assert_state(self.look(serials=1), CALLED_OFF, state="cancelled", reason="not needed")
        now = self.travel(enabled_at, serials=0)
        self.assertEqual(self.addresses(now), {OLD, NEW})
        self.assertIsNotNone(entry_of(self.travel(begin + 2 * DAY + NOTICE - 1, serials=0).document, CALLED_OFF))
        self.assertIsNone(entry_of(self.travel(begin + 2 * DAY + NOTICE, serials=1).document, CALLED_OFF))

    def waived(self):
        waive = ("pin", "waive", "proxy", f"{LOST}/32", "--reason", "site lost")
        self.assertIn("does not allow a waiver", self.refused(*waive))
        for server in self.servers:
            server.write("pinned_ips/proxy.yaml",
                         server.read("pinned_ips/proxy.yaml").replace("notice: 14d", "notice: 14d\nallow_waiver: true"))
            status, said = self.edit_at(server, "reload")
            self.assertEqual(status, 0, said)
        self.look(serials=1)  # the feed says that waivers are allowed
        self.assertIn("needs a reason", self.refused(*waive[:4]))
        self.edit(*waive)
        now = self.look(serials=1)
        self.assertEqual(self.addresses(now), {OLD, NEW, LOST})
        self.assert_state(now, LOST, state="active", notice_waived=True, reason="site lost")
        self.assertEqual(now.document["policy"]["waivers_ever"], 1)
        self.assertEqual(now.document["policy"]["shortest_notice_hours_ever"], 0)

    def revoked(self):
        self.travel(self.clock.now + 3 * DAY + 7, serials=0)
        self.edit("pin", "revoke", "proxy", f"{LOST}/32", "--reason", "hijacked")
        now = self.look(serials=1)
        self.assertEqual(self.addresses(now), {OLD, NEW})
        self.assert_state(now, LOST, state="revoked", notice_waived=True, reason="hijacked",
                          retired_at=text(self.clock.now), last_answer_at=text(self.clock.now))
        self.assertIn(f"{LOST}/32", self.list_of("removable"))
        self.assertNotIn(f"{LOST}/32", self.list_of("allow"))
        said = self.refused("pin", "announce", "proxy", f"{LOST}/32")
        self.assertIn(f"it can be listed again from {text(self.clock.now + 90 * DAY)} on", said)
        self.assertEqual(self.look(serials=0).document["policy"]["waivers_ever"], 1)

    def retires(self):
        too_early = text(self.clock.now + NOTICE + 2 * TTL - 1)
        said = self.refused("pin", "retire", "proxy", f"{OLD}/32", "--retired", too_early)
        self.assertIn(f"the earliest instant is {text(self.clock.now + NOTICE + 2 * TTL)}", said)
        self.edit("pin", "retire", "proxy", f"{OLD}/32", "--reason", "machine goes")
        now = self.look(serials=1)
        entry = self.assert_state(now, OLD, state="active", reason="machine goes")
        retired, last = instant(entry["retired"]), instant(entry["last_answer_at"])
        # Day R has begun nowhere while a cache can still hold it; when the host goes, R has ended everywhere.
        self.assertEqual(last, retired - 14 * HOUR - TTL)
        self.assertEqual(entry["retired_at"], text(retired + 36 * HOUR))
        self.assertGreaterEqual(last, self.clock.now + NOTICE + TTL)
        self.assertLess(last - DAY, self.clock.now + NOTICE + TTL + 60, "no earlier day would have done")
        for left in (TTL + 1, 17, 1):
            now = self.travel(last - left, serials=0)
            self.assertEqual(self.addresses(now), {OLD, NEW}, f"{left} s before")
            self.assertEqual(set(now.answered.values()), {min(TTL, left)}, f"{left} s before")
        now = self.travel(last, serials=1)
        self.assertEqual(self.addresses(now), {NEW})
        self.assertEqual(set(now.answered.values()), {TTL})
        self.assert_state(now, OLD, state="draining")
        self.assertIn(f"{OLD}/32", self.list_of("allow"), "connections of before may still be there")
        said = self.refused("pin", "announce", "proxy", f"{OLD}/32")
        self.assertIn("zone-edit pin postpone", said)
        self.retired_at = retired + 36 * HOUR

    def host_stays(self):
        """A retirement that is postponed too late for the answers: these end as announced, the host stays."""
        self.edit("pin", "retire", "proxy", f"{NEW}/32")
        entry = self.assert_state(self.look(serials=1), NEW, state="active")
        retired, last = instant(entry["retired"]), entry["last_answer_at"]
        self.travel(self.clock.now + DAY, serials=0)
        later = text(retired + 30 * DAY)[:10]
        self.edit("pin", "postpone", "proxy", f"{NEW}/32", "--retired", later)
        self.assert_state(self.look(serials=1), NEW, state="active", retired=later, last_answer_at=last,
                          retired_at=text(retired + 30 * DAY + 36 * HOUR))
        now = self.travel(instant(last) - 1)
        self.assert_state(now, OLD, state="retired")
        self.assertEqual(self.addresses(now), {NEW})
        now = self.travel(last, serials=1)
        self.assertEqual(self.addresses(now), set())
        self.assertEqual(set(now.answered), HOSTS)
        self.assert_state(self.travel(self.retired_at + NOTICE - 1, serials=0), OLD, state="retired")
        self.assert_state(self.travel(self.retired_at + NOTICE, serials=1), OLD, state="quarantined")
        self.assert_state(self.travel(retired + 36 * HOUR, serials=0), NEW, state="draining")
        self.stays_until = retired + 30 * DAY + 36 * HOUR

    def quarantine(self):
        end = self.retired_at + 90 * DAY
        self.assert_state(self.look(), OLD, state="quarantined", retired_at=text(self.retired_at))
        self.assertIn(f"{OLD}/32", self.list_of("removable"))
        said = self.refused("pin", "announce", "proxy", f"{OLD}/32")
        self.assertIn(f"quarantine for 90d; it can be listed again from {text(end)} on", said)
        self.assert_state(self.travel(self.stays_until - 1), NEW, state="draining")
        self.assert_state(self.travel(self.stays_until, serials=1), NEW, state="retired")
        self.travel(end - 1)
        said = self.refused("pin", "announce", "proxy", f"{OLD}/32")
        self.assertIn(f"it can be listed again from {text(end)} on", said)
        self.assert_state(self.travel(end), OLD, state="retired")
        self.edit("pin", "announce", "proxy", f"{OLD}/32", "--enabled", text(end + NOTICE + TTL))
        entry = self.assert_state(self.look(serials=1), OLD, state="announced", genesis=False,
                                  enabled_at=text(end + NOTICE + TTL))
        rows = [e["id"] for e in self.look(serials=0).document["entries"] if e["cidr"] == f"{OLD}/32"]
        self.assertEqual(len(rows), 2, "the row of before stays")
        self.assertIn(entry["id"], rows)
        self.assertEqual(self.addresses(self.travel(end + NOTICE + TTL - 1, serials=0)), set())
        self.assertEqual(self.addresses(self.travel(end + NOTICE + TTL, serials=1)), {OLD})

    def restarts(self):
        for server in self.servers:
            server.stop()
            self.begin(server)
        self.settle()
        self.look(serials=0)


class WrongClock(ContractTest):
    """The wall clock is set while the daemon runs."""

    def setUp(self):
        super().setUp()
        self.pretend(BEGIN)
        self.outsides = [self.serve()]
        self.server = self.servers[0]
        self.look()
        self.edit("pin", "announce", "proxy", f"{NEW}/32", "--enabled", "2027-12-25")
        self.look(serials=1)
        self.change = instant("2027-12-25T12:00:00Z")
        self.before = self.travel("2027-12-25T11:00:00Z")

    def status(self):
        status, said = self.edit_at(self.server, "status")
        self.assertEqual(status, 0, said)
        return said

    def wait_until_frozen(self, is_frozen=True):
        wait_for(lambda: self.server.control("status")["clock"]["frozen"] == is_frozen, f"frozen: {is_frozen}")

    def assert_as_before(self):
        now = self.look(serials=0)
        self.assertEqual(now.document, self.before.document)
        self.assertEqual(set(now.answered), set(self.before.answered))

    def frozen_at(self, wall):
        right = self.clock.now
        self.clock.step(wall)
        self.wait_until_frozen()
        self.assertRegex(self.server.log(), "the clock stepped by .*nothing enters or leaves a pinned set")
        status = self.status()
        self.assertIn(f"pinned sets stay as they were at {text(right)} until it is right", status)
        stepped = re.search(r"FROZEN: it stepped by (-?\d+) s;", status)
        # By the clocks that ran on meanwhile.
        self.assertLess(abs(int(stepped[1]) - (wall - right)), MOST_STEP, status)
        self.assert_as_before()
        status, said = self.edit_at(self.server, "pin", "announce", "proxy", f"{CALLED_OFF}/32", "--enabled", "2029-01-01")
        self.assertEqual(status, 1, said)
        self.assertIn("the clock stepped", said)
        self.assertIn("zone-edit reload --accept-clock", said)
        self.assert_as_before()

    def test_forward_past_a_change_and_back(self):
        right = self.clock.now
        self.frozen_at(right + 2 * HOUR)
        self.clock.step(right)
        self.wait_until_frozen(False)
        self.assert_as_before()
        now = self.travel(self.change)
        self.assertEqual(self.addresses(now), {OLD, NEW})
        self.outsides[0].judge()

    def test_forward_and_accepted(self):
        self.frozen_at(self.clock.now + 2 * HOUR)
        status, said = self.edit_at(self.server, "reload", "--accept-clock")
        self.assertEqual(status, 0, said)
        self.settle()
        now = self.look(serials=1)
        self.assertEqual(self.addresses(now), {OLD, NEW})
        self.outsides[0].judge()

    def test_backwards_nothing_is_taken_back(self):
        now = self.travel(self.change, serials=1)
        self.before = now
        self.frozen_at(self.change - 30 * DAY)
        status, said = self.edit_at(self.server, "reload", "--accept-clock")
        self.assertEqual(status, 0, said)
        self.assertIn(f"WRONG: {30 * DAY} s behind what was recorded", self.status())
        self.assert_as_before()
        self.assertEqual(self.addresses(self.outsides[0].seen[-1]), {OLD, NEW})
        self.server.stop()
        self.begin(self.server)
        self.assert_as_before()

    def test_a_little_is_no_mistake(self):
        self.clock.step(self.clock.now + 5)
        self.settle()
        self.assertFalse(self.server.control("status")["clock"]["frozen"])
        self.assert_as_before()
        self.assertEqual(re.findall("the clock stepped", self.server.log()), [])


if __name__ == "__main__":
    main()
