"""What tests/bench/side-by-side measures: zones, questions, and who answers them. A scenario is a function and a row below.

All random choices are seeded: the same questions each time.
"""
import dataclasses
import random

from servers import ORIGIN

HEAD = "$TTL 3600\n@ SOA ns1 hostmaster 1 7200 900 1209600 300\n@ NS ns1\nns1 A 192.0.2.53\n"
MEMBERS = [f"198.51.100.{n}" for n in range(1, 41)]
CAP = 8
MANY, FEW = 1_000_000, 10_000
PINNED = [f"192.0.2.{n}" for n in range(1, 9)]
PEERS = {"gdnsd": "gdnsd", "nsd": "NSD", "knot": "Knot", "bind": "BIND", "powerdns": "PowerDNS"}
FIXED = {server: label for server, label in PEERS.items() if server != "gdnsd"}  # whose pools are ordinary records


@dataclasses.dataclass
class Contender:
    """A server with one of the scenario's zones and one of its lists of queries. `extra` is for servers.py."""
    label: str
    server: str
    zone: str = "zone"
    queries: str = "queries"
    extra: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Scenario:
    """`zones` and `queries`: {name: function that gives the text, or the lines}. `options`: of the generator."""
    title: str
    zones: dict
    queries: dict
    contenders: list
    options: tuple = ("-s", 4, "-w", 32, "-e", 1232)
    transport: str = "udp"


# ---- zones and queries -----------------------------------------------------------------------------------------------

def hosts(count):
    return HEAD + "".join(f"n{i:08} A 10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n" for i in range(count))


def random_hosts(count, letter="n", asked=None, end="A 1"):
    draw = random.Random(1)
    for _ in range(asked or count):
        yield f"{letter}{draw.randrange(count):08}.{ORIGIN} {end}"


def address_set(owner, addresses):
    return "".join(f"{owner} 60 A {address}\n" for address in addresses)


def pool_yaml(more="", addresses=tuple(MEMBERS)):
    members = "".join(f"      - {{address: {address}}}\n" for address in addresses)
    return f"pools:\n  pool:\n    cap: {CAP}\n    members:\n{members}names:\n  pool: {{pool: pool{more}}}\n"


def networks(count):
    """/24 networks, all different."""
    draw = random.Random(2)
    return [f"{n >> 16}.{n >> 8 & 255}.{n & 255}.0/24" for n in draw.sample(range(1 << 16, 126 << 16), count)]


def pinned_yaml(clients):
    entries = "".join(f"  - {{cidr: {address}/32, enabled: 2026-02-01}}\n" for address in PINNED)
    sources = ", ".join(clients)
    return f"set: set\nttl: 60\nentries:\n{entries}clients:\n  - {{name: clients, sources: [{sources}]}}\n"


def pinned_queries(clients):
    """Half of them clients' networks, half any."""
    draw = random.Random(3)
    for _ in range(len(clients)):
        number = draw.randrange(1 << 16, 126 << 16)
        network = draw.choice(clients) if draw.random() < 0.5 else f"{number >> 16}.{number >> 8 & 255}.{number & 255}.0/24"
        yield f"pool.{ORIGIN} A ecs={network} {CAP}"


def peers():
    return [Contender(label, server) for server, label in PEERS.items()]


# ---- scenarios -------------------------------------------------------------------------------------------------------

def plain(title, names, **options):
    return Scenario(title, {"zone": lambda: hosts(names)}, {"queries": lambda: random_hosts(names)},
                    [Contender("echo", "echo"), Contender("dnsd", "dnsd"), *peers()], **options)


def static():
    return plain("10,000 names", FEW)


def names():
    return plain("1,000,000 random names", MANY)


def rotating():
    lua = f'pool 60 LUA A "pickrandomsample({CAP}, {{{", ".join(repr(m) for m in MEMBERS)}}})"\n'
    multifo = "plugins => { multifo => { pool => { " + ", ".join(f"m{i} => {m}" for i, m in enumerate(MEMBERS[:CAP])) + " } } }"
    return Scenario(
        "8 of 40 addresses, rotating",
        {"none": lambda: HEAD, "eight": lambda: HEAD + address_set("pool", MEMBERS[:CAP]), "lua": lambda: HEAD + lua,
         "all": lambda: HEAD + address_set("pool", MEMBERS), "multifo": lambda: HEAD + "pool 60 DYNA multifo!pool\n"},
        {"queries": lambda: [f"pool.{ORIGIN} A {CAP}"], "all": lambda: [f"pool.{ORIGIN} A {len(MEMBERS)}"]},
        [Contender("echo", "echo"), Contender("dnsd, 8 of 40", "dnsd", "none", extra={"zone": pool_yaml()}),
         Contender("gdnsd, the same 8", "gdnsd", "multifo", extra={"plugins": multifo}),
         *(Contender(f"{label}, the same 8", server, "eight") for server, label in FIXED.items()),
         *(Contender(f"{label}, all 40", server, "all", "all") for server, label in FIXED.items()),
         Contender("PowerDNS LUA, 8 of 40", "powerdns", "lua", extra={"lua": "yes"}),
         Contender("PowerDNS LUA shared, 8 of 40", "powerdns", "lua", extra={"lua": "shared"})])


def missing():
    return Scenario("names that do not exist", {"zone": lambda: hosts(FEW)},
                    {"queries": lambda: random_hosts(MANY, "x", end="A rcode=3")},
                    [Contender("echo", "echo"), Contender("dnsd", "dnsd"), *peers()])


def large():
    texts = "".join(f'large TXT "{i:02} {"x" * 97}"\n' for i in range(40))
    return Scenario("4 KB over TCP connections that stay", {"zone": lambda: HEAD + texts},
                    {"queries": lambda: [f"large.{ORIGIN} TXT 40"]}, [Contender("dnsd", "dnsd"), *peers()], transport="tcp")


def pinned():
    clients = networks(MANY)
    plugins = """plugins => { geoip => {
 maps => { map => { datacenters => [pinned, rest], nets => nets, map => { default => [rest] } } }
 resources => { pool => { map => map, dcmap => { pinned => { %s }, rest => { %s } } } }
} }""" % tuple(", ".join(f"m{i} => {m}" for i, m in enumerate(group)) for group in (PINNED, MEMBERS[:CAP]))
    plugins = plugins.replace(", map => { default => [rest] }", "").replace("[pinned, rest]", "[rest, pinned]")
    nets = {"etc/geoip/nets": "".join(f"{c} => [pinned]\n" for c in clients)}
    files = {"pinned_ips/set.yaml": pinned_yaml(clients)}
    return Scenario(
        "pinned set for clients in 1,000,000 networks, by EDNS Client Subnet",
        {"none": lambda: HEAD, "geoip": lambda: HEAD + "pool 60 DYNA geoip!pool\n", "static": lambda: hosts(FEW)},
        {"queries": lambda: pinned_queries(clients), "static": lambda: random_hosts(FEW, asked=MANY)},
        [Contender("echo", "echo"),
         Contender("dnsd", "dnsd", "none", extra={"zone": pool_yaml(", pinned: set"), "files": files}),
         Contender("dnsd, pool alone", "dnsd", "none", extra={"zone": pool_yaml()}),
         Contender("dnsd, fixed addresses", "dnsd", "static", "static"),
         Contender("gdnsd, geoip", "gdnsd", "geoip", extra={"plugins": plugins, "files": nets})])


def floods():
    """dnsd alone: what a query costs that is none of ours to answer well, beside good ones."""
    draw = random.Random(4)
    labels = b"\x09n%08d\x07example\x03org\x00"
    good = [b"\0\0\0\0\0\1\0\0\0\0\0\0" + labels % draw.randrange(FEW) + b"\0\1\0\1" for _ in range(FEW)]
    kinds = {
        "good": lambda: random_hosts(FEW),
        "ANY": lambda: random_hosts(FEW, end="ANY"),
        "no such name": lambda: random_hosts(MANY, "x", end="A rcode=3"),
        "not our zone": lambda: (line.replace(ORIGIN, "example.net") for line in random_hosts(MANY, end="A rcode=5")),
        "garbage, a bad label": lambda: ("hex=" + (q[:12] + b"\x80" + q[13:]).hex() for q in good),
        "garbage, cut short": lambda: ("hex=" + q[:-6].hex() for q in good),
        "garbage, random": lambda: ("hex=" + (q[:12] + draw.randbytes(40)).hex() for q in good),
    }
    return Scenario("floods: dnsd alone", {"zone": lambda: hosts(FEW)}, kinds,
                    [Contender(kind, "dnsd", queries=kind) for kind in kinds])


def one_peer():
    return plain("one busy peer: a forwarder", FEW, options=("-s", 1, "-w", 128, "-e", 1232))


def many_peers():
    return plain("10,000 peers", FEW, options=("-s", 10000, "-w", 1, "-e", 1232))


SCENARIOS = {"static": static, "names": names, "rotating": rotating, "missing": missing, "large": large, "pinned": pinned,
             "floods": floods, "one-peer": one_peer, "many-peers": many_peers}
