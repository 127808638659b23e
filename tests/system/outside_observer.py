"""Somebody outside, who knows of a pinned set what its customers can know: the documents and the answers, and when.

At the end judge() holds all that was seen against the promise. Nothing here knows the daemon's files.
"""
import collections
import http.client
import ipaddress
import json
import pathlib
import re

import support
from pretended_clock import instant, text

DOCUMENT = "/ip-ranges.json"
# Every view of the feed there is, whatever is added to them.
VIEWS = re.findall(r'^    \{"[^"]+", "(/[^"]+)"', (support.TOP / "pinned_ips/feed/formats.cc").read_text(encoding="utf-8"),
                   re.MULTILINE)
LIVE = {"announced", "standby", "active", "draining"}
NOTICE = 14 * 86400

Seen = collections.namedtuple("Seen", "at document answered")


def entry_of(document, address):
    """The entry that stands for an address; the live one where there were several. None: it is not listed."""
    rows = [e for e in document["entries"] if ipaddress.ip_address(address) in ipaddress.ip_network(e["cidr"])]
    return min(rows, key=lambda e: e["state"] not in LIVE, default=None)


class Outside:
    """`server`: a support.Daemon, of which only the ports are used. `names`: what its customers ask for."""

    def __init__(self, server, name, clock):
        self.server, self.name, self.clock = server, name, clock
        self.seen = []
        self.snapshots = {}  # serial: octets

    # ---- seeing

    def get(self, paths):
        """{path: (status, octets)} over one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.http_port, timeout=support.PATIENCE)
        responses = {}
        try:
            for path in paths:
                connection.request("GET", path)
                response = connection.getresponse()
                responses[path] = response.status, response.read()
        finally:
            connection.close()
        return responses

    def document_at(self, path):
        status, octets = self.get([path])[path]
        if status != 200:
            raise AssertionError(f"{path}: {status} {octets[:200]}")
        return json.loads(octets)

    def ask(self):
        """{address: TTL} of both families."""
        with support.UdpClient(self.server.port) as client:
            records = client.ask(self.name).answer + client.ask(self.name, "AAAA").answer
        return {record.data: record.ttl for record in records}

    def look(self, views=()):
        """What there is to see now, written down. The views with the document."""
        documents = self.get([DOCUMENT, *views])
        status, octets = documents[DOCUMENT]
        if status != 200:
            raise AssertionError(f"{DOCUMENT}: {status}")
        document = json.loads(octets)
        now = Seen(self.clock.now, document, self.ask())
        self.compare_with_last(now, octets)
        self.seen.append(now)
        return documents

    def compare_with_last(self, now, octets):
        """The serial rises by one for each document; those that fell between two looks are in the snapshots."""
        serial = now.document["serial"]
        known = max(self.snapshots, default=serial - 1)
        if serial < known:
            raise AssertionError(f"the serial fell from {known} to {serial}")
        missed = [self.path_of(number) for number in range(known + 1, serial + 1)]
        for path, (status, snapshot) in self.get(missed).items():
            if status != 200:
                raise AssertionError(f"{path}: {status}")
            self.add_snapshot(snapshot)
        if self.snapshots[serial] != octets:
            raise AssertionError(f"serial {serial} at {text(now.at)} is not its snapshot, or changed without a new serial")

    def add_snapshot(self, octets):
        document = json.loads(octets)
        serial = document["serial"]
        before = self.snapshots.get(serial - 1)
        if before and self.meaning(json.loads(before)) == self.meaning(document):
            raise AssertionError(f"serial {serial} says what {serial - 1} said")
        self.snapshots[serial] = octets

    @staticmethod
    def meaning(document):
        stamps = ("serial", "generated_at", "valid_until", "syncToken", "createDate")
        return {key: value for key, value in document.items() if key not in stamps}

    @staticmethod
    def path_of(serial):
        return f"/ip-ranges/snapshots/{serial}.json"

    # ---- judging

    def judge(self):
        """Everything that was promised; raises at the first breach. What was judged, in numbers."""
        self.judge_snapshots()
        self.judge_changes()
        first = {}
        for number, seen in enumerate(self.seen):
            for address in seen.answered:
                if number == 0 or address not in self.seen[number - 1].answered:
                    first.setdefault(address, []).append(number)
        coming = sum(self.judge_entry(address, number) for address, numbers in first.items() for number in numbers)
        going = sum(self.judge_exit(address, number) for number in range(1, len(self.seen))
                    for address in set(self.seen[number - 1].answered) - set(self.seen[number].answered))
        for seen in self.seen:
            self.judge_answer(seen)
        return {"looks": len(self.seen), "serials": len(self.snapshots), "comings": coming, "goings": going}

    def judge_snapshots(self):
        paths = {self.path_of(serial): octets for serial, octets in self.snapshots.items()}
        for path, (status, octets) in self.get(paths).items():
            if (status, octets) != (200, paths[path]):
                raise AssertionError(f"{path} is not what it was: {status}")

    def judge_entry(self, address, number):
        """An address that is answered stood in the feed all the time of the notice before. 0: it needed no notice."""
        now = self.seen[number]
        entry = entry_of(now.document, address)
        if entry is None or entry["state"] != "active":
            raise AssertionError(f"{address} is answered at {text(now.at)}, and the feed says {entry}")
        if entry["genesis"] or entry["notice_waived"]:
            return 0
        since = now.at
        for seen in reversed(self.seen[:number]):
            listed = entry_of(seen.document, address)
            if listed is None or listed["id"] != entry["id"] or listed["state"] not in LIVE:
                break
            since = seen.at
        if now.at - since < NOTICE:
            raise AssertionError(f"{address} is answered at {text(now.at)} and stands in the feed since {text(since)}")
        return 1

    def judge_exit(self, address, number):
        """One that is gone was said to go a whole notice ago, for that moment. 0: it was revoked, or gave way to others."""
        now = self.seen[number]
        entry = entry_of(now.document, address)
        if entry["state"] == "revoked":
            return 0
        told = [seen.at for seen in self.seen[:number] if self.end_of(seen, entry["id"]) is not None
                and self.end_of(seen, entry["id"]) <= now.at]
        if not told or now.at - min(told) < NOTICE:
            raise AssertionError(f"{address} is gone at {text(now.at)}; the feed says so since "
                                 f"{text(min(told)) if told else 'never'}")
        return 1

    @staticmethod
    def end_of(seen, entry_id):
        """When the answers of an entry end by what was seen then. None: it was not said."""
        for entry in seen.document["entries"]:
            if entry["id"] == entry_id and entry["last_answer_at"]:
                return instant(entry["last_answer_at"])
        return None

    def judge_answer(self, seen):
        """Answers and document belong together, at every moment; no cache keeps an answer over a change."""
        for address, ttl in seen.answered.items():
            entry = entry_of(seen.document, address)
            if entry is None or entry["state"] != "active":
                raise AssertionError(f"{address} is answered at {text(seen.at)}, and the feed says {entry}")
            end = self.end_of(seen, entry["id"])
            if end is not None and seen.at + ttl > max(end, seen.at + 1):
                raise AssertionError(f"TTL {ttl} of {address} at {text(seen.at)}: it goes at {text(end)}")
        for entry in seen.document["entries"]:
            network = ipaddress.ip_network(entry["cidr"])
            if entry["state"] == "active" and not any(ipaddress.ip_address(a) in network for a in seen.answered):
                raise AssertionError(f"nothing of {entry['cidr']} is answered at {text(seen.at)}, and the feed says active")

    def judge_changes(self):
        """changes.json names, since any serial, the entries whose state or instants changed, under the right serial."""
        serials = sorted(self.snapshots)
        everything = self.document_at(f"/ip-ranges/changes.json?since={serials[0]}")["changes"]
        for since in serials:
            document = self.document_at(f"/ip-ranges/changes.json?since={since}")
            expected = [change for change in everything if change["serial"] > since]
            if document["changes"] != expected or document["serial"] != serials[-1] or not document["complete"]:
                raise AssertionError(f"changes.json?since={since} does not go on with that since {serials[0]}")
        told = collections.Counter((c["serial"], c["entry"]) for c in everything)
        for serial in serials[1:]:
            before, after = (self.moments(json.loads(self.snapshots[number])) for number in (serial - 1, serial))
            for entry_id, (state, moments) in after.items():
                was_state, was_moments = before.get(entry_id, (None, None))
                moved = moments != was_moments or (state != was_state and {state, was_state} != {"retired", "quarantined"}
                                                   and {state, was_state} != {"standby", "active"})
                if moved != bool(told[serial, entry_id]):
                    raise AssertionError(f"serial {serial}: {entry_id} was {was_state} {was_moments}, is {state} {moments}; "
                                         f"changes.json has {told[serial, entry_id]} changes of it")

    @staticmethod
    def moments(document):
        return {e["id"]: (e["state"], (e["enabled_at"], e["last_answer_at"], e["retired_at"])) for e in document["entries"]}
