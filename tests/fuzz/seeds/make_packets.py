#!/usr/bin/env python3
"""Writes the seeds of the packet and tcp_frame targets beside itself: queries as they stand on the wire."""
import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
A, NS, CNAME, SOA, MX, TXT, AAAA, SRV, OPT, RRSIG, HTTPS, IXFR, AXFR, ANY = 1, 2, 5, 6, 15, 16, 28, 33, 41, 46, 65, 251, 252, 255
IN, CH, CLASS_ANY = 1, 3, 255
RD, CD, QR, OPCODE_NOTIFY, OPCODE_UPDATE = 0x0100, 0x0010, 0x8000, 4 << 11, 5 << 11


def name(text):
    labels = [label.encode("latin-1") for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def question(text, qtype, qclass=IN):
    return name(text) + struct.pack("!HH", qtype, qclass)


def message(questions=(), additional=(), answers=(), authority=(), flags=0, ident=0x2a2a):
    counts = [len(part) for part in (questions, answers, authority, additional)]
    return struct.pack("!HHHHHH", ident, flags, *counts) + b"".join([*questions, *answers, *authority, *additional])


def opt(size=1232, version=0, flags=0, options=b"", owner=b"\0", extended_rcode=0):
    ttl = extended_rcode << 24 | version << 16 | flags
    return owner + struct.pack("!HHIH", OPT, size, ttl, len(options)) + options


def option(code, data):
    return struct.pack("!HH", code, len(data)) + data


def record(owner, rtype, rdata, ttl=0, rclass=IN):
    return owner + struct.pack("!HHIH", rtype, rclass, ttl, len(rdata)) + rdata


ZONE = "api.example.com"
SUBNET_V4 = option(8, struct.pack("!HBB", 1, 24, 0) + bytes([198, 18, 5]))
SUBNET_V6 = option(8, struct.pack("!HBB", 2, 48, 0) + bytes([0x20, 1, 0x0d, 0xb8, 0, 0x10]))
COOKIE = option(10, bytes(range(8)))
SERVER_COOKIE = option(10, bytes(range(8)) + b"\1" + bytes(3) + struct.pack("!I", 1795219200) + bytes(8))
NSID, EXPIRE, KEEPALIVE, PADDING = option(3, b""), option(9, b""), option(11, b""), option(12, bytes(20))
TSIG_RDATA = name("hmac-sha256") + bytes(6) + struct.pack("!HH", 300, 32) + bytes(32) + struct.pack("!HHH", 1, 0, 0)
DO = opt(flags=0x8000)  # the zones of tests/cases/signed

PACKETS = {
    "a": message([question("us-street." + ZONE, A)], flags=RD),
    "aaaa": message([question("us-street." + ZONE, AAAA)]),
    "pinned": message([question("proxy." + ZONE, A)]),
    "mixed_case": message([question("uS-StReEt.ApI.eXaMpLe.CoM", A)]),
    "apex_soa": message([question(ZONE, SOA)]),
    "apex_ns": message([question(ZONE, NS)]),
    "mx": message([question(ZONE, MX)]),
    "any": message([question(ZONE, ANY)]),
    "cname": message([question("docs." + ZONE, A)]),
    "cname_out": message([question("status." + ZONE, A)]),
    "wildcard": message([question("a.b.preview." + ZONE, A)]),
    "dname": message([question("x.y.legacy." + ZONE, A)]),
    "delegation": message([question("host.lab." + ZONE, TXT)]),
    "srv": message([question("_grpc._tcp." + ZONE, SRV)]),
    "empty_non_terminal": message([question("_tcp." + ZONE, A)]),
    "nxdomain": message([question("nothing." + ZONE, A)]),
    "refused": message([question("example.org", A)]),
    "root": message([question("", NS)]),
    "chaos": message([question("version.bind", TXT, CH)]),
    "class_any": message([question(ZONE, A, CLASS_ANY)]),
    "axfr": message([question(ZONE, AXFR)]),
    "ixfr": message([question(ZONE, IXFR)], authority=[record(name(ZONE), SOA, b"\0\0" + bytes(20))]),
    "edns": message([question("us-street." + ZONE, A)], [opt()]),
    "edns_small": message([question(ZONE, TXT)], [opt(size=0)]),
    "edns_large": message([question(ZONE, ANY)], [opt(size=65535)]),
    "edns_do": message([question("nothing." + ZONE, A)], [opt(flags=0x8000)], flags=RD | CD),
    "signed_answer": message([question("www.nsec.example", A)], [DO]),
    "signed_nxdomain": message([question("nowhere.nsec.example", A)], [DO]),
    "signed_nsec3": message([question("x.y.nowhere.nsec3.example", A)], [DO]),
    "signed_wildcard": message([question("x.cwild2.nsec3.example", MX)], [DO]),
    "signed_referral": message([question("www.plain.optout.example", A)], [DO]),
    "signed_opt_out": message([question("q.y.deep.optout.example", A)], [DO]),
    "signed_dname": message([question("x.dname.nsec.example", A)], [DO]),
    "signed_signatures": message([question("nsec.example", RRSIG)], [DO]),
    "signed_secure_referral": message([question("www.safe.nsec.example", A)], [DO]),
    "signed_secure_referral_nsec3": message([question("www.safe.nsec3.example", A)], [DO]),
    "glue_name": message([question("ns1.child.s", A)]),
    "below_glue_name": message([question("x.ns1.child.s", A)]),
    "signed_small": message([question("nsec.example", MX)], [opt(size=512, flags=0x8000)]),
    "edns_version": message([question(ZONE, A)], [opt(version=1)]),
    "edns_subnet": message([question("us-street." + ZONE, A)], [opt(options=SUBNET_V4 + COOKIE)]),
    "edns_all": message([question(ZONE, SOA)], [opt(options=NSID + EXPIRE + KEEPALIVE + COOKIE + SUBNET_V4 + PADDING)]),
    "edns_server_cookie": message([question(ZONE, A)], [opt(options=SERVER_COOKIE)]),
    "edns_cookie_only": message((), [opt(options=COOKIE)]),
    "tsig": message([question(ZONE, A)], [opt(), record(name("key"), 250, TSIG_RDATA, rclass=CLASS_ANY)]),
    "class_any_pool": message([question("us-street." + ZONE, A, CLASS_ANY)]),
    "chaos_id": message([question("id.server", TXT, CH)], [opt()]),
    "edns_subnet_v6": message([question("us-street." + ZONE, AAAA)], [opt(options=SUBNET_V6)]),
    "edns_unknown_option": message([question(ZONE, A)], [opt(options=option(65001, b"x" * 40))]),
    "edns_twice": message([question(ZONE, A)], [opt(), opt()]),
    "edns_owner": message([question(ZONE, A)], [opt(owner=name("x"))]),
    "edns_option_overrun": message([question(ZONE, A)], [opt(options=b"\0\x08\0\xff\0")]),
    "edns_in_answer": message([question(ZONE, A)], answers=[opt()]),
    "notify": message([question(ZONE, SOA)], flags=OPCODE_NOTIFY),
    "update": message([question(ZONE, SOA)], flags=OPCODE_UPDATE),
    "response": message([question(ZONE, A)], flags=QR),
    "truncated_flag": message([question(ZONE, A)], flags=0x0200),
    "no_question": message(),
    "two_questions": message([question(ZONE, A), question("www." + ZONE, A)]),
    "question_missing": message(flags=RD)[:4] + struct.pack("!HHHH", 1, 0, 0, 0),
    "short_header": message()[:7],
    "name_is_pointer": message([b"\xc0\x0c" + struct.pack("!HH", A, IN)]),
    "name_pointer_forward": message([b"\xc0\xff" + struct.pack("!HH", A, IN)]),
    "name_label_then_pointer": message([b"\x01a\xc0\x0c" + struct.pack("!HH", A, IN)]),
    "name_reserved_label": message([b"\x40abc\0" + struct.pack("!HH", A, IN)]),
    "name_longest": message([question(".".join(["a" * 63] * 3 + ["b" * 61]), A)]),
    "name_too_long": message([question(".".join(["a" * 63] * 4), A)]),
    "name_unterminated": message([b"\x3fabc"]),
    "name_binary": message([question("\x00\xff\x2e\x20." + ZONE, A)]),
    "additional_by_pointer": message([question("www." + ZONE, A)], [record(b"\xc0\x0c", A, bytes(4)), opt()]),
    "trailing_octets": message([question(ZONE, A)]) + b"\0trailing",
    "counts_lie": message([question(ZONE, A)])[:6] + b"\xff\xff\xff\xff\xff\xff" + question(ZONE, A),
}

# What tests/fuzz/data has beside the zone above: a name and its type for each kind of node.
NODES = {
    "static_cname": ("alias2.s", A), "static_loop": ("loop1.s", A), "static_dangling": ("dangling.s", A),
    "static_into_cut": ("tosub.s", A), "static_to_zone": ("tozone.s", A), "static_wildcard": ("a.b.wild.s", MX),
    "static_blocked": ("x.exact.wild.s", A), "static_cut": ("www.child.s", A), "static_ds": ("signed.s", 43),
    "static_ds_at_apex": ("sub.s", 43), "static_dname": ("x.dname.s", A), "static_dname_any": ("x.dname.s", ANY),
    "static_dname_too_long": ("a" * 60 + "." + "b" * 60 + ".long.s", A), "static_dname_below": ("x.self.s", A),
    "static_many": ("many.s", TXT), "static_any": ("s", ANY), "alias_mode": ("a", 65), "alias_chain": ("chain.a", 64),
    "alias_by_cname": ("through.a", 64), "alias_loop": ("loop.a", 64), "alias_back": ("alias.a", 64),
    "service_mode": ("svc.a", 65), "service_wildcard": ("a.wild.a", 64), "service_wildcard2": ("a.wild2.a", 64),
    "two_dnames": ("x.dn1.a", A), "mx_once": ("a", MX), "ns_glue": ("a", NS), "types_svcb": ("svcb1.example.com", 64),
    "types_soa": ("example.com", SOA), "types_unknown": ("unknown.example.com", 65280), "naptr": ("naptr.example.com", 35),
    "limit_chain": ("c0.l", A), "limit_mx": ("many.l", MX), "limit_glue": ("x.cut.l", A), "limit_big": ("big.l", 65280),
    "limit_services": ("v0.l", 64), "limit_apex_wildcard": ("q.w.e.l", TXT), "limit_deepest": (".".join(["x"] * 125) + ".l", A),
    "limit_dname": ("y" * 60 + ".d.l", A), "pool_window": ("w.api.example.com", A),
    "pool_empty": ("none.api.example.com", A), "pool_any": ("us-street.api.example.com", ANY),
    "pool_wildcard": ("x.lb.api.example.com", AAAA),
}
PACKETS |= {stem: message([question(name, rtype)]) for stem, (name, rtype) in NODES.items()}

# Of clients that the option names: in a prefix of a set, of one inside it, wider than both, of the other family, of nobody.
SUBNETS = {
    "inner": (1, 24, [198, 18, 4]), "outer": (1, 24, [198, 18, 6]), "wide": (1, 15, [198, 18]), "host": (1, 32, [198, 18, 4, 9]),
    "v6": (2, 56, [0x20, 1, 0x0d, 0xb8, 0, 0x10, 0]), "stranger": (1, 24, [192, 0, 2]), "none": (1, 0, []), "family_0": (0, 0, []),
    "v6_host": (2, 128, [0x20, 1, 0x0d, 0xb8, 0, 0x10, *[0] * 9, 1]),
}
CLIENT_NODES = [("street.c", A), ("street.c", AAAA), ("street.c", HTTPS), ("open.c", HTTPS), ("written.c", HTTPS),
                ("sticky.c", A), ("both.c", A), ("weighted.c", A), ("sites.c", A), ("alias.c", A)]


def subnet(family, bits, octets):
    return opt(options=option(8, struct.pack("!HBB", family, bits, 0) + bytes(octets)))


PACKETS |= {f"clients_{stem}_{node[:-2]}_{rtype}": message([question(node, rtype)], [subnet(*told)])
            for node, rtype in CLIENT_NODES for stem, told in SUBNETS.items()}
PACKETS |= {f"subnet_bad_{n}": message([question("street.c", A)], [opt(options=option(8, bytes.fromhex(octets)))])
            for n, octets in enumerate(["0001", "00011818c61204", "00011700c61205", "00011800c612", "00012100c612040101",
                                        "00031800c61204", "00001800c61204"])}

# packet_fuzz.cc takes an octet before the packet: TCP, a client of the pinned set, a later time.
TRANSPORTS = {"": 0, "_tcp": 1, "_client": 2, "_later": 6}


# tcp_frame_fuzz.cc takes the sizes of the pieces in which the stream arrives first: n for 1 + 16 n octets.
PIECES = bytes([0, 0, 1, 0, 2]) + b"\xff\xff"


def framed(*messages):
    """RFC 7766 8: each message after its length in two octets."""
    return b"".join(struct.pack("!H", len(m)) + m for m in messages)


FRAMES = {
    "one": framed(PACKETS["a"]),
    "pipelined": framed(PACKETS["a"], PACKETS["edns"], PACKETS["nxdomain"]),
    "length_zero": framed(b"", PACKETS["a"]),
    "length_one": framed(b"\0"),
    "length_longest": struct.pack("!H", 65535) + PACKETS["a"],
    "cut_in_length": framed(PACKETS["a"])[:1],
    "cut_in_message": framed(PACKETS["a"], PACKETS["mx"])[:-3],
    "garbage_after": framed(PACKETS["a"]) + b"GET / HTTP/1.1\r\n\r\n",
    "bad_message": framed(PACKETS["name_unterminated"], PACKETS["response"], PACKETS["short_header"]),
    "many": framed(*[PACKETS["root"]] * 40),
}
FRAMES = {stem: PIECES + stream for stem, stream in FRAMES.items()}


def with_transports(packets):
    """Each packet over UDP, and those of pools and of what is large in other ways too."""
    for stem, octets in packets.items():
        for suffix, first in TRANSPORTS.items():
            if not suffix or stem.startswith(("limit_", "pool_", "pinned", "static_many", "a")):
                yield stem + suffix, bytes([first]) + octets


FILES = {"packet": dict(with_transports(PACKETS)), "tcp_frame": FRAMES}


def main():
    for folder, files in FILES.items():
        (HERE / folder).mkdir(exist_ok=True)
        for stem, octets in files.items():
            (HERE / folder / f"{stem}.bin").write_bytes(octets)


if __name__ == "__main__":
    main()
