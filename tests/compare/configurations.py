"""Configurations of the four reference servers: each function writes one into a folder and gives the command line.

`zones`: [(origin, master file)]. What is off by default and anybody wants to look at is switched on: NSID, cookies, the
names of class CH, client subnet. Transfers are not allowed; answers are minimal.
"""
import getpass

import support

ADDRESS = "127.0.0.1"
ID, VERSION = "compare-id", "compare-version"
SECRET = "000102030405060708090a0b0c0d0e0f"


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
