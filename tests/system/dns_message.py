"""DNS messages for the tests: written and read here, so that they are judged by other code than the daemon's own."""
import collections
import ipaddress
import os
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "RP": 17, "AAAA": 28, "SRV": 33, "DNAME": 39,
         "OPT": 41, "TLSA": 52, "HTTPS": 65, "ANY": 255, "URI": 256, "CAA": 257}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
QR, AA, TC, RD = 0x8000, 0x0400, 0x0200, 0x0100

Record = collections.namedtuple("Record", "name type ttl data")  # data: as in a master file; unknown types: hexadecimal


def encode_name(name):
    labels = [label for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def query(name, rrtype="A", edns=None, ident=None, flags=0):
    """A query. `edns` is the UDP size to offer; None: no EDNS."""
    ident = int.from_bytes(os.urandom(2), "big") if ident is None else ident
    header = struct.pack("!6H", ident, flags, 1, 0, 0, 0 if edns is None else 1)
    question = encode_name(name) + struct.pack("!2H", TYPES[rrtype], 1)
    opt = b"" if edns is None else b"\0" + struct.pack("!HHIH", TYPES["OPT"], edns, 0, 0)
    return header + question + opt


class Message:
    """A response, taken apart. Raises where the octets are no well-formed message, or where something is left over."""

    def __init__(self, octets):
        self.octets = octets
        self.id, self.flags, *counts = struct.unpack_from("!6H", octets)
        self.rcode = RCODES.get(self.flags & 15, str(self.flags & 15))
        self.end = 12
        self.question = None
        for _ in range(counts[0]):
            name = self._name()
            rrtype, _ = self._take("!2H")
            self.question = (name, TYPE_NAMES.get(rrtype, f"TYPE{rrtype}"))
        self.answer, self.authority, self.additional = ([self._record() for _ in range(n)] for n in counts[1:])
        self.edns = any(record.type == "OPT" for record in self.additional)
        if self.end != len(octets):
            raise ValueError(f"{len(octets) - self.end} octets after the last record")

    def data(self, rrtype):
        return [record.data for record in self.answer if record.type == rrtype]

    def _take(self, form):
        values = struct.unpack_from(form, self.octets, self.end)
        self.end += struct.calcsize(form)
        return values

    def _name(self):
        name, self.end = self._name_at(self.end)
        return name

    def _name_at(self, at):
        labels, after, hops = [], None, 0
        while (length := self.octets[at]) != 0:
            if length >= 0xC0:
                after = at + 2 if after is None else after
                at = struct.unpack_from("!H", self.octets, at)[0] & 0x3FFF
                hops += 1
                if hops > 127:
                    raise ValueError("a loop of compression pointers")
                continue
            labels.append(self.octets[at + 1:at + 1 + length].decode("latin-1"))
            at += 1 + length
        return ".".join(labels) + ".", (at + 1 if after is None else after)

    def _record(self):
        name = self._name()
        number, _, ttl, length = self._take("!HHIH")
        rrtype = TYPE_NAMES.get(number, f"TYPE{number}")
        record = Record(name, rrtype, ttl, self._data(rrtype, self.end, length))
        self.end += length
        return record

    def _data(self, rrtype, at, length):
        raw = self.octets[at:at + length]
        if len(raw) != length:
            raise ValueError("a record longer than the message")
        if rrtype in ("A", "AAAA"):
            return str(ipaddress.ip_address(raw))
        if rrtype in ("NS", "CNAME", "DNAME"):
            return self._name_at(at)[0]
        if rrtype == "MX":
            return f"{raw[0] << 8 | raw[1]} {self._name_at(at + 2)[0]}"
        if rrtype == "SOA":
            primary, at = self._name_at(at)
            mailbox, at = self._name_at(at)
            return " ".join([primary, mailbox, *map(str, struct.unpack_from("!5I", self.octets, at))])
        if rrtype == "TXT":
            strings = []
            while raw:
                strings.append('"' + raw[1:1 + raw[0]].decode("latin-1") + '"')
                raw = raw[1 + raw[0]:]
            return " ".join(strings)
        return raw.hex()
