"""dnsd, NSD and Knot on loopback with the same zones, and many questions to each at once."""
import contextlib
import pathlib
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time

import configurations
import support
from world import Query, text, wire_name, zone_text

REFERENCES = ("nsd", "knot")
WINDOW = 64  # questions on the way to one server


class Farm(contextlib.ExitStack):
    """All three, each with every zone of the worlds. `placed`: [(label, World)]; `serves` says afterwards which
    (label, index of the zone) are served by all; `refused`: {(label, index): [messages]} by dnsd alone."""

    def __init__(self, placed):
        super().__init__()
        self.placed = placed
        self.ports, self.serves, self.refused = {}, {}, {}

    def __enter__(self):
        try:
            self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dnsd-differential-"))
            self.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self.zones = [(label, index, zone) for label, world in self.placed for index, zone in enumerate(world.zones)]
            self.ports["dnsd"] = self.start_dnsd()
            for label, index, zone in self.zones:
                (self.folder / f"{label}-{index}.zone").write_text(zone_text(zone, label))
            for configure in (configurations.nsd, configurations.knot):
                self.ports[configure.__name__] = self.start_reference(configure)
            self.wait()
        except BaseException:
            self.close()
            raise
        return self

    def start_dnsd(self):
        files = {"pinned_ips/.keep": ""}
        for label, index, zone in self.zones:
            files[f"zones/{label}-{index}.zone"] = zone_text(zone, label)
            origin = text(zone.origin, label).rstrip(".")
            files[f"zones/{label}-{index}.yaml"] = f"zone: '{origin}'\nrecords: {label}-{index}.zone\n"
        daemon = support.Daemon(data=None, files=files, settings="log: {level: error}")
        self.callback(daemon.remove)
        told = subprocess.run(daemon.command("--check"), cwd=daemon.folder, capture_output=True, text=True, check=False)
        for name, index, message in re.findall(r"^zones/(\w+)-(\d)\.zone:[\d:]* error: (.*)", told.stdout + told.stderr, re.M):
            self.refused.setdefault((name, int(index)), []).append(message)
            for ending in ("yaml", "zone"):
                daemon.path(f"zones/{name}-{index}.{ending}").unlink(missing_ok=True)
        daemon.start()
        self.callback(daemon.stop)
        return daemon.port

    def start_reference(self, configure):
        """`configure` is a function of tests/compare/configurations.py."""
        port = support.free_port()
        folder = self.folder / configure.__name__
        folder.mkdir()
        zones = [(text(zone.origin, label), self.folder / f"{label}-{index}.zone") for label, index, zone in self.zones]
        command = configure(folder, port, zones)
        log = self.enter_context(open(folder / "out", "wb"))
        process = support.start(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.callback(support.end, process)
        return port

    def complaints(self):
        """What the references say of zones: {(label, index): [(server, message)]}."""
        found = {}
        for server, log in (("nsd", "nsd/nsd.log"), ("knot", "knot/knot.log")):
            path = self.folder / log
            for line in path.read_text(errors="replace").splitlines() if path.exists() else ():
                named = re.search(r"/(\w+)-(\d)\.zone'?(.*)", line)
                if named and "error" in line:
                    found.setdefault((named[1], int(named[2])), []).append((server, named[3]))
        return found

    def wait(self):
        """Until each server answers for each zone, or goes on saying that it does not for as long as it should take."""
        for name, port in self.ports.items():
            settled, deadline = None, time.monotonic() + 60
            while True:
                served = self.zones_of(port)
                if all(served.values()):
                    break
                now = time.monotonic()
                if any(value is not None for value in served.values()):
                    settled = settled or now
                if (settled and now - settled > 1.5) or now > deadline:
                    break
                time.sleep(0.1)
            if all(value is None for value in served.values()):
                raise AssertionError(f"{name} does not answer; see {self.folder}")
            self.serves[name] = {key for key, value in served.items() if value}

    def zones_of(self, port):
        """Which zones a server answers for; None where it says nothing."""
        questions = [Query(zone.origin, "SOA").wire(label, ident) for ident, (label, _, zone) in enumerate(self.zones)]
        answers = ask(port, questions, tries=1, patience=0.5)
        served = {}
        for (label, index, zone), answer in zip(self.zones, answers):
            # AA, and the first record is an SOA whose owner points at the question.
            after = 12 + len(wire_name(zone.origin, label)) + 4
            served[label, index] = None if answer is None else \
                bool(answer[2] & 4) and answer[after:after + 4] == b"\xc0\x0c\0\x06"
        return served


def ask(port, questions, tries=3, patience=1.0):
    """Answers by position; None where there is none. The ID of a question is its position modulo 65536."""
    answers = [None] * len(questions)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        s.connect(("127.0.0.1", port))
        for _ in range(tries):
            missing = [i for i, answer in enumerate(answers) if answer is None]
            for at in range(0, len(missing), WINDOW):
                waiting = {i & 0xffff: i for i in missing[at:at + WINDOW]}
                with contextlib.suppress(ConnectionRefusedError):
                    for i in waiting.values():
                        s.send(questions[i])
                    deadline = time.monotonic() + patience
                    while waiting and select.select([s], [], [], max(0, deadline - time.monotonic()))[0]:
                        got = s.recv(65535)
                        ident = int.from_bytes(got[:2], "big")
                        if ident in waiting:
                            answers[waiting.pop(ident)] = got
    return answers
