"""Rows about EDNS: version, flags, form, sizes, and one option after another."""
import struct

import wire
from probing import APEX, Outcome, Probe, over_tcp, over_udp, tell
from wire import (COOKIE, EXPIRE, KEEPALIVE, NSID, PADDING, REPORT_CHANNEL, ecs, message, name, opt, option, question,
                  record)

WWW = question(f"www.{APEX}")
NOWHERE = "www.elsewhere.example"
CLIENT = bytes.fromhex("2464c4abcf10c957")
ADDRESS4, ADDRESS6 = bytes([198, 51, 100, 0]), bytes.fromhex("20010db80010")


def asked(*options, about=WWW, **fields):
    return message(about, opt(*options, **fields), counts=(1, 0, 0, 1))


def row(what, ask, clause, *show, **how):
    return Probe("EDNS", what, ask, clause, show, **how)


def plain():
    signed = record("key.example", "TSIG", name("hmac-sha256") + bytes(6) + struct.pack("!3H", 300, 0, 0x1234) + bytes(4), 255)
    yield row("none", message(WWW), "3.1")
    yield row("payload 1232", asked(), "3.1", "opt")
    yield row("version 1", asked(version=1), "3.2")
    yield row("version 255, NSID and an unknown option", asked(option(NSID), option(65001, b"x"), version=255), "3.2", "options")
    yield row("version 1, class CH", asked(version=1, about=question("version.bind", "TXT", 3)), "1.10")
    yield row("unknown option", asked(option(65001, b"abc")), "3.4", "options")
    yield row("reserved option 0", asked(option(0)), "3.4", "options")
    yield row("unknown flags", asked(flags=0x7FFF), "3.5", "opt")
    yield row("DO", asked(flags=wire.DO), "3.5", "opt")
    yield row("RCODE bits set", asked(rcode=0xFF), "3.5")
    yield row("two OPT records", message(WWW, opt(), opt(), counts=(1, 0, 0, 2)), "3.3", sized=True)
    yield row("OPT in the answer section", message(WWW, opt(), counts=(1, 1, 0, 0)), "3.3", sized=True)
    yield row("OPT in the authority section", message(WWW, opt(), counts=(1, 0, 1, 0)), "3.3", sized=True)
    yield row("owner not the root", asked(owner=name("x")), "3.3", sized=True)
    yield row("option longer than the RDATA", message(WWW, record(b"\0", "OPT", struct.pack("!2H", NSID, 9), 1232),
                                                     counts=(1, 0, 0, 1)), "3.3", sized=True)
    yield row("RDATA of three octets", message(WWW, record(b"\0", "OPT", b"\0\3\0", 1232), counts=(1, 0, 0, 1)), "3.3",
              sized=True)
    yield row("RDLENGTH beyond the message", asked()[:-2] + b"\0\x40", "1.6", sized=True)
    yield row("OPT, then TSIG with an unknown key", message(WWW, opt(), signed, counts=(1, 0, 0, 2)), "1.8", sized=True)
    yield row("TSIG, then OPT", message(WWW, signed, opt(), counts=(1, 0, 0, 2)), "1.8", sized=True)


def sizes():
    for payload in (0, 100, 511, 512, 1232, 4096, 65535):
        yield row(f"payload {payload}, an RRset of 1,100 octets", asked(payload=payload, about=question(f"small.{APEX}", "TXT")), "3.6")
    yield row("no EDNS, an RRset of 1,100 octets", message(question(f"small.{APEX}", "TXT")), "3.6")
    for payload in (1400, 4096, 65535):
        yield row(f"payload {payload}, an RRset of 1,350 octets", asked(payload=payload, about=question(f"medium.{APEX}", "TXT")), "3.6")


def identity():
    yield row("NSID", asked(option(NSID)), "3.7", "options")
    yield row("NSID with octets in it", asked(option(NSID, b"abc")), "3.7", "options")
    yield row("NSID of a name that is refused", asked(option(NSID), about=question(NOWHERE)), "3.7", "options")


def server_cookie(port, change=None):
    """The outcome of a query with the server's own cookie, or with what `change` makes of it."""
    for exchange in (over_udp, over_tcp):  # a server without cookies over UDP may have them over TCP
        first = exchange(port, asked(option(COOKIE, CLIENT)))
        data = wire.read(first).option(COOKIE) if isinstance(first, bytes) else None
        if data and len(data) > 8:
            query = asked(option(COOKIE, change(data) if change else data))
            return tell(over_udp(port, query), query, ("options",)).text
    return "gives none"


def cookies():
    yield row("cookie: client's only", asked(option(COOKIE, CLIENT)), "3.8", "options")
    yield row("cookie: the server's own", server_cookie, "3.8")
    yield row("cookie: a bit of it wrong", lambda port: server_cookie(port, lambda c: c[:-1] + bytes([c[-1] ^ 1])), "3.9")
    yield row("cookie: of another client", lambda port: server_cookie(port, lambda c: bytes([c[0] ^ 1]) + c[1:]), "3.9")
    yield row("cookie: version 2 of a server's", lambda port: server_cookie(port, lambda c: c[:8] + b"\2" + c[9:]), "3.9")
    yield row("cookie: a wrong server's, over TCP", asked(option(COOKIE, CLIENT + bytes(16))), "3.9", "options", tcp=True)
    yield row("cookie: server part of 8", asked(option(COOKIE, CLIENT + bytes(8))), "3.8", "options")
    yield row("cookie: server part of 32", asked(option(COOKIE, CLIENT + bytes(32))), "3.8", "options")
    for length in (0, 1, 7, 9, 15, 41):
        yield row(f"cookie: length {length}", asked(option(COOKIE, (CLIENT * 6)[:length])), "3.8", "options", sized=True)
    yield row("two cookies", asked(option(COOKIE, CLIENT), option(COOKIE, CLIENT[::-1])), "3.8", "options")
    yield row("cookie, QDCOUNT 0", message(opt(option(COOKIE, CLIENT)), counts=(0, 0, 0, 1)), "1.3", "options")


def transport():
    yield row("padding over UDP", asked(option(PADDING, bytes(64))), "3.13", "options")
    yield row("padding over TCP", asked(option(PADDING, bytes(64))), "3.13", "options", tcp=True)
    for over, tcp in (("UDP", False), ("TCP", True)):
        yield row(f"keepalive over {over}", asked(option(KEEPALIVE)), "3.12", "options", tcp=tcp)
        yield row(f"keepalive with a timeout, over {over}", asked(option(KEEPALIVE, b"\0\x64")), "3.12", "options", tcp=tcp)


def client_subnet():
    good = ecs(1, 24, 0, ADDRESS4[:3])
    yield row("ECS: IPv4 /24", asked(good), "3.11", "options")
    yield row("ECS: IPv6 /48", asked(ecs(2, 48, 0, ADDRESS6)), "3.11", "options")
    yield row("ECS: SOURCE 0", asked(ecs(1, 0, 0, b"")), "3.11", "options")
    yield row("ECS: family 0, SOURCE 0", asked(ecs(0, 0, 0, b"")), "3.11", "options")
    yield row("ECS: SCOPE 24 in a query", asked(ecs(1, 24, 24, ADDRESS4[:3])), "3.11", "options", sized=True)
    yield row("ECS: bits beyond SOURCE", asked(ecs(1, 20, 0, ADDRESS4[:2] + b"\xff")), "3.11", "options", sized=True)
    yield row("ECS: family 3", asked(ecs(3, 24, 0, ADDRESS4[:3])), "3.11", "options", sized=True)
    yield row("ECS: IPv4 /33", asked(ecs(1, 33, 0, ADDRESS4 + b"\0")), "3.11", "options", sized=True)
    yield row("ECS: address too short", asked(ecs(1, 24, 0, ADDRESS4[:2])), "3.11", "options", sized=True)
    yield row("ECS: address too long", asked(ecs(1, 24, 0, ADDRESS4)), "3.11", "options", sized=True)
    yield row("ECS of 3 octets", asked(option(wire.ECS, b"\0\1\x18")), "3.11", "options", sized=True)
    yield row("ECS twice", asked(good, good), "3.11", "options")
    yield row("ECS of a name that is refused", asked(good, about=question(NOWHERE)), "3.11", "options")


def others():
    yield row("EXPIRE on SOA", asked(option(EXPIRE), about=question(APEX, "SOA")), "3.14", "options")
    yield row("EXPIRE on A", asked(option(EXPIRE)), "3.14", "options")
    yield row("EXPIRE with a value", asked(option(EXPIRE, bytes(4)), about=question(APEX, "SOA")), "3.14", "options")
    yield row("Report-Channel in a query", asked(option(REPORT_CHANNEL, name("agent.example"))), "3.4", "options")
    yield row("extended error in a query", asked(option(wire.EDE, b"\0\1")), "3.4", "options")


def extended_errors():
    for what, about in (
            ("name outside of our zones", question(NOWHERE)), ("class CH", question("nothing.bind", "TXT", 3)),
            ("class HS", question(f"www.{APEX}", "A", 4)), ("AXFR over UDP", question(APEX, "AXFR")),
            ("TKEY", question(APEX, "TKEY"))):
        yield row(f"extended error: {what}", asked(about=about), "3.15", sized=True)
    yield row("extended error: NOTIFY", message(question(APEX, "SOA"), opt(), opcode=4, counts=(1, 0, 0, 1)), "3.15", sized=True)


def size_of_opt(port):
    """How many octets an OPT record adds to an answer."""
    with_opt, without = over_udp(port, asked()), over_udp(port, message(WWW))
    return Outcome("none" if None in (with_opt, without) else f"{len(with_opt) - len(without)} octets more")


ROWS = [*plain(), row("size of an OPT record without options", size_of_opt, "3.1"), *sizes(), *identity(), *cookies(),
        *transport(), *client_subnet(), *others(), *extended_errors()]
