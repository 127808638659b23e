"""Rows about the header, the question and what else a query may hold."""
import struct

from probing import APEX, Probe
from wire import AA, AD, CD, QR, RA, RD, TC, TYPES, Z, message, opt, question, record

WWW = question(f"www.{APEX}")
OPCODES = {1: "IQUERY", 2: "STATUS", 3: "unassigned", 4: "NOTIFY", 5: "UPDATE", 6: "DSO", 15: "unassigned"}
CLASSES = {0: "0", 2: "CS", 3: "CH", 4: "HS", 254: "NONE", 255: "ANY", 65535: "65535"}


def row(group, what, ask, clause, *show, **how):
    return Probe(group, what, ask, clause, show, **how)


def header():
    for opcode, called in OPCODES.items():
        yield "header", f"opcode {opcode} ({called})", message(WWW, opcode=opcode), "1.7", "opcode"
    yield "header", "opcode 6 (DSO), no question", message(opcode=6, counts=(0, 0, 0, 0)), "1.7", "opcode"
    yield "header", "opcode 3, garbage", message(b"\xff" * 40, opcode=3), "1.7", "opcode"
    yield "header", "QR set", message(WWW, flags=QR), "1.2"
    yield "header", "QR set, opcode 4", message(WWW, flags=QR, opcode=4), "1.2"
    yield "header", "QR set, truncated", message(WWW, flags=QR)[:20], "1.2"
    yield "header", "QDCOUNT 0", message(counts=(0, 0, 0, 0)), "1.3"
    yield "header", "QDCOUNT 2", message(WWW, question(f"ns1.{APEX}"), counts=(2, 0, 0, 0)), "1.3"
    yield "header", "QDCOUNT 65535", message(WWW, counts=(65535, 0, 0, 0)), "1.3"
    address = record(f"www.{APEX}", "A", bytes([192, 0, 2, 1]), ttl=60)
    yield "header", "ANCOUNT 1", message(WWW, address, counts=(1, 1, 0, 0)), "1.5"
    yield "header", "NSCOUNT 1", message(WWW, address, counts=(1, 0, 1, 0)), "1.5"
    yield "header", "ARCOUNT 1, an A record", message(WWW, address, counts=(1, 0, 0, 1)), "1.8"
    yield "header", "ARCOUNT 1, nothing there", message(WWW, counts=(1, 0, 0, 1)), "1.6"
    yield "header", "octets after the question", message(WWW, b"abc"), "1.6"
    yield "header", "octets after OPT", message(WWW, opt(), b"abc", counts=(1, 0, 0, 1)), "1.6"
    yield "header", "cut in the name", message(WWW)[:20], "1.4"
    yield "header", "cut before the class", message(WWW)[:-2], "1.4"
    yield "header", "11 octets", message(WWW)[:11], "1.1"
    yield "header", "12 octets, QDCOUNT 1", message(), "1.4"
    yield "header", "2 octets", message(WWW)[:2], "1.1"
    yield "header", "64 octets of ff", b"\xff" * 64, "1.2"
    yield "header", "64 octets of 0", bytes(64), "1.3"
    yield "header", "text of HTTP", b"GET / HTTP/1.1\r\nHost: compare.example\r\n\r\n", "1.7"


def flags():
    for called, bit in {"AA": AA, "TC": TC, "RD": RD, "RA": RA, "Z": Z, "AD": AD, "CD": CD}.items():
        yield "header", f"{called} set", message(WWW, flags=bit), "2.1" if called in ("RD", "CD") else "1.9", "flags"
    yield "header", "RCODE 15 set", message(WWW, flags=15), "1.9", "flags"
    yield "header", "all flags, a name that is refused", message(question("elsewhere.example"), flags=AA | TC | RD | RA | Z | AD | CD), \
        "2.1", "flags"
    yield "header", "RD and CD, opcode 5", message(question(APEX, "SOA"), flags=RD | CD, opcode=5), "2.1", "flags"
    yield "header", "RD and CD, QDCOUNT 2", message(WWW, WWW, flags=RD | CD, counts=(2, 0, 0, 0)), "2.1", "flags"


def questions():
    www = f"www.{APEX}"
    for number, called in CLASSES.items():
        yield "question", f"class {called}" + (f" ({number})" if called.isalpha() else ""), \
            message(question(www, "A", number)), "4.1"
    for owner in ("version.bind", "version.server", "id.server", "hostname.bind", "authors.bind", "nothing.bind"):
        yield "question", f"CH TXT {owner}", message(question(owner, "TXT", 3)), "4.1"
    yield "question", "CH ANY version.bind", message(question("version.bind", "ANY", 3)), "4.1"
    yield "question", "CH A version.bind", message(question("version.bind", "A", 3)), "4.1"
    yield "question", "IN TXT version.bind", message(question("version.bind", "TXT")), "4.2"
    for rrtype, clause in (("ANY", "4.6"), ("AXFR", "4.5"), ("IXFR", "4.5"), ("MAILA", "4.5"), ("MAILB", "4.5"), ("OPT", "4.5"),
                           ("TSIG", "4.5"), ("TKEY", "4.5")):
        yield "question", f"type {rrtype}", message(question(APEX, rrtype)), clause
    serial = record(APEX, "SOA", b"\0\0" + struct.pack("!5I", 1, 1, 1, 1, 1))
    yield "question", "type IXFR with its SOA", message(question(APEX, "IXFR"), serial, counts=(1, 0, 1, 0)), "4.5"
    yield "question", "type ANY at www", message(question(www, "ANY")), "4.6"
    for number in (0, 128, 240, 65280, 65535):
        yield "question", f"type {number}", message(question(www, number)), "4.5" if number in (128, 240) else "9.2"
    for rrtype in ("RRSIG", "SIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "DS"):
        yield "question", f"type {rrtype}, zone not signed", message(question(APEX, rrtype)), "4.4" if rrtype == "DS" else "9.2"


def names():
    tail = struct.pack("!2H", TYPES["A"], 1)
    label = b"\x3f" + b"a" * 63
    longest = label * 3 + b"\x2d" + b"b" * 45 + b"\7compare\7example\0"  # 3*64 + 46 + 17
    assert len(longest) == 255
    too_long = label * 3 + b"\x2e" + b"b" * 46 + b"\7compare\7example\0"
    yield "name", "pointer to itself", message(b"\xc0\x0c" + tail), "1.4"
    yield "name", "pointer forward", message(b"\xc0\x12" + tail + WWW), "1.4"
    yield "name", "pointer into the header", message(b"\3www\xc0\x04" + tail), "1.4"
    yield "name", "pointer beyond the message", message(b"\xff\xff" + tail), "1.4"
    yield "name", "label type 01", message(b"\x41a\0" + tail), "1.4"
    yield "name", "label type 10", message(b"\x81a\0" + tail), "1.4"
    yield "name", "255 octets", message(longest + tail), "1.4"
    yield "name", "256 octets", message(too_long + tail), "1.4"
    yield "name", "127 labels", message(b"\1a" * 127 + b"\0" + tail), "4.2"
    yield "name", "255 octets, below a wildcard", message(label * 3 + b"\x28" + b"b" * 40 + b"\4wild\7compare\7example\0" + tail), "7.1"
    yield "name", "octets 0, dot and ff", message(b"\4\0.\xff\\\7compare\7example\0" + tail), "2.2"
    yield "name", "mixed case", message(question(b"\3wWw\7cOmPaRe\7eXaMpLe\0")), "2.2"
    for rrtype in ("NS", "SOA", "A", "ANY"):
        yield "name", f"the root, {rrtype}", message(question(b"\0", rrtype)), "4.2"
    yield "name", "parent of our zone", message(question("example", "NS")), "4.2"
    yield "name", "outside of our zones", message(question("www.elsewhere.example")), "4.2"
    yield "name", "delegated", message(question(f"www.child.{APEX}")), "8.1"
    yield "name", "DS of a delegation", message(question(f"child.{APEX}", "DS")), "8.2"
    yield "name", "alias in the zone", message(question(f"alias.{APEX}")), "6.1"
    yield "name", "alias of an alias, loop", message(question(f"loop.{APEX}")), "6.3"
    yield "name", "alias of a name that is not there", message(question(f"dangling.{APEX}")), "6.2"
    yield "name", "below a DNAME", message(question(f"www.dname.{APEX}")), "6.7"
    yield "name", "not there", message(question(f"nowhere.{APEX}")), "9.2"
    yield "name", "empty non-terminal", message(question(f"tcp.{APEX}")), "9.2"


SIZED = ("header", "name")  # groups of rows most of which are malformed
MATTERS = {"alias in the zone", "mixed case"}
ROWS = [row(group, what, ask, clause, *show, sized=group in SIZED and what not in MATTERS and not show)
        for group, what, ask, clause, *show in (*header(), *flags(), *questions(), *names())]
