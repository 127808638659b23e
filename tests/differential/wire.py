"""Answers' octets as the canonical form of tests/conformance/lenient.py, many thousand a second: names in lower case,
RDATA in hexadecimal but for the names in it. A message that is not whole is {"status": "unparsable"}.
"""
import functools
import struct

from world import TYPES

NUMBERS = {number: name for name, number in TYPES.items()}
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN")
FLAGS = (("AA", 0x0400), ("TC", 0x0200), ("RD", 0x0100), ("RA", 0x0080), ("Z", 0x0040), ("AD", 0x0020), ("CD", 0x0010))
# RDATA that holds names: octets before the first, how many, and how many strings before the name (NAPTR).
NAMES = {2: (0, 1), 5: (0, 1), 6: (0, 2), 12: (0, 1), 15: (2, 1), 17: (0, 2), 18: (2, 1), 33: (6, 1), 36: (2, 1), 39: (0, 1),
         47: (0, 1), 64: (2, 1), 65: (2, 1)}


@functools.lru_cache(maxsize=None)
def label_text(octets):
    out = ""
    for c in octets.lower():
        out += f"\\{c:03}" if c <= 0x20 or c >= 0x7f else "\\" + chr(c) if chr(c) in '.\\"();@$' else chr(c)
    return out + "."


class Reader:
    def __init__(self, wire):
        self.wire, self.at, self.known = wire, 0, {}

    def name(self):
        """The name at the current place, in lower case, and the place moved behind it."""
        out, at, end, hops = "", self.at, None, 0
        while True:
            length = self.wire[at]
            if length >= 0xc0:
                end = end or at + 2
                target = (length & 0x3f) << 8 | self.wire[at + 1]
                hops += 1
                if target >= at or hops > 130:
                    raise ValueError("pointer forward")
                at = target
            elif length > 63:
                raise ValueError("label type")
            elif length == 0:
                self.at = end or at + 1
                return out or "."
            else:
                out += label_text(self.wire[at + 1:at + 1 + length])
                at += length + 1

    def rdata(self, rrtype, size):
        end = self.at + size
        if end > len(self.wire):
            raise ValueError("RDATA runs out")
        before, names = NAMES.get(rrtype, (0, 0))
        words = []
        if rrtype == 35:
            at = self.at + 4
            for _ in range(3):
                at += 1 + self.wire[at]
            before, names = at - self.at, 1
        if before:
            words.append(self.wire[self.at:self.at + before].hex())
            self.at += before
        words += [self.name() for _ in range(names)]
        if self.at < end:
            words.append(self.wire[self.at:end].hex())
        if self.at > end:
            raise ValueError("RDATA overrun")
        self.at = end
        return " ".join(words)

    def record(self):
        """(line, type, class, TTL)"""
        owner = self.name()
        rrtype, klass, ttl, size = struct.unpack_from("!HHIH", self.wire, self.at)
        self.at += 10
        rdata = self.rdata(rrtype, size)
        klass_text = "IN" if klass == 1 else f"CLASS{klass}"
        return f"{owner} {ttl} {klass_text} {NUMBERS.get(rrtype, f'TYPE{rrtype}')} {rdata}", rrtype, ttl


def canonical(wire):
    if wire is None:
        return {"status": "timeout"}
    try:
        return read(wire)
    except (ValueError, IndexError, struct.error):
        return {"status": "unparsable"}


def read(wire):
    _, bits, *counts = struct.unpack_from("!6H", wire)
    reader = Reader(wire)
    reader.at = 12
    form = {"status": "ok", "flags": [name for name, bit in FLAGS if bits & bit], "question": [], "edns": False, "size": len(wire)}
    rcode = bits & 15
    for _ in range(counts[0]):
        name = reader.name()
        form["question"].append(name + wire[reader.at:reader.at + 4].hex())
        reader.at += 4
    for section, count in zip(("answer", "authority", "additional"), counts[1:]):
        lines = []
        for _ in range(count):
            line, rrtype, ttl = reader.record()
            if rrtype == 41:
                form["edns"] = True
                rcode |= ttl >> 24 << 4
            else:
                lines.append(line)
        form[section] = sorted(lines)
    if reader.at != len(wire):
        raise ValueError("octets behind the last record")
    form["rcode"] = RCODES[rcode] if rcode < len(RCODES) else f"RCODE{rcode}"
    return form
