#!/usr/bin/env python3
"""The daemon and its ledger when things go wrong: killed, out of room, read-only, damaged, rolled back, gone, not its own.

What was acknowledged stays; what cannot be trusted is not served; and who runs it is told what to do.

usage: ledger_faults_test.py [--say] [unittest options]      FAULT_ROUNDS: how many kills, 40 unless told
--say prints what was said to each fault, as a table.
"""
import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import own_network
import support
from support import Daemon, SystemTest, run, wait_for

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "40"))
NAME = "proxy.api.example.com."
STAYING = {"192.0.2.9", "192.0.2.10"}
FAR = "2040-01-01"
SET = """\
set: proxy
ttl: 300
notice: 14d
entries:
  - {cidr: 192.0.2.8/29, facility: dfw-1, enabled: 2026-01-01, addresses: [192.0.2.9, 192.0.2.10]}
"""
WAY_OUT = r"zone-edit ledger rebuild|restore"
SAID = []  # (fault, who, what)


def say(fault, who, what):
    lines = [line for line in what.splitlines() if line.strip()]
    SAID.append((fault, who, lines[-1].strip() if lines else ""))


def print_said():
    print("\n| fault | who | said |\n|---|---|---|")
    for row in SAID:
        print("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")


class FaultTest(SystemTest):
    """A daemon that is not expected to end well."""

    def folder(self, small=False):
        """A daemon that does not run yet. `small`: its state is on a disk of its own, with little room."""
        daemon = Daemon(files={"pinned_ips/proxy.yaml": SET})
        self.daemons.append(daemon)
        self.addCleanup(self.show_log, daemon)
        self.addCleanup(daemon.remove)
        self.addCleanup(lambda: setattr(daemon, "last_log", daemon.log()))
        self.state = daemon.path("state")
        if small:
            self.state.mkdir()
            run("mount", "-t", "tmpfs", "-o", "size=256k", "none", self.state)
            self.addCleanup(run, "umount", self.state)
        self.addCleanup(self.end, daemon)
        return daemon

    def end(self, daemon):
        if daemon.process and daemon.process.poll() is None:
            daemon.stop()

    def edit(self, daemon, *words):
        """(exit status, all it said)."""
        done = subprocess.run([support.BIN / "zone-edit", "--config", "dnsd.yaml", *words], cwd=daemon.folder,
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    def announcement(self, number):
        """A standby: those are not of the answers, which have room for a few only."""
        return "pin", "announce", "proxy", f"198.18.0.{number}/32", "--enabled", FAR, "--standby"

    def announce(self, daemon, number):
        status, said = self.edit(daemon, *self.announcement(number))
        self.assertEqual(status, 0, said)
        self.assertIn("dnsd serves it as generation", said)

    def feed(self, daemon, path="/ip-ranges.json"):
        with urllib.request.urlopen(daemon.url(path), timeout=support.PATIENCE) as response:
            return response.read()

    def document(self, daemon):
        return json.loads(self.feed(daemon))

    def listed(self, daemon):
        return {entry["cidr"] for entry in self.document(daemon)["entries"]}

    def assert_served(self, daemon, feed):
        self.assertEqual(self.feed(daemon), feed)
        self.assertEqual(set(daemon.ask(NAME).data("A")), STAYING)

    def refusal(self, daemon):
        """dnsd does not start on this; what it says."""
        with tempfile.TemporaryFile() as output:
            process = support.start(daemon.command(), cwd=daemon.folder, stdout=output, stderr=output,
                                    stdin=subprocess.DEVNULL)
            try:
                code = process.wait(support.PATIENCE)
            except subprocess.TimeoutExpired:
                support.end(process)
                code = None
            output.seek(0)
            said = output.read().decode(errors="replace")
        self.assertEqual(code, 1, f"it started, or ended otherwise:\n{said}")
        return said.strip()


class Killed(FaultTest):
    """kill -9 while zone-edit is at work."""

    def setUp(self):
        super().setUp()
        self.seed = random.randrange(1 << 32)
        self.random = random.Random(self.seed)
        self.dnsd = self.folder()
        self.acknowledged = []  # (verb, cidr)
        self.others = set()  # what zone-edit said where it was not
        self.live, self.number = [], 0

    def next_edit(self):
        if len(self.live) > 5:
            return "cancel", self.live.pop(self.random.randrange(len(self.live)))
        self.number += 1
        cidr = f"198.19.{self.number // 250}.{self.number % 250}/32"
        self.live.append(cidr)
        return "announce", cidr

    def edit_and_kill(self, longest):
        """Whether the edit was acknowledged."""
        verb, cidr = self.next_edit()
        words = ["pin", verb, "proxy", cidr, *(["--enabled", FAR, "--standby"] if verb == "announce" else [])]
        with subprocess.Popen([support.BIN / "zone-edit", "--config", "dnsd.yaml", *words], cwd=self.dnsd.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as edit:
            time.sleep(self.random.uniform(0, longest))
            process, self.dnsd.process = self.dnsd.process, None
            process.send_signal(signal.SIGKILL)
            process.wait()
            said = edit.communicate(timeout=60)[0]
        self.assertEqual(edit.returncode, 0, said)
        is_served = "dnsd serves it as generation" in said
        if is_served:
            self.acknowledged.append((verb, cidr))
        else:
            self.others.update(line for line in said.splitlines() if line.startswith("zone-edit: "))
        return is_served

    def assert_all_there(self, told):
        status, said = self.edit(self.dnsd, "ledger", "list", "--json")
        self.assertEqual(status, 0, said)
        records = json.loads(said)["records"]
        cidr_of = {r["entry"]: r["cidr"] for r in records if r["edit"] == "announce"}
        by_edits = [(r["edit"], cidr_of[r["entry"]]) for r in records if r["actor"].startswith("zone-edit pin ")]
        state_of = {e["cidr"]: e["state"] for e in self.document(self.dnsd)["entries"]}
        for verb, cidr in self.acknowledged:
            self.assertEqual(by_edits.count((verb, cidr)), 1, f"{told}: {verb} {cidr}")
            self.assertIn(state_of[cidr], {"cancelled"} if verb == "cancel" else {"announced", "cancelled"}, told)
        return len(records)

    def test_nothing_acknowledged_is_lost(self):
        self.dnsd.start()
        begin = time.monotonic()
        self.announce(self.dnsd, 1)
        longest = 2 * (time.monotonic() - begin)
        before, feed = self.document(self.dnsd), self.feed(self.dnsd)
        for number in range(ROUNDS):
            is_served = self.edit_and_kill(longest)
            self.dnsd.start()
            told = f"seed {self.seed}, round {number}"
            document = self.document(self.dnsd)
            self.assertGreaterEqual(document["serial"], before["serial"] + is_served, told)
            self.assertEqual(self.feed(self.dnsd, f"/ip-ranges/snapshots/{before['serial']}.json"), feed, told)
            if number % 10 == 9 or number == ROUNDS - 1:
                records = self.assert_all_there(told)
            before, feed = document, self.feed(self.dnsd)
        for said in sorted(self.others):
            say("kill -9 during an edit", "zone-edit", said)
        print(f"{ROUNDS} rounds of kill -9, {records} records, {len(self.acknowledged)} edits acknowledged, 0 lost")


class Disk(FaultTest):
    """A disk without room, or one that takes nothing."""

    def fill(self, but):
        """Takes all room of the small disk but so many KiB."""
        with open(self.state / "filler", "ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        size = (self.state / "filler").stat().st_size
        os.truncate(self.state / "filler", max(0, size - (but << 10)))

    def test_a_full_disk(self):
        dnsd = self.folder(small=True)
        dnsd.start()
        self.announce(dnsd, 1)
        refused = served = 0
        for room in (0, 4, 8, 12, 16, 24, 32, 64):
            with self.subTest(room=f"{room} KiB"):
                feed, yaml = self.feed(dnsd), dnsd.read("pinned_ips/proxy.yaml")
                self.fill(but=room)
                words = self.announcement(100 + room)
                status, said = self.edit(dnsd, *words)
                if status != 0:
                    refused += 1
                    say(f"full disk, {room} KiB left", "zone-edit", "\n".join(said.splitlines()[-2:-1]))
                    self.assertRegex(said, "make room|No space left|disk is full")
                    self.assertEqual(dnsd.read("pinned_ips/proxy.yaml"), yaml)
                    self.assert_served(dnsd, feed)
                (self.state / "filler").unlink()
                if status != 0:
                    status, said = self.edit(dnsd, *words)
                    self.assertEqual(status, 0, said)
                else:
                    served += 1
                wait_for(lambda r=room: f"198.18.0.{100 + r}/32" in self.listed(dnsd),
                         "the feed shows what was acknowledged")
        self.assertGreater(refused, 0)
        self.assertGreater(served, 0)
        feed = self.feed(dnsd)
        dnsd.stop()
        dnsd.start()
        self.assert_served(dnsd, feed)

    def read_only(self, path):
        """What is mounted over itself, so that nothing of it may be written by that name."""
        run("mount", "--bind", path, path)
        self.addCleanup(run, "umount", path, check=False)
        run("mount", "-o", "remount,ro,bind", path)

    def test_a_state_folder_that_turns_read_only(self):
        dnsd = self.folder()
        dnsd.start()
        self.announce(dnsd, 1)
        feed, yaml = self.feed(dnsd), dnsd.read("pinned_ips/proxy.yaml")
        self.read_only(self.state)
        words = self.announcement(2)
        status, said = self.edit(dnsd, *words)
        self.assertEqual(status, 1, said)
        say("state folder turns read-only", "zone-edit", said)
        self.assertRegex(said, "[Rr]ead-only")
        self.assertEqual(dnsd.read("pinned_ips/proxy.yaml"), yaml)
        # Nor does an edit of the file itself pass.
        dnsd.write("pinned_ips/proxy.yaml", yaml + f"  - {{cidr: 198.18.0.3/32, enabled: {FAR}, standby: [198.18.0.3]}}\n")
        answer = dnsd.control("reload")
        self.assertFalse(answer["ok"], answer)
        say("state folder turns read-only", "dnsd, reload", answer["errors"][0])
        self.assertRegex(answer["errors"][0], "[Rr]ead-only|written")
        self.assert_served(dnsd, feed)
        run("umount", self.state)
        self.assertTrue(dnsd.control("reload")["ok"])
        self.assertEqual(self.edit(dnsd, *words)[0], 0)
        self.assertEqual(self.listed(dnsd), {"192.0.2.8/29", *(f"198.18.0.{n}/32" for n in (1, 2, 3))})

    def test_a_ledger_that_may_not_be_written(self):
        dnsd = self.folder()
        dnsd.start()
        self.announce(dnsd, 1)
        feed = self.feed(dnsd)
        dnsd.stop()
        for fault, path in (("ledger file read-only", self.state / "ledger.db"), ("state folder read-only", self.state)):
            with self.subTest(fault):
                self.read_only(path)
                said = self.refusal(dnsd)
                say(fault, "dnsd, start", said)
                self.assertIn(str(path.relative_to(dnsd.folder)), said)
                self.assertRegex(said, "read-only|may not be written|Read-only")
                run("umount", path)
        dnsd.start()
        self.assert_served(dnsd, feed)


class Damaged(FaultTest):
    """A ledger that is not what the daemon wrote last: it is not served from, and there is a way out."""

    def setUp(self):
        super().setUp()
        self.dnsd = self.folder()
        self.dnsd.start()
        self.announce(self.dnsd, 1)
        self.dnsd.stop()
        self.older = self.copy_of_state("older")
        self.dnsd.start()
        self.announce(self.dnsd, 2)
        self.announce(self.dnsd, 3)
        self.saved = self.dnsd.path("saved.json")
        self.saved.write_bytes(self.feed(self.dnsd))
        self.dnsd.stop()
        self.newest = self.copy_of_state("newest")
        self.ledger = self.state / "ledger.db"

    def copy_of_state(self, name):
        target = self.dnsd.path(name)
        shutil.copytree(self.state, target, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
        return target

    def put(self, source, *names):
        """State files of another moment, or of another daemon, in place of ours."""
        for name in names:
            shutil.copy(source / name, self.state / name)

    def afresh(self):
        shutil.rmtree(self.state)
        shutil.copytree(self.newest, self.state)

    def truncate(self, part):
        os.truncate(self.ledger, int(self.ledger.stat().st_size * part))

    def flip(self, at):
        with open(self.ledger, "r+b") as file:
            file.seek(at)
            octet = file.read(1)[0]
            file.seek(at)
            file.write(bytes([octet ^ 1 << at % 8]))

    def flip_in(self, what):
        self.flip(self.ledger.read_bytes().index(what) + len(what) // 2)

    def foreign(self):
        """State of another daemon, with more issues than ours."""
        other = self.folder()
        state = self.state
        time.sleep(4)  # no issue of it is of the same second as that of ours
        other.start()
        for number in range(10, 16):
            self.announce(other, number)
        other.stop()
        self.state = self.dnsd.path("state")
        return state

    def test_what_cannot_be_trusted_is_not_served(self):
        foreign, yaml = self.foreign(), self.dnsd.read("pinned_ips/proxy.yaml")
        damages = {
            "ledger truncated to a half": lambda: self.truncate(0.5),
            "ledger truncated by its last page": lambda: os.truncate(self.ledger, self.ledger.stat().st_size - 4096),
            "ledger empty": lambda: self.truncate(0),
            "one bit flipped in a record": lambda: self.flip_in(b"198.18.0.2/32"),
            "one bit flipped in the database's header": lambda: self.flip(3),
            "ledger rolled back": lambda: self.put(self.older, "ledger.db"),
            "ledger and its witness rolled back": lambda: self.put(self.older, "ledger.db", "ledger.head"),
            "ledger deleted": self.ledger.unlink,
            "ledger and its witness deleted": lambda: [self.ledger.unlink(), (self.state / "ledger.head").unlink()],
            "ledger of another daemon": lambda: self.put(foreign, "ledger.db"),
            "ledger and witness of another daemon": lambda: self.put(foreign, "ledger.db", "ledger.head"),
            "a text file in its place": lambda: self.ledger.write_text("no ledger\n" * 500, encoding="ascii"),
            "feed.json damaged": lambda: (self.state / "feed.json").write_text("{", encoding="ascii"),
        }
        for fault, damage in damages.items():
            with self.subTest(fault):
                self.end(self.dnsd)  # where the one before failed
                self.dnsd.write("pinned_ips/proxy.yaml", yaml)
                self.afresh()
                damage()
                said = self.refusal(self.dnsd)
                say(fault, "dnsd, start", said)
                self.assertIn("feed.json" if fault.startswith("feed.json") else "state/ledger.db", said)
                self.assertRegex(said, WAY_OUT)
                if fault.startswith("feed.json"):
                    (self.state / "feed.json").unlink()
                    self.dnsd.start()
                    self.assert_served(self.dnsd, self.saved.read_bytes())
                    self.dnsd.stop()
                else:
                    self.rebuild(fault)

    def rebuild(self, fault):
        saved = json.loads(self.saved.read_bytes())
        status, said = self.edit(self.dnsd, "ledger", "rebuild", "saved.json")
        self.assertEqual(status, 0, said)
        say(fault, "zone-edit ledger rebuild", said)
        self.dnsd.start()
        document = self.document(self.dnsd)
        # The first issue is of the document that was saved, which does not know what is a standby; the files do.
        self.assertEqual(document["serial"], saved["serial"] + 2)
        kept = ("id", "cidr", "published_at", "enabled_at", "state")
        self.assertEqual([[e[key] for key in kept] for e in document["entries"]],
                         [[e[key] for key in kept] for e in saved["entries"]])
        self.assertEqual(set(self.dnsd.ask(NAME).data("A")), STAYING)
        self.announce(self.dnsd, 4)
        self.assertEqual(self.document(self.dnsd)["serial"], saved["serial"] + 3)
        self.dnsd.stop()

    def test_a_bit_flipped_anywhere_is_seen_or_without_meaning(self):
        feed, seed = self.saved.read_bytes(), random.randrange(1 << 32)
        places = random.Random(seed).sample(range(self.ledger.stat().st_size), 12)
        seen = 0
        for at in places:
            self.afresh()
            self.flip(at)
            with subprocess.Popen(self.dnsd.command("--check"), cwd=self.dnsd.folder, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as check:
                code = check.wait(60)
            if code == 0:
                with contextlib.suppress(AssertionError):
                    self.dnsd.start()
                if self.dnsd.process.poll() is None:
                    self.assertEqual(self.feed(self.dnsd), feed, f"seed {seed}: octet {at}")
                    self.dnsd.stop()
                    continue
                self.dnsd.process = None
            seen += 1
        print(f"{seen} of {len(places)} flipped bits were refused, the others changed nothing (seed {seed})")

    def test_two_daemons_on_one_state_folder(self):
        self.dnsd.start()
        first = self.dnsd.read("dnsd.yaml")
        ports = {str(self.dnsd.port): str(support.free_port()), str(self.dnsd.http_port): str(support.free_port())}
        self.dnsd.write("second.yaml", re.sub("|".join(ports), lambda match: ports[match[0]], first))
        second = subprocess.run([support.DNSD, "--config", "second.yaml"], cwd=self.dnsd.folder, capture_output=True,
                                text=True, timeout=support.PATIENCE, check=False)
        said_by_second = second.stdout + second.stderr
        self.assertEqual(second.returncode, 1, said_by_second)
        say("a second daemon on the state folder", "dnsd, start", said_by_second)
        self.assertIn("is dnsd already running on the state folder state?", said_by_second)
        status, said = self.edit(self.dnsd, "ledger", "rebuild", "saved.json")
        self.assertEqual(status, 1, said)
        say("rebuild while the daemon runs", "zone-edit ledger rebuild", said)
        self.assert_served(self.dnsd, self.saved.read_bytes())


if __name__ == "__main__":
    if "--inside" not in sys.argv:
        own_network.enter(__file__, "--inside", *sys.argv[1:])
    sys.argv.remove("--inside")
    wants_said = "--say" in sys.argv
    if wants_said:
        sys.argv.remove("--say")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        unittest.main(verbosity=2)
    finally:
        if wants_said:
            print_said()
