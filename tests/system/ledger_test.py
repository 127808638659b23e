#!/usr/bin/env python3
"""The ledger on a real disk: killed at random instants, out of room, read-only. What was acknowledged is there.

A writer of numbered records (tests/ledger/append_forever.cc) says each number once append() returned. It is killed with
SIGKILL again and again, on one ledger that grows; each time the ledger is verified by the class that wrote it, now and
then also by this file's own reading of the documented chain.

usage: ledger_test.py [unittest options]      LEDGER_ROUNDS: how many kills, 200 unless told
"""
import hashlib
import json
import os
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import own_network
import support
from support import run, start

WRITER = support.BIN.parent / "tests" / "append_forever"
ROUNDS = int(os.environ.get("LEDGER_ROUNDS", "200"))
MOST_AT_ONCE = 3  # records of one append


def expected(last):
    return [f"record {n}" + "." * (n % 7 * 40) for n in range(1, last + 1)]


def read(ledger):
    done = subprocess.run([WRITER, ledger, "read"], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{ledger} is refused: {done.stderr}")
    return done.stdout.splitlines()


def refusal(ledger, access):
    done = subprocess.run([WRITER, ledger, access], capture_output=True, text=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL)
    return done.stderr.strip() if done.returncode == 1 else f"not refused: {done.stdout[:100]}"


def independently(ledger):
    """The records, by another implementation of the chain."""
    with sqlite3.connect(ledger) as connection:
        rows = connection.execute("SELECT seq, previous, hash, body FROM records ORDER BY seq").fetchall()
    connection.close()
    head = "0" * 64
    for number, (seq, previous, digest, body) in enumerate(rows, 1):
        if (seq, previous, digest) != (number, head, hashlib.sha256(f"{head}\n{seq}\n{body}".encode()).hexdigest()):
            raise AssertionError(f"record {number} breaks the chain")
        head = digest
    witness = json.loads(pathlib.Path(ledger).with_suffix(".head").read_text(encoding="ascii"))
    if witness["seq"] > len(rows):
        raise AssertionError(f"the witness {witness} runs ahead of {len(rows)} records")
    return [row[3] for row in rows]


class Writer:
    """append_forever at work. Its lines are read as they come, so that it never waits for us."""

    def __init__(self, test, ledger):
        self.lines = []
        self.ended = False
        self.changed = threading.Condition()
        self.process = start([WRITER, ledger, "write"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.listen)
        self.reader.start()
        test.addCleanup(self.kill)

    def listen(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait_for(self, pattern, after=0):
        """The place behind the first line from `after` on that matches."""
        deadline = time.monotonic() + support.PATIENCE
        with self.changed:
            while True:
                for index in range(after, len(self.lines)):
                    if re.match(pattern, self.lines[index]):
                        return index + 1
                if self.ended or not self.changed.wait(deadline - time.monotonic()):
                    raise AssertionError(f"no line like {pattern} among the last of {self.lines[-3:]}")

    def kill(self):
        """How many records were acknowledged."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()
        return self.acknowledged()

    def acknowledged(self):
        with self.changed:
            return max((int(line.split()[-1]) for line in self.lines if re.fullmatch(r"(open )?\d+", line)), default=0)


class Ledger(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="dnsd-ledger-")
        self.addCleanup(self.folder.cleanup)
        self.ledger = pathlib.Path(self.folder.name, "ledger.db")
        self.seed = random.randrange(1 << 32)
        self.random = random.Random(self.seed)

    def verified(self, acknowledged, other_way=False):
        records = independently(self.ledger) if other_way else read(self.ledger)
        told = f"seed {self.seed}: {acknowledged} acknowledged, {len(records)} there"
        self.assertGreaterEqual(len(records), acknowledged, told)
        self.assertLessEqual(len(records), acknowledged + MOST_AT_ONCE, told)
        self.assertEqual(records, expected(len(records)), told)
        return len(records)

    def test_nothing_acknowledged_is_lost_by_kill_9(self):
        acknowledged = there = unacknowledged = 0
        for number in range(ROUNDS):
            writer = Writer(self, self.ledger)
            if number % 4:  # else it may be killed while it opens the ledger
                writer.wait_for("open")
            time.sleep(self.random.uniform(0, 0.12))
            acknowledged = max(writer.kill(), there)
            # Every other time nobody but the next writer cleans up.
            if number % 2:
                there = self.verified(acknowledged, other_way=number % 20 == 1)
                unacknowledged += there > acknowledged
            else:
                there = acknowledged
        there = self.verified(acknowledged)
        self.assertEqual(independently(self.ledger), expected(there))
        self.assertGreater(there, ROUNDS // 4, "the writer got to write")
        print(f"{ROUNDS} rounds of kill -9, {there} records, 0 acknowledged ones lost, "
              f"{unacknowledged} appends were there before they were acknowledged")

    def on_a_small_disk(self):
        run("mount", "-t", "tmpfs", "-o", "size=192k", "none", self.folder.name)
        self.addCleanup(run, "umount", self.folder.name)

    def test_a_full_disk_refuses_and_goes_on_when_there_is_room(self):
        self.on_a_small_disk()
        filler = pathlib.Path(self.folder.name, "filler")
        filler.write_bytes(bytes(64 << 10))
        writer = Writer(self, self.ledger)
        place = writer.wait_for("refused: ")
        self.assertIn("make room on its disk", writer.lines[place - 1])
        before = writer.acknowledged()
        self.assertGreater(before, 10)
        self.assertEqual(read(self.ledger), expected(before), "nothing of what was refused is there")
        print(f"full disk: {writer.lines[place - 1]}")
        filler.unlink()
        writer.process.stdin.write("again\n")
        writer.process.stdin.flush()
        writer.wait_for(r"\d+", after=place)
        place = writer.wait_for("refused: ", after=place)
        self.assertGreater(writer.acknowledged(), before)
        self.assertEqual(read(self.ledger), expected(writer.acknowledged()))

    def test_a_disk_that_turns_read_only(self):
        self.on_a_small_disk()
        writer = Writer(self, self.ledger)
        writer.wait_for("refused: ")
        acknowledged = writer.kill()
        run("mount", "-o", "remount,ro", self.folder.name)
        self.assertRegex(refusal(self.ledger, "write"), "may not be written; give the file .* not mounted read-only$")
        self.assertEqual(read(self.ledger), expected(acknowledged), "it can be read")


if __name__ == "__main__":
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
        support.main()
    else:
        own_network.enter(__file__, "--inside", *sys.argv[1:])
