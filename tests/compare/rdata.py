#!/usr/bin/python3
"""Compares the RDATA that dnsd makes of a master file with what other implementations make of it, octet by octet.

usage: tests/compare/rdata.py [--zone FILE] [--servers named,nsd,knotd,pdns,dnspython] [-v]

Needs the servers (apt-get install bind9 nsd knot pdns-server pdns-backend-bind; none is needed to build or test dnsd)
and build/bin/dnsd (or DNSD_BIN). Each server gets the records that it loads one by one; the records that it refuses are
listed, since most do not know all types. All servers run on 127.0.0.1 on free ports for some seconds. Ends with 1 where
RDATA differs.
"""
import argparse
import collections
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests/system"))
from support import free_port  # noqa: E402

BIN = pathlib.Path(os.environ.get("DNSD_BIN", TOP / "build/bin"))
ORIGIN = "example.com."
HEAD = f"$ORIGIN {ORIGIN}\n$TTL 300\n"
BASE = ("@ SOA ns1 hostmaster 2026112101 2h 1h 2w 5m", "@ NS ns1", "ns1 A 192.0.2.1")

# Types whose names servers compress: octets before the first name, names.
COMPRESSED = {2: (0, 1), 3: (0, 1), 4: (0, 1), 5: (0, 1), 6: (0, 2), 7: (0, 1), 8: (0, 1), 9: (0, 1), 12: (0, 1),
              14: (0, 2), 15: (2, 1)}

NAMED = """options {{ directory "{dir}"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no;
 pid-file "{dir}/pid"; session-keyfile "{dir}/key"; lock-file none; notify no; check-names primary ignore;
 check-integrity no; check-wildcard no; check-dup-records ignore; check-spf ignore; dnssec-validation no; }};
controls {{ }};
zone "example.com" {{ type primary; file "{zone}"; }};
"""
NSD = """server:
 ip-address: 127.0.0.1@{port}
 username: ""
 zonesdir: ""
 database: ""
 pidfile: "{dir}/pid"
 xfrdfile: "{dir}/xfrd"
 zonelistfile: "{dir}/list"
 xfrdir: "{dir}"
 server-count: 1
remote-control:
 control-enable: no
zone:
 name: "example.com"
 zonefile: "{zone}"
"""
KNOT = """server:
 rundir: "{dir}"
 listen: 127.0.0.1@{port}
 udp-workers: 1
 tcp-workers: 1
 background-workers: 1
log:
 - target: stderr
   any: error
database:
 storage: "{dir}"
 journal-db-max-size: 50M
 timer-db-max-size: 50M
 kasp-db-max-size: 10M
zone:
 - domain: example.com
   file: "{zone}"
   semantic-checks: off
   zonefile-sync: -1
   journal-content: none
"""
PDNS = """launch=bind
bind-config={dir}/named.conf
local-address=127.0.0.1
local-port={port}
socket-dir={dir}
daemon=no
guardian=no
security-poll-suffix=
distributor-threads=1
dname-processing=yes
"""
DNSD = "listen: [127.0.0.1:{port}]\nworkers: 1\n"

Server = collections.namedtuple("Server", "program config files argv check")
SERVERS = {
    "dnsd": Server("dnsd", "dnsd.yaml", {"dnsd.yaml": DNSD, "zones/z.yaml": "zone: example.com\nrecords: {zone}\n"},
                   ["{program}", "--config", "{dir}/dnsd.yaml"], None),
    "named": Server("named", "named.conf", {"named.conf": NAMED}, ["named", "-g", "-n", "1", "-c", "{dir}/named.conf"],
                    ["named-checkzone", "-i", "none", "-k", "ignore", "-r", "ignore", "example.com", "{zone}"]),
    "nsd": Server("nsd", "nsd.conf", {"nsd.conf": NSD}, ["nsd", "-d", "-c", "{dir}/nsd.conf"],
                  ["nsd-checkzone", "example.com", "{zone}"]),
    "knotd": Server("knotd", "knot.conf", {"knot.conf": KNOT}, ["knotd", "-c", "{dir}/knot.conf"], None),
    "pdns": Server("pdns_server", "pdns.conf",
                   {"pdns.conf": PDNS, "named.conf": 'zone "example.com" {{ type master; file "{zone}"; }};\n'},
                   ["pdns_server", "--config-dir={dir}"], None),
}


def records(path):
    """The records of a file that has one on each line."""
    lines = [line for line in path.read_text().splitlines() if line and line[0] not in ";$ "]
    return [line for line in lines if " SOA " not in line]


# ---- messages ------------------------------------------------------------------------------------------------------

def read_name(message, at):
    labels, end, seen = [], None, 0
    while message[at]:
        if message[at] & 0xc0:
            end = end or at + 2
            at = struct.unpack_from("!H", message, at)[0] & 0x3fff
            seen += 1
            if seen > 128:
                raise ValueError("a loop of compression pointers")
            continue
        labels.append(message[at:at + 1 + message[at]])
        at += 1 + message[at]
    return b"".join(labels) + b"\0", end or at + 1


def plain_rdata(message, rtype, at, length):
    before, names = COMPRESSED.get(rtype, (0, 0))
    out, pos = message[at:at + before], at + before
    for _ in range(names):
        name, pos = read_name(message, pos)
        out += name
    return out + message[pos:at + length]


def wire_name(text):
    labels = [label for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def ask(port, owner, rtype):
    """The RDATA of owner and type in any section of the answer, sorted; over TCP."""
    question = wire_name(owner) + struct.pack("!HH", rtype, 1)
    query = struct.pack("!HHHHHH", 7, 0, 1, 0, 0, 0) + question
    with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
        s.sendall(struct.pack("!H", len(query)) + query)
        stream = s.makefile("rb")
        message = stream.read(struct.unpack("!H", stream.read(2))[0])
    found, at = [], 12 + len(question)
    for _ in range(sum(struct.unpack_from("!HHH", message, 6))):
        name, at = read_name(message, at)
        got, _, _, length = struct.unpack_from("!HHIH", message, at)
        if got == rtype and name.lower() == wire_name(owner).lower():
            found.append(plain_rdata(message, got, at + 10, length))
        at += 10 + length
    return sorted(set(found))


# ---- servers -------------------------------------------------------------------------------------------------------

class Running:
    """A server with a zone of these records, or none where it does not come up."""

    def __init__(self, name, lines, folder):
        self.server, self.port = SERVERS[name], free_port()
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=name, dir=folder))
        zone = self.dir / "example.com.zone"
        zone.write_text(HEAD + "\n".join([*BASE, *lines]) + "\n")
        program = BIN / "dnsd" if name == "dnsd" else shutil.which(self.server.program)
        values = {"dir": self.dir, "port": self.port, "zone": zone, "program": program}
        for path, text in self.server.files.items():
            (self.dir / path).parent.mkdir(exist_ok=True)
            (self.dir / path).write_text(text.format(**values))
        if name == "dnsd":
            (self.dir / "pinned_ips").mkdir()
        self.log = open(self.dir / "log", "wb")
        self.process = subprocess.Popen([str(a).format(**values) for a in self.server.argv], cwd=self.dir,
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        start_new_session=True)

    def is_up(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if ask(self.port, ORIGIN, 6):
                    return True
            except (OSError, struct.error, IndexError):
                pass
            time.sleep(0.1)
        return False

    def stop(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(8)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass
        self.log.close()


def loads(name, lines, folder):
    """Whether the server takes these records."""
    check = SERVERS[name].check
    if check:
        zone = folder / "check.zone"
        zone.write_text(HEAD + "\n".join([*BASE, *lines]) + "\n")
        argv = [a.format(zone=zone) for a in check]
        return subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    running = Running(name, lines, folder)
    try:
        return running.is_up(3 if len(lines) > 20 else 1.5)
    finally:
        running.stop()


def loadable(name, lines, folder):
    """The records that the server loads: halves of what it refuses are tried, down to single records."""
    if not lines or loads(name, lines, folder):
        return lines
    if len(lines) == 1:
        return []
    middle = len(lines) // 2
    return loadable(name, lines[:middle], folder) + loadable(name, lines[middle:], folder)


def by_dnspython(lines):
    import dns.exception
    import dns.rdata
    import dns.rdataclass
    import dns.zone
    answers, taken = {}, []
    for line in lines:
        try:
            zone = dns.zone.from_text(HEAD + "\n".join([*BASE, line]) + "\n", ORIGIN, relativize=False,
                                      check_origin=False)
        except (dns.exception.DNSException, ValueError, KeyError, NotImplementedError):
            continue
        taken.append(line)
        for name, _, rdata in zone.iterate_rdatas():
            key = (name.to_text(), int(rdata.rdtype))
            answers.setdefault(key, set()).add(rdata.to_wire())
    return taken, {key: sorted(values) for key, values in answers.items()}


# ---- comparison ----------------------------------------------------------------------------------------------------

def key_of(line):
    import dns.rdatatype
    owner, mnemonic = line.split()[:2]
    known = {"ATMA": 34, "EID": 31, "NIMLOC": 32, "SINK": 40, "RKEY": 57, "TALINK": 58, "DSYNC": 66, "HHIT": 67,
             "BRID": 68, "UINFO": 100, "UID": 101, "GID": 102, "DOA": 259, "RESINFO": 261, "WALLET": 262, "CLA": 263,
             "IPN": 264}
    number = known.get(mnemonic) or int(dns.rdatatype.from_text(mnemonic))
    return (ORIGIN if owner == "@" else f"{owner}.{ORIGIN}", number)


def answers_of(name, lines, folder):
    running = Running(name, lines, folder)
    try:
        if not running.is_up(20):
            sys.exit(f"{name} does not come up:\n" + (running.dir / "log").read_text(errors="replace")[-2000:])
        return {key: ask(running.port, *key) for key in dict.fromkeys(map(key_of, lines))}
    finally:
        running.stop()


def compare(name, lines, folder, verbose):
    """Prints a line of the table and the differences; the number of those."""
    if name == "dnspython":
        taken, theirs = by_dnspython(lines)
    else:
        taken = loadable(name, lines, folder)
        theirs = answers_of(name, taken, folder)
    ours = answers_of("dnsd", taken, folder)
    equal, differ, silent = 0, [], []
    for key, rdata in ours.items():
        got = theirs.get(key, [])
        if got == rdata:
            equal += len(rdata)
        elif not got:
            silent.append(key)
        else:
            differ.append((key, rdata, got))
    refused = [line for line in lines if line not in taken]
    print(f"{name:10} {len(taken):8} {equal:6} {len(differ):7} {len(silent):10} {len(refused):8}")
    for key, rdata, got in differ:
        print(f"  differs: {key[0]} TYPE{key[1]}\n    dnsd  {[r.hex() for r in rdata]}\n    {name} {[r.hex() for r in got]}")
    for key in silent:
        print(f"  no answer: {key[0]} TYPE{key[1]}")
    if verbose:
        for line in refused:
            print(f"  refused: {line}")
    else:
        print("  refused types:", " ".join(sorted({line.split()[1] for line in refused})) or "none")
    return len(differ)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--zone", type=pathlib.Path, default=TOP / "tests/zones/samples/all_types.zone")
    parser.add_argument("--servers", default="named,nsd,knotd,pdns,dnspython")
    parser.add_argument("-v", action="store_true", help="the records that are refused")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers end, too
    lines = records(arguments.zone)
    print(f"{len(lines)} records\n{'':10} {'loaded':>8} {'equal':>6} {'differ':>7} {'no answer':>10} {'refused':>8}")
    differences = 0
    with tempfile.TemporaryDirectory(prefix="dnsd-compare-") as folder:
        for name in arguments.servers.split(","):
            if name != "dnspython" and not shutil.which(SERVERS[name].program):
                print(f"{name:10} is not installed")
                continue
            differences += compare(name, lines, pathlib.Path(folder), arguments.v)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
