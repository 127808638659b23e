#!/usr/bin/env python3
"""The pinned set: who gets it, and that answers and feed change together, by themselves, at the announced instant."""
import datetime
import json
import pathlib
import re
import time
import urllib.error
import urllib.request

from support import BIN, LOOPBACKS, SystemTest, UdpClient, main, run

SHARED, PINNED = "us-street.api.example.com.", "proxy.api.example.com."
CLIENT = "127.0.0.50"  # examples/pinned_ips/proxy.yaml
SET = {"A": ["192.0.2.9", "192.0.2.10", "192.0.2.77"], "AAAA": ["2001:db8:77::9", "2001:db8:77::10"]}
TTL = 300
TOLERANCE = 1.0  # seconds around an instant in which either state may be seen

STAYING, COMING, LEAVING = "192.0.2.9", "203.0.113.7", "192.0.2.77"


def text(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def set_with_change(comes=None, goes=None, ttl=TTL):
    """A set of three prefixes, all announced long ago: one for ever, one enabled and one retired at an instant."""
    enabled = text(comes) if comes else "2026-01-01"
    retired = f", retired: {text(goes)}" if goes else ""
    return f"""\
set: proxy
ttl: {ttl}
notice: 14d
entries:
  - {{cidr: {STAYING}/32, facility: dfw-1, enabled: 2026-01-01}}
  - {{cidr: {COMING}/32, facility: ewr-1, enabled: {enabled}}}
  - {{cidr: {LEAVING}/32, facility: ewr-1, enabled: 2026-01-01{retired}}}
clients:
  - {{name: loopback-test, sources: [{CLIENT}/32]}}
"""


class Feed:
    """/ip-ranges.json as a polling customer reads it."""

    def __init__(self, daemon):
        self.url = daemon.url("/ip-ranges.json")

    def get(self, etag=None):
        """(status, ETag, document); no document with 304."""
        request = urllib.request.Request(self.url, headers={"If-None-Match": etag} if etag else {})
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return response.status, response.headers["ETag"], json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["ETag"], None


def active(document, addresses):
    """The addresses among `addresses` that the feed says are answered."""
    cidrs = {entry["cidr"] for entry in document["entries"] if entry["state"] == "active"}
    return {address for address in addresses if f"{address}/32" in cidrs}


class Clients(SystemTest):
    """Who gets the set."""

    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.share(workers=2)

    def test_the_client_gets_the_set_every_time_and_others_the_pool(self):
        for rrtype, addresses in SET.items():
            for _ in range(100):
                mine = self.dnsd.ask(SHARED, rrtype, source=CLIENT)
                self.assertEqual(mine.data(rrtype), addresses)
                others = self.dnsd.ask(SHARED, rrtype, source="127.0.0.51").data(rrtype)
                self.assertEqual(len(others), 8)
                self.assertFalse(set(others) & set(addresses))

    def test_over_tcp_too(self):
        for rrtype, addresses in SET.items():
            self.assertEqual(self.dnsd.ask_tcp(SHARED, rrtype, source=CLIENT).data(rrtype), addresses)
            self.assertEqual(len(self.dnsd.ask_tcp(SHARED, rrtype, source="127.0.0.51").data(rrtype)), 8)

    def test_the_name_of_the_set_is_for_everybody(self):
        for at in LOOPBACKS:
            for rrtype, addresses in SET.items():
                for _ in range(10):
                    self.assertEqual(self.dnsd.ask(PINNED, rrtype, at=at).data(rrtype), addresses)

    def test_by_dig_and_kdig(self):
        for program in ("dig", "kdig"):
            for source, count in ((CLIENT, 3), ("127.0.0.49", 8)):
                output = run(program, f"@{LOOPBACKS[0]}", "-p", self.dnsd.port, "-b", source, SHARED, "A", "+short")
                found = output.split()
                self.assertEqual(len(found), count)
                self.assertEqual(sorted(found) == sorted(SET["A"]), source == CLIENT)


class Changes(SystemTest):
    """What happens at an instant, seen by polling answers and feed together."""

    def serve(self, seconds_ahead, ttl=TTL, comes=False, goes=False):
        """A daemon whose set changes `seconds_ahead`; (daemon, instant of the change in answers)."""
        change = int(time.time()) + seconds_ahead
        yaml = set_with_change(change if comes else None, change + ttl if goes else None, ttl)
        return self.announced_long_ago(yaml), change

    def announced_long_ago(self, yaml):
        """A daemon with this set, all of which another feed has listed since 2025."""
        rows = re.findall(r"cidr: (\S+), facility: (\S+), enabled: ([^,}]+)(?:, retired: ([^}]+))?", yaml)
        entries = [{"cidr": cidr, "facility": facility, "published": "2025-12-01", "enabled": enabled, "retired": retired or None}
                   for cidr, facility, enabled, retired in rows]

        def take_over(daemon):
            seed = pathlib.Path(daemon.path("seed.json"))
            seed.write_text(json.dumps({"entries": entries}), encoding="utf-8")
            run(str(BIN / "zone-edit"), "--config", str(daemon.path("dnsd.yaml")), "pin", "import", str(seed), "--set", "proxy")
        return self.daemon(files={"pinned_ips/proxy.yaml": yaml}, before_start=take_over)

    def poll(self, daemon, until):
        """[(before, after, answer, feed)]: the wall clock around each poll, a client's answer, the feed's response."""
        feed, polls, etag = Feed(daemon), [], None
        with UdpClient(daemon.port, source=CLIENT) as client:
            while time.time() < until:
                before = time.time()
                names = {name: client.ask(name) for name in (SHARED, PINNED)}
                status, tag, document = feed.get(etag)
                polls.append((before, time.time(), names, (status, tag, document)))
                etag = tag
                time.sleep(0.05)
        return polls

    def judge(self, polls, change, old, new, watched):
        documents = []
        for before, after, names, (status, _, document) in polls:
            if document is not None:
                documents.append((before, document))
            current = documents[-1][1]
            self.assertEqual(status == 304, document is None)
            if before < change < after:
                continue
            expected = old if after <= change else new
            for name, message in names.items():
                answered = set(message.data("A"))
                if before > change + TOLERANCE or after < change - TOLERANCE:
                    self.assertEqual(answered, expected, f"{name}, {before - change:+.2f} s from the change")
                    self.assertEqual(answered, active(current, watched), f"feed, {before - change:+.2f} s from the change")
                self.assertIn(answered, (old, new), name)
                for record in message.answer:
                    left = change - before
                    least, most = TTL, TTL
                    if answered == old:  # whole seconds, and a clock that the daemon reads once for many queries
                        least, most = max(0, left - 1.1), max(1, left + 1.1)
                    self.assertTrue(least <= record.ttl <= most,
                                    f"{name}: TTL {record.ttl} at {-left:+.2f} s from the change")
        self.assertGreater(sum(after <= change for _, after, _, _ in polls), 10)
        self.assertGreater(sum(before > change + TOLERANCE for before, *_ in polls), 10)
        return documents

    def judge_feed(self, polls, documents):
        """The document changes once, by one serial, with an ETag of its own; every other poll is a 304."""
        self.assertEqual(len(documents), 2, [d["serial"] for _, d in documents])
        (_, first), (_, second) = documents
        self.assertEqual(second["serial"], first["serial"] + 1)
        tags = [tag for *_, (status, tag, _) in polls if status == 200]
        self.assertEqual(len(set(tags)), 2)
        self.assertEqual([status for *_, (status, _, _) in polls].count(304), len(polls) - 2)
        return first, second

    def state(self, document, address):
        return next(entry["state"] for entry in document["entries"] if entry["cidr"] == f"{address}/32")

    def test_an_address_comes(self):
        daemon, change = self.serve(6, comes=True)
        self.assertEqual(daemon.control("status")["next_change"], text(change))
        polls = self.poll(daemon, change + 3)
        old, new = {STAYING, LEAVING}, {STAYING, LEAVING, COMING}
        documents = self.judge(polls, change, old, new, (STAYING, COMING, LEAVING))
        first, second = self.judge_feed(polls, documents)
        self.assertEqual((self.state(first, COMING), self.state(second, COMING)), ("announced", "active"))
        self.assertEqual(first["valid_until"], text(change))
        self.assertLessEqual(abs(documents[1][0] - change), TOLERANCE)
        self.assertIsNone(daemon.control("status")["next_change"])

    def test_an_address_goes(self):
        daemon, change = self.serve(6, goes=True)
        polls = self.poll(daemon, change + 3)
        old, new = {STAYING, COMING, LEAVING}, {STAYING, COMING}
        documents = self.judge(polls, change, old, new, (STAYING, COMING, LEAVING))
        first, second = self.judge_feed(polls, documents)
        self.assertEqual((self.state(first, LEAVING), self.state(second, LEAVING)), ("active", "draining"))
        self.assertEqual(daemon.control("status")["next_change"], text(change + TTL))  # then it is retired

    def test_one_comes_as_another_goes(self):
        """One answer set replaces the other at once: never both changes by halves."""
        daemon, change = self.serve(5, comes=True, goes=True)
        polls = self.poll(daemon, change + 3)
        old, new = {STAYING, LEAVING}, {STAYING, COMING}
        documents = self.judge(polls, change, old, new, (STAYING, COMING, LEAVING))
        self.judge_feed(polls, documents)

    def test_draining_ends_and_the_row_stays(self):
        change = int(time.time()) + 4
        yaml = set_with_change(goes=change + 2, ttl=2)
        daemon = self.announced_long_ago(yaml)
        feed, states = Feed(daemon), []
        while time.time() < change + 4:
            document = feed.get()[2]
            states.append((document["serial"], self.state(document, LEAVING)))
            time.sleep(0.1)
        serial = states[0][0]
        self.assertEqual(sorted(set(states)), [(serial, "active"), (serial + 1, "draining"), (serial + 2, "retired")])
        self.assertEqual(states, sorted(states))

    def test_a_restart_keeps_the_serial(self):
        daemon, change = self.serve(4, comes=True)
        feed = Feed(daemon)
        status, etag, document = feed.get()
        self.assertEqual(status, 200)
        daemon.stop()
        daemon.start()
        self.assertEqual(feed.get(etag)[:2], (304, etag))
        daemon.stop()
        time.sleep(max(0.0, change + 0.5 - time.time()))
        daemon.start()  # the change fell into the time it was away
        status, tag, after = feed.get(etag)
        self.assertEqual((status, after["serial"]), (200, document["serial"] + 1))
        self.assertNotEqual(tag, etag)
        self.assertEqual(set(daemon.ask(SHARED, source=CLIENT).data("A")), {STAYING, LEAVING, COMING})


if __name__ == "__main__":
    main()
