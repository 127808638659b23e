"""dnsd and the four reference servers on loopback, all with the same zone: each in a folder and on a port of its own.

    with Farm({"compare.example": text}) as farm:
        farm.ports -> {"dnsd": 10301, "NSD": 10302, ...}

Everything that is off by default and that a row of the table looks at is switched on: NSID, cookies, the names of class
CH, client subnet. Transfers are not allowed anywhere.
"""
import contextlib
import getpass
import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
import support  # pylint: disable=wrong-import-position
import wire  # pylint: disable=wrong-import-position

ADDRESS = "127.0.0.1"
ID, VERSION = "compare-id", "compare-version"
SECRET = "000102030405060708090a0b0c0d0e0f"


def dnsd(folder, port, zones):
    for number, (origin, file) in enumerate(zones):
        shutil.copyfile(file, folder / f"zones/{number}.zone")
        (folder / f"zones/{number}.yaml").write_text(f'zone: "{origin}"\nrecords: {number}.zone\n')
    (folder / "dnsd.yaml").write_text(
        f"listen: ['{ADDRESS}:{port}']\nworkers: 1\nlog: {{level: warn}}\n"
        f"tcp: {{max_per_client: 500}}\nidentity: {{id: {ID}, version: {VERSION}}}\n")
    return [support.DNSD, "--config", folder / "dnsd.yaml"]


def nsd(folder, port, zones):
    listed = "".join(f'zone:\n name: "{origin}"\n zonefile: "{file}"\n' for origin, file in zones)
    (folder / "nsd.conf").write_text(f"""server:
 ip-address: {ADDRESS}@{port}
 port: {port}
 username: ""
 zonesdir: ""
 database: ""
 pidfile: "{folder}/nsd.pid"
 xfrdfile: "{folder}/xfrd.state"
 zonelistfile: "{folder}/zone.list"
 xfrdir: "{folder}"
 cookie-secret-file: ""
 server-count: 1
 tcp-count: 500
 rrl-ratelimit: 0
 rrl-whitelist-ratelimit: 0
 identity: "{ID}"
 version: "{VERSION}"
 nsid: "ascii_{ID}"
 answer-cookie: yes
 cookie-secret: "{SECRET}"
 minimal-responses: yes
 logfile: "{folder}/nsd.log"
remote-control:
 control-enable: no
{listed}""")
    return [support.tool("nsd"), "-d", "-c", folder / "nsd.conf"]


def knot(folder, port, zones):
    listed = "".join(f' - domain: "{origin}"\n   file: "{file}"\n' for origin, file in zones)
    (folder / "knot.conf").write_text(f"""server:
 rundir: "{folder}"
 user: {getpass.getuser()}
 listen: {ADDRESS}@{port}
 udp-workers: 1
 tcp-workers: 1
 background-workers: 1
 tcp-max-clients: 1000
 identity: {ID}
 version: {VERSION}
 nsid: {ID}
 edns-client-subnet: on
log:
 - target: "{folder}/knot.log"
   any: warning
database:
 storage: "{folder}"
 journal-db-max-size: 50M
 timer-db-max-size: 50M
 kasp-db-max-size: 10M
mod-cookies:
 - id: default
   secret: 0x{SECRET}
   badcookie-slip: 1
template:
 - id: default
   storage: "{folder}"
   semantic-checks: off
   zonefile-sync: -1
   journal-content: none
   global-module: mod-cookies/default
zone:
{listed}""")
    return [support.tool("knotd"), "-c", folder / "knot.conf"]


def bind(folder, port, zones):
    listed = "".join(f'zone "{origin}" {{ type primary; file "{file}"; }};\n' for origin, file in zones)
    (folder / "named.conf").write_text(f"""options {{
 directory "{folder}"; listen-on port {port} {{ {ADDRESS}; }}; listen-on-v6 {{ none; }};
 recursion no; allow-query {{ any; }}; allow-transfer {{ none; }}; notify no;
 dnssec-validation no; empty-zones-enable no; pid-file "{folder}/named.pid";
 session-keyfile "{folder}/session.key"; lock-file none; minimal-responses yes; minimal-any yes;
 max-records-per-type 0; tcp-clients 1000; masterfile-format text;
 key-directory "{folder}"; managed-keys-directory "{folder}";
 version "{VERSION}"; hostname "{ID}"; server-id "{ID}"; answer-cookie yes; cookie-secret "{SECRET}";
}};
controls {{ }};
{listed}""")
    return [support.tool("named"), "-g", "-n", "1", "-c", folder / "named.conf"]


def powerdns(folder, port, zones):
    listed = "".join(f'zone "{origin}" {{ type master; file "{file}"; }};\n' for origin, file in zones)
    (folder / "named.conf").write_text(f'options {{ directory "{folder}"; }};\n{listed}')
    (folder / "pdns.conf").write_text(f"""launch=bind
bind-config={folder}/named.conf
local-address={ADDRESS}
local-port={port}
daemon=no
guardian=no
socket-dir={folder}
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
distributor-threads=1
receiver-threads=1
dname-processing=yes
disable-axfr=yes
any-to-tcp=no
max-tcp-connections=500
max-tcp-connections-per-client=0
security-poll-suffix=
server-id={ID}
version-string={VERSION}
edns-cookie-secret={SECRET}
edns-subnet-processing=yes
consistent-backends=yes
loglevel=4
""")
    return [support.tool("pdns_server"), f"--config-dir={folder}"]


# In the order of the table's columns.
SERVERS = {"dnsd": dnsd, "NSD": nsd, "Knot": knot, "BIND": bind, "PowerDNS": powerdns}


class Farm:
    """All servers, ready inside and gone after."""

    def __init__(self, zones, names=tuple(SERVERS)):
        """`zones`: {origin without final dot: text of the master file}."""
        self.zones, self.names, self.ports = zones, names, {}

    def __enter__(self):
        with contextlib.ExitStack() as held:
            top = pathlib.Path(held.enter_context(tempfile.TemporaryDirectory(prefix="dnsd-compare-")))
            files = []
            for number, (origin, text) in enumerate(self.zones.items()):
                (top / f"{number}.zone").write_text(text, encoding="utf-8")
                files.append((origin, top / f"{number}.zone"))
            for server in self.names:
                self.ports[server] = self._start(held, top / server, server, files)
            for server, port in self.ports.items():
                support.wait_for(lambda p=port: self._answers(p, files[-1][0]), f"{server} is ready; "
                                 + (top / server / "log").read_text(errors="replace")[-2000:], patience=30)
            self.held = held.pop_all()
        return self

    def __exit__(self, *failure):
        self.held.close()

    @staticmethod
    def _start(held, folder, server, files):
        for made in ("zones", "pinned_ips"):
            (folder / made).mkdir(parents=True)
        port = support.free_port()
        command = SERVERS[server](folder, port, files)
        with open(folder / "log", "wb") as log:
            process = support.start(command, cwd=folder, stdin=support.subprocess.DEVNULL, stdout=log, stderr=log,
                                    env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
        held.callback(support.end, process)
        return port

    @staticmethod
    def _answers(port, origin):
        with contextlib.suppress(OSError), support.UdpClient(port, ADDRESS, patience=0.3) as client:
            client.socket.send(wire.message(wire.question(origin, "SOA")))
            return wire.read(client.socket.recv(65535)).rcode == "NOERROR"
        return False
