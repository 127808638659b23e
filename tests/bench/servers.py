"""Name servers to measure: dnsd, others from Debian's packages, and an echo, each on core 0 and a port of its own.

Each function below writes a configuration into a folder and gives the command line. All of them have one thread that
answers, minimal answers, no rate limit, the same receive buffers, and what else they need to do their best.
"""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
# pylint: disable=wrong-import-position
import dns_message
import support
from building import BIN

ADDRESS, CORE, ORIGIN = "127.0.0.1", "0", "example.org"
BUFFER = 4 << 20
LONGEST_START = 180  # seconds, for a million names
TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
PROGRAMS = {"nsd": "nsd", "knot": "knotd", "bind": "named", "powerdns": "pdns_server", "gdnsd": "gdnsd"}


def echo(_folder, port, _zone, extra):
    return [BIN / "udpecho", port, extra["octets"]]


def dnsd(folder, port, zone, extra):
    """extra: zone, text for the zone's YAML; files, {path: text}; settings, lines of dnsd.yaml."""
    (folder / "zones").mkdir()
    (folder / "pinned_ips").mkdir()
    (folder / "zones/zone.yaml").write_text(f"zone: {ORIGIN}\nrecords: {zone}\n{extra.get('zone', '')}", encoding="utf-8")
    for path, text in extra.get("files", {}).items():
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "dnsd.yaml").write_text(f"listen: [{ADDRESS}:{port}]\nworkers: 1\nlog: {{level: warn}}\n"
                                      "tcp: {max_connections: 30000, max_per_client: 30000, idle_timeout: 1h}\n"
                                      + extra.get("settings", ""), encoding="utf-8")
    return [support.DNSD, "--config", folder / "dnsd.yaml"]


def nsd(folder, port, zone, _extra):
    (folder / "nsd.conf").write_text(f"""server:
 ip-address: {ADDRESS}@{port}
 server-count: 1
 reuseport: yes
 receive-buffer-size: {BUFFER}
 send-buffer-size: {BUFFER}
 username: ""
 chroot: ""
 zonesdir: "{folder}"
 database: ""
 pidfile: "{folder}/pid"
 xfrdfile: "{folder}/xfrd"
 zonelistfile: "{folder}/zones"
 xfrdir: "{folder}"
 minimal-responses: yes
 rrl-ratelimit: 0
 tcp-count: 1000
 logfile: "{folder}/nsd.log"
remote-control:
 control-enable: no
zone:
 name: {ORIGIN}
 zonefile: {zone}
""", encoding="utf-8")
    return [support.tool("nsd"), "-d", "-c", folder / "nsd.conf"]


def knot(folder, port, zone, _extra):
    (folder / "knot.conf").write_text(f"""server:
    listen: {ADDRESS}@{port}
    rundir: {folder}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    tcp-max-clients: 1000
database:
    storage: {folder}
    journal-db-max-size: 50M
template:
  - id: default
    semantic-checks: off
    zonefile-sync: -1
    journal-content: none
zone:
  - domain: {ORIGIN}
    file: {zone}
""", encoding="utf-8")
    return [support.tool("knotd"), "-c", folder / "knot.conf"]


def bind(folder, port, zone, _extra):
    (folder / "named.conf").write_text(f"""options {{
 directory "{folder}"; listen-on port {port} {{ {ADDRESS}; }}; listen-on-v6 {{ none; }}; recursion no; notify no;
 pid-file "{folder}/pid"; session-keyfile "{folder}/key"; lock-file none; minimal-responses yes; allow-transfer {{ none; }};
 tcp-clients 1000; managed-keys-directory "{folder}"; empty-zones-enable no; dnssec-validation no;
}};
controls {{ }};
zone "{ORIGIN}" {{ type primary; file "{zone}"; }};
""", encoding="utf-8")
    return [support.tool("named"), "-g", "-n", "1", "-c", folder / "named.conf"]


def powerdns(folder, port, zone, extra):
    """extra: lua, how it runs LUA records: no, yes, or shared (one interpreter for all)."""
    (folder / "bind.conf").write_text(f'options {{ directory "{folder}"; }};\n'
                                      f'zone "{ORIGIN}" {{ type master; file "{zone}"; }};\n', encoding="utf-8")
    (folder / "pdns.conf").write_text(f"""launch=bind
bind-config={folder}/bind.conf
local-address={ADDRESS}
local-port={port}
socket-dir={folder}
enable-lua-records={extra.get("lua", "no")}
edns-subnet-processing={extra.get("subnet", "no")}
receiver-threads=1
distributor-threads=1
max-tcp-connections=1000
max-tcp-connections-per-client=0
security-poll-suffix=
daemon=no
guardian=no
""", encoding="utf-8")
    return [support.tool("pdns_server"), f"--config-dir={folder}"]


def gdnsd(folder, port, zone, extra):
    """extra: plugins, text for the configuration; files."""
    for made in ("etc/zones", "etc/geoip", "run", "state"):
        (folder / made).mkdir(parents=True)
    (folder / "etc/config").write_text(f"""options => {{ listen => {ADDRESS}:{port}
 run_dir => "{folder}/run"
 state_dir => "{folder}/state"
 udp_threads => 1
 tcp_threads => 1
}}
{extra.get("plugins", "")}
""", encoding="utf-8")
    for path, text in extra.get("files", {}).items():
        (folder / path).write_text(text, encoding="utf-8")
    shutil.copyfile(zone, folder / "etc/zones" / ORIGIN)
    return [support.tool("gdnsd"), "-c", folder / "etc", "start"]


SERVERS = {"echo": echo, "dnsd": dnsd, "gdnsd": gdnsd, "nsd": nsd, "knot": knot, "bind": bind, "powerdns": powerdns}


def is_installed(server):
    return server not in PROGRAMS or bool(shutil.which(PROGRAMS[server], path=os.environ["PATH"] + ":/usr/sbin:/sbin"))


@contextlib.contextmanager
def equal_buffers():
    """For those that do not say how large they want theirs. Where this process may not set it, they go without."""
    files = [pathlib.Path(f"/proc/sys/net/core/{name}") for name in ("rmem_default", "wmem_default")]
    before = [file.read_text(encoding="ascii") for file in files]
    with contextlib.suppress(OSError):
        for file in files:
            file.write_text(str(2 * BUFFER), encoding="ascii")  # the kernel doubles what a program asks for, but not this
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            for file, text in zip(files, before):
                file.write_text(text, encoding="ascii")


class Server:
    """One that runs, ready inside and gone after. `folder` is its own."""

    def __init__(self, name, folder, zone, extra=None):
        self.name, self.folder, self.zone, self.extra = name, pathlib.Path(folder), zone, extra or {}
        self.port, self.process = support.free_port(), None

    def __enter__(self):
        self.folder.mkdir(parents=True)
        command = SERVERS[self.name](self.folder, self.port, self.zone, self.extra)
        with open(self.folder / "log", "wb") as log:
            self.process = support.start([support.tool("taskset"), "-c", CORE, *command], cwd=self.folder, stdout=log,
                                         stderr=log, stdin=support.subprocess.DEVNULL)
        try:
            support.wait_for(self._answers, f"{self.name} is ready", patience=LONGEST_START, step=0.1)
        except AssertionError:
            support.end(self.process)
            raise
        return self

    def __exit__(self, *failure):
        support.end(self.process, patience=60)

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended:\n" + (self.folder / "log").read_text(errors="replace")[-2000:])
        with contextlib.suppress(OSError):
            return self.name == "echo" or self.ask(dns_message.query(ORIGIN, "SOA"))[3] & 15 == 0
        return False

    def ask(self, query):
        """The octets of one answer over UDP."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(0.5)
            client.connect((ADDRESS, self.port))
            client.send(query)
            return client.recv(65535)

    def processes(self):
        """Its process and all below it."""
        found = [self.process.pid]
        for pid in found:
            with contextlib.suppress(OSError):
                for task in os.listdir(f"/proc/{pid}/task"):
                    children = pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii")
                    found += map(int, children.split())
        return found

    def cpu_ns(self):
        """(user, system, together) CPU time so far. The first two are sampled by the kernel's clock, a hundred times a
        second; together they are known to the nanosecond."""
        user = system = together = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                words = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
                user, system = user + int(words[11]), system + int(words[12])
                together += time.clock_gettime_ns(~pid << 3 | 2)  # the clock that clock_getcpuclockid(3) gives
        return user * TICK_NS, system * TICK_NS, together

    def resident(self):
        """Octets of memory, all processes together."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(OSError, StopIteration):
                lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
                total += 1024 * int(next(line for line in lines if line.startswith("Pss:")).split()[1])
        return total

    def control(self, command):
        """One command over dnsd's control socket; its answer."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(LONGEST_START)
            client.connect(str(self.folder / "state/control.sock"))
            client.sendall(json.dumps({"command": command}).encode() + b"\n")
            answer = b""
            while part := client.recv(65536):
                answer += part
        return json.loads(answer)
