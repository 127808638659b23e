"""Worlds: a few zones and questions about them, made of a seed, and their text.

A name is a tuple of labels in presentation form, without the root; the last one of each is WORLD, which is replaced by a
label of the same length when many worlds stand on one server. A record is (owner, TTL, type, RDATA), RDATA a list of
words and names. So minimise.py can take out records and labels without reading text.
"""
import collections
import random
import re
import struct

WORLD = "WORLD"
Record = collections.namedtuple("Record", "owner ttl rrtype rdata")
Zone = collections.namedtuple("Zone", "origin records")
World = collections.namedtuple("World", "seed zones queries")


class Query(collections.namedtuple("Query", "name rrtype klass rd cd ad payload do",
                                   defaults=(1, False, False, False, None, False))):
    """A question and what stands around it; `payload` None: no EDNS."""

    def words(self, world=WORLD.lower()):
        """As case files have it."""
        words = [f"query {text(self.name, world)} {self.rrtype}"]
        words += [f"class={self.klass}"] if self.klass != 1 else []
        words += [word for word, on in (("rd", self.rd), ("cd", self.cd), ("ad", self.ad)) if on]
        words += [f"edns={self.payload}"] if self.payload is not None else []
        words += ["do"] if self.do else []
        return " ".join(words)

    def wire(self, world, ident):
        flags = 0x0100 * self.rd | 0x0010 * self.cd | 0x0020 * self.ad
        opt = b"" if self.payload is None else b"\0" + struct.pack("!HHIH", 41, self.payload, 0x8000 * self.do, 0)
        return struct.pack("!6H", ident, flags, 1, 0, 0, 1 if opt else 0) + wire_name(self.name, world) + \
            struct.pack("!HH", TYPES.get(self.rrtype) or int(self.rrtype[4:]), self.klass) + opt


TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "HINFO": 13, "MX": 15, "TXT": 16, "RP": 17, "AFSDB": 18, "AAAA": 28,
         "LOC": 29, "SRV": 33, "NAPTR": 35, "KX": 36, "DNAME": 39, "DS": 43, "SSHFP": 44, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48,
         "NSEC3": 50, "NSEC3PARAM": 51, "TLSA": 52, "CDS": 59, "SVCB": 64, "HTTPS": 65, "SPF": 99, "TKEY": 249, "TSIG": 250,
         "IXFR": 251, "AXFR": 252, "MAILB": 253, "MAILA": 254, "ANY": 255, "URI": 256, "CAA": 257}

COMMON = ("a", "b", "c", "d", "x", "www", "ns", "mail", "_tcp")
ODD = (r"\000", r"a\.b", r"\092", r"\032", r"\255", "A", "aB", "-", "l" * 63, "*a", r"\"", r"\@", r"\(", r"\;", "a*", "0", "**")
TTLS = (0, 1, 60, 300, 3600, 2147483647)


def label_octets(label):
    """The octets of a label in presentation form."""
    return re.sub(rb"\\(\d{3}|.)", lambda m: bytes([int(m[1])]) if len(m[1]) == 3 else m[1], label.encode())


def wire_name(name, world=WORLD):
    labels = [world if label == WORLD else label for label in name]
    return b"".join(bytes([len(octets)]) + octets for octets in map(label_octets, labels)) + b"\0"


def fits(name):
    return len(name) <= 127 and len(wire_name(name)) <= 255


def text(name, world=WORLD.lower()):
    return ".".join(world if label == WORLD else label for label in name) + "."


def record_text(record, world=WORLD.lower()):
    if isinstance(record, str):
        return record  # of a case file
    rdata = " ".join(text(word, world) if isinstance(word, tuple) else str(word) for word in record.rdata)
    return f"{text(record.owner, world)} {record.ttl} {record.rrtype} {rdata}"


def zone_text(zone, world=WORLD.lower()):
    return "".join(record_text(record, world) + "\n" for record in zone.records)


def lower(name):
    return tuple(label.lower() for label in name)


class ZoneMaker:
    """One zone. Where `careful`, what no server should load is left out as it comes; a little slips through."""

    def __init__(self, rng, origin, elsewhere, careful):
        self.rng, self.origin, self.elsewhere, self.careful = rng, origin, elsewhere, careful
        self.records = []
        self.types = collections.defaultdict(set)  # by lowercased owner
        self.ttls = {}
        self.names = [origin]                      # every owner, and names that records lead to
        self.cuts, self.wildcards, self.hosts = [], [], []

    # ---- names

    def label(self):
        return self.rng.choice(ODD) if self.rng.random() < 0.15 else self.rng.choice(COMMON)

    def new_name(self):
        rng = self.rng
        base = rng.choice(self.names) if rng.random() < 0.5 else self.origin
        if lower(base)[-len(self.origin):] != lower(self.origin):
            base = self.origin
        kind = rng.random()
        if kind < 0.03:
            base = ("a",) * rng.choice((20, 60, 127 - len(self.origin))) + self.origin
        elif kind < 0.06:
            base = ("l" * 63,) * 3 + self.origin
            room = 255 - len(wire_name(base))
            base = ("m" * min(63, room - 1 - rng.choice((0, 0, 1, 2))),) + base if room > 4 else base
        else:
            base = tuple(self.label() for _ in range(rng.choice((1, 1, 1, 2, 3)))) + base
        return base if fits(base) else self.origin

    def some_name(self):
        """A name to lead to: there, nearly there, in another zone, nowhere."""
        rng, kind = self.rng, self.rng.random()
        if kind < 0.45:
            return rng.choice(self.names)
        if kind < 0.6 and self.wildcards:
            name = (self.label(),) + rng.choice(self.wildcards)[1:]
            return name if fits(name) else self.origin
        if kind < 0.7 and self.cuts:
            cut = rng.choice(self.cuts)
            return cut if rng.random() < 0.5 or not fits(("a",) + cut) else ("a",) + cut
        if kind < 0.8:
            return rng.choice(self.elsewhere)
        return self.new_name()

    # ---- records

    def is_allowed(self, owner, rrtype):
        owner = lower(owner)
        have = self.types[owner]
        if "CNAME" in have or (rrtype == "CNAME" and have - {"CNAME"}):
            return False
        if rrtype == "DNAME" and (have & {"DNAME", "NS"} - ({"NS"} if owner == lower(self.origin) else set()) or
                                  any(n != owner and n[-len(owner):] == owner and t for n, t in self.types.items())):
            return False
        if rrtype == "NS" and "DNAME" in have and owner != lower(self.origin):
            return False
        return not any("DNAME" in self.types.get(owner[i:], ()) for i in range(1, len(owner)))

    def add(self, owner, rrtype, *rdata):
        if self.careful and not self.is_allowed(owner, rrtype):
            return False
        self.types[lower(owner)].add(rrtype)
        ttl = self.ttls.setdefault((lower(owner), rrtype), self.rng.choice(TTLS))
        self.records.append(Record(owner, ttl, rrtype, list(rdata)))
        self.names.append(owner)
        self.names += [word for word in rdata if isinstance(word, tuple) and len(word) > 1]
        return True

    def add_address(self, owner):
        n = self.rng.randrange(1, 255)
        kinds = self.rng.choice((("A",), ("AAAA",), ("A", "AAAA"), ("A", "A", "AAAA")))
        for i, rrtype in enumerate(kinds):
            self.add(owner, rrtype, f"192.0.2.{(n + i) % 255}" if rrtype == "A" else f"2001:db8::{n + i:x}")
        self.hosts.append(owner)

    def add_other(self, owner):
        rng = self.rng
        target = self.some_name()
        self.add(owner, *rng.choice((
            ("TXT", '"text"'), ("TXT", '""'), ("MX", 10, target), ("MX", 0, ()), ("SRV", 1, 2, 53, target), ("PTR", target),
            ("HINFO", '"cpu"', '"os"'), ("CAA", 0, "issue", '"ca.example"'), ("TYPE65280", r"\# 4 0a000001"),
            ("TYPE65281", r"\# 0"), ("NAPTR", 1, 1, '"s"', '"x"', '""', target), ("RP", target, ()), ("AFSDB", 1, target),
            ("KX", 1, target), ("LOC", "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"),
            ("SSHFP", 1, 1, "aa" * 20), ("TLSA", 3, 1, 1, "bb" * 32), ("URI", 1, 1, '"http://example/"'),
            ("SVCB", 1, target, "port=53"), ("HTTPS", 0, target), ("SPF", '"v=spf1 -all"'))))

    def add_delegation(self, cut):
        rng = self.rng
        if lower(cut) == lower(self.origin) or (self.careful and (cut[0] == "*" or self.types[lower(cut)])):
            return
        self.cuts.append(cut)
        for _ in range(rng.choice((1, 1, 2, 3))):
            kind = rng.random()
            if kind < 0.45:
                host = (rng.choice(("ns", "a", "x", "aB")),) + (cut if rng.random() < 0.8 else ("b",) + cut)
                if rng.random() < 0.1:
                    host = cut
            elif kind < 0.6 and len(self.cuts) > 1:
                host = ("ns",) + rng.choice(self.cuts[:-1])
            elif kind < 0.75 and self.hosts:
                host = rng.choice(self.hosts)
            else:
                host = rng.choice(self.elsewhere)
            if not fits(host):
                host = rng.choice(self.elsewhere)
            self.add(cut, "NS", host)
            if host[-len(self.origin):] == self.origin and (not self.types[lower(host)] & {"A", "AAAA"}):
                self.add_address(host)
        if rng.random() < 0.3:
            self.add(cut, "DS", 12345, 8, 2, "ab" * 32)
        if rng.random() < 0.2 and fits(("x",) + cut):
            self.add(("x",) + cut, *rng.choice((("TXT", '"occluded"'), ("NS", rng.choice(self.elsewhere)), ("CNAME", self.origin))))

    def add_large(self, owner):
        kind = self.rng.choice(("TXT", "A", "MX", "NS"))
        count = self.rng.choice((5, 12, 30, 60))
        if kind == "NS":
            if lower(owner) == lower(self.origin) or owner[0] == "*" or not fits(("n00",) + owner) or self.types[lower(owner)]:
                return
            self.cuts.append(owner)
        for i in range(min(count, 14) if kind == "NS" else count):
            host = (f"n{i:02}",) + owner
            if kind == "NS":
                self.add(owner, "NS", host)
                self.add(host, "AAAA", f"2001:db8::{i:x}")
            elif kind == "MX":
                self.add(owner, "MX", i, host if fits(host) else owner)
            else:
                self.add(owner, kind, f"198.51.100.{i}" if kind == "A" else '"' + f"{i:02}" * 30 + '"')

    def add_apex(self):
        rng, origin = self.rng, self.origin
        self.add(origin, "SOA", ("ns",) + origin if fits(("ns",) + origin) else origin, (), rng.randrange(1, 2 ** 32), 7200, 900,
                 1209600, rng.choice((0, 60, 300, 86400)))
        for _ in range(rng.choice((1, 1, 2, 3))):
            if rng.random() < 0.5:
                host = (rng.choice(("ns", "ns2", "NS")),) + origin
                self.add(origin, "NS", host)
                if not self.types[lower(host)] & {"A", "AAAA"}:
                    self.add_address(host)
            else:
                self.add(origin, "NS", rng.choice(self.elsewhere))
        for _ in range(rng.choice((0, 0, 2, 8))):
            self.add_other(origin)
        if rng.random() < 0.3:
            self.add_address(origin)
        if rng.random() < 0.08:
            self.add(origin, "DNAME", self.some_name())

    def add_element(self):
        rng, kind = self.rng, self.rng.random()
        name = self.new_name()
        if kind < 0.2:
            self.add_address(name)
        elif kind < 0.35:
            self.add_other(name)
        elif kind < 0.55:
            self.add(name, "CNAME", name if rng.random() < 0.05 else self.some_name())
        elif kind < 0.63:
            if name[0] != "*":
                self.add(name, "DNAME", self.some_name())
        elif kind < 0.78:
            self.add_delegation(name)
        elif kind < 0.95:
            name = ("*",) + name
            if fits(name):
                self.wildcards.append(name)
                rng.choice((self.add_address, self.add_other, lambda n: self.add(n, "CNAME", self.some_name())))(name)
        else:
            self.add_large(name)

    def make(self, elements):
        self.add_apex()
        for _ in range(elements):
            self.add_element()
        seen = {}
        for record in self.records:  # each record once
            seen.setdefault((lower(record.owner), record.rrtype, repr(record.rdata).lower()), record)
        return Zone(self.origin, list(seen.values()))


def make_query(rng, names, origins):
    """A question about a world with these names."""
    name = rng.choice(names)
    kind = rng.random()
    if kind < 0.2:
        name = (rng.choice(COMMON),) + name
    elif kind < 0.3:
        name = tuple(rng.choice(COMMON + ODD) for _ in range(rng.choice((1, 2, 3)))) + name
    elif kind < 0.42:
        name = (rng.choice(COMMON + ("*",)),) + name[1:] if len(name) > 1 else name
    elif kind < 0.52:
        name = name[1:] if len(name) > 1 else name
    elif kind < 0.57:
        name = rng.choice(origins)
    elif kind < 0.6:
        name = ("a",) * (127 - len(name)) + name
    elif kind < 0.63:
        room = 255 - len(wire_name(name))
        name = ("m" * min(63, room - 1),) + name if room > 1 else name
    while not fits(name):
        name = name[1:]
    if rng.random() < 0.2:
        name = tuple(label if "\\" in label or label == WORLD else
                     "".join(rng.choice((c.upper(), c.lower())) for c in label) for label in name)
    rrtype = rng.choice(("A", "A", "A", "AAAA", "NS", "MX", "TXT", "CNAME", "SOA", "DS", "DNAME", "SRV", "ANY", "TYPE65280",
                         rng.choice(sorted(TYPES)), rng.choice(("TYPE65281", "TYPE1234", "TYPE0", "TYPE128", "TYPE65535"))))
    edns = rng.random() < 0.6
    return Query(name, rrtype, rng.choice((3, 4, 254, 255, 0, 2)) if rng.random() < 0.02 else 1, rng.random() < 0.3,
                 rng.random() < 0.1, rng.random() < 0.1,
                 rng.choice((512, 600, 1232, 1232, 4096, 100, 0, 65535)) if edns else None, edns and rng.random() < 0.4)


def make_world(seed, queries):
    rng = random.Random(seed)
    careful = rng.random() < 0.8
    apex = (WORLD,) if rng.random() < 0.5 else (rng.choice(("a", "b", "zone", "Zone")), WORLD)
    origins = [apex]
    while rng.random() < 0.4 and len(origins) < 4:
        below = tuple(rng.choice(COMMON) for _ in range(rng.choice((1, 1, 2)))) + rng.choice(origins)
        if below not in map(lower, origins) and below not in origins:
            origins.append(below)
    zones, names = [], []
    for origin in origins:
        elsewhere = [("out", WORLD), ("ns", "out", WORLD)] + [(rng.choice(("ns", "www", "a")),) + o for o in origins if o != origin]
        maker = ZoneMaker(rng, origin, elsewhere, careful)
        for child in origins:
            if child != origin and child[-len(origin):] == origin and rng.random() < 0.7:
                maker.add_delegation(child)
        zones.append(maker.make(rng.choice((2, 6, 15, 30))))
        names += maker.names
    names = [name for name in names if name] + [("nowhere", WORLD)]
    return World(seed, zones, [make_query(rng, names, origins) for _ in range(queries)])
