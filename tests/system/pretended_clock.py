"""A clock that the programs under test take for the real one, and that a test moves while they run.

The wall clock stands still between two moves, so that nothing depends on how fast the machine is; the monotonic clocks
run, and leap along where time passes. All programs with environment() of one Clock live at the same instant.
"""
import datetime
import mmap
import os
import struct
import time

import support

LIBRARY = support.BIN.parent / "tests" / "libpretended_clock.so"
SECOND = 10**9
# As ContractClock: a step of the wall clock against the others by more is taken for a mistake.
MOST_STEP = 60


def instant(text):
    """Seconds since 1970 of "2028-02-29T12:00:00Z", or of the midnight at which a day begins."""
    form = "%Y-%m-%dT%H:%M:%SZ" if "T" in text else "%Y-%m-%d"
    return int(datetime.datetime.strptime(text, form).replace(tzinfo=datetime.timezone.utc).timestamp())


def text(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """`path`: a file of its own, which must outlive the programs."""

    def __init__(self, path, begin):
        self.path = path
        with open(path, "wb") as file:
            file.write(bytes(16))
        self.file = open(path, "r+b")  # pylint: disable=consider-using-with
        self.words = mmap.mmap(self.file.fileno(), 16)
        self.now = begin
        self.ahead = 0
        self.relation = begin * SECOND - time.monotonic_ns()  # wall less monotonic, as it was at the beginning
        self.write()

    def close(self):
        self.words.close()
        self.file.close()

    def environment(self):
        return {**os.environ, "LD_PRELOAD": str(LIBRARY), "PRETENDED_CLOCK": str(self.path)}

    def move(self, to):
        """Time passes, or is turned back by a second or so. The clocks stay together as far as monotonic ones can: they
        run while the wall clock stands still, and are never turned back."""
        self.now = to
        self.ahead = max(self.ahead, to * SECOND - time.monotonic_ns() - self.relation)
        self.write()
        behind = (self.ahead + time.monotonic_ns() + self.relation) / SECOND - to
        if behind > MOST_STEP / 2:
            raise AssertionError(f"the test is too slow: its wall clock fell {behind:.0f} s behind the others")

    def step(self, to):
        """The wall clock alone is set."""
        self.relation += (to - self.now) * SECOND
        self.now = to
        self.write()

    def write(self):
        """It stands still in the midst of a second: workers take the time from a coarse clock, some ms behind or ahead."""
        struct.pack_into("=q", self.words, 8, self.ahead)
        struct.pack_into("=q", self.words, 0, self.now * SECOND + SECOND // 2)
