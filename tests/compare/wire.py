"""DNS messages octet by octet: wrong ones can be written, and whatever comes back is read without complaint."""
import dataclasses
import struct

TYPES = {"A": 1, "NS": 2, "MD": 3, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "SIG": 24, "KEY": 25, "AAAA": 28, "SRV": 33, "OPT": 41,
         "DS": 43, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48, "NSEC3": 50, "NSEC3PARAM": 51, "TKEY": 249, "TSIG": 250,
         "IXFR": 251, "AXFR": 252, "MAILB": 253, "MAILA": 254, "ANY": 255}
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN",
          9: "NOTAUTH", 16: "BADVERS", 17: "BADKEY", 22: "BADTRUNC", 23: "BADCOOKIE"}
QR, AA, TC, RD, RA, Z, AD, CD = 0x8000, 0x400, 0x200, 0x100, 0x80, 0x40, 0x20, 0x10
FLAGS = {"AA": AA, "TC": TC, "RD": RD, "RA": RA, "Z": Z, "AD": AD, "CD": CD}
DO = 0x8000

NSID, ECS, EXPIRE, COOKIE, KEEPALIVE, PADDING, EDE, REPORT_CHANNEL = 3, 8, 9, 10, 11, 12, 15, 18
OPTIONS = {NSID: "NSID", EXPIRE: "EXPIRE", KEEPALIVE: "keepalive", PADDING: "padding"}

# ---- writing --------------------------------------------------------------------------------------------------------


def name(text):
    labels = [label.encode() for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def question(owner, rrtype="A", qclass=1):
    """`owner`: text, or octets as they shall stand."""
    number = TYPES.get(rrtype, rrtype)
    return (owner if isinstance(owner, bytes) else name(owner)) + struct.pack("!2H", number, qclass)


def message(*parts, ident=0x1234, flags=0, opcode=0, counts=(1, 0, 0, 0)):
    return struct.pack("!6H", ident, flags | opcode << 11, *counts) + b"".join(parts)


def record(owner, rrtype, rdata=b"", rrclass=1, ttl=0):
    return (owner if isinstance(owner, bytes) else name(owner)) + struct.pack(
        "!2HIH", TYPES.get(rrtype, rrtype), rrclass, ttl, len(rdata)) + rdata


def option(code, data=b""):
    return struct.pack("!2H", code, len(data)) + data


def opt(*options, payload=1232, version=0, flags=0, rcode=0, owner=b"\0"):
    return record(owner, "OPT", b"".join(options), payload, rcode << 24 | version << 16 | flags)


def ecs(family, source, scope, address):
    return option(ECS, struct.pack("!HBB", family, source, scope) + address)


# ---- reading --------------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Reply:
    """What is readable of a response. `whole`: nothing was missing or left over."""
    octets: bytes
    flags: int = 0
    rcode: str = ""
    counts: tuple = (0, 0, 0, 0)
    answer: list = dataclasses.field(default_factory=list)      # types
    authority: list = dataclasses.field(default_factory=list)
    opt_flags: int = 0
    payload: int = 0
    options: list = dataclasses.field(default_factory=list)     # (code, data)
    has_opt: bool = False
    whole: bool = True

    def option(self, code):
        return next((data for c, data in self.options if c == code), None)


def read(octets):
    reply = Reply(octets)
    try:
        _, reply.flags, *counts = struct.unpack_from("!6H", octets)
        reply.counts = tuple(counts)
        number, at = reply.flags & 15, 12
        for _ in range(counts[0]):
            at = _after_name(octets, at) + 4
        for section, count in zip((reply.answer, reply.authority, []), counts[1:]):
            for _ in range(count):
                at = _after_name(octets, at)
                rrtype, rrclass, ttl, length = struct.unpack_from("!2HIH", octets, at)
                rdata = octets[at + 10:at + 10 + length]
                at += 10 + length
                section.append(rrtype)
                if rrtype == TYPES["OPT"]:
                    number |= ttl >> 24 << 4
                    reply.has_opt, reply.payload, reply.opt_flags = True, rrclass, ttl & 0xFFFF
                    reply.options += _options(rdata)
        reply.rcode = RCODES.get(number, f"RCODE {number}")
        reply.whole = at == len(octets)
    except (struct.error, IndexError):
        reply.whole = False
        reply.rcode = reply.rcode or RCODES.get(reply.flags & 15, f"RCODE {reply.flags & 15}")
    return reply


def _after_name(octets, at):
    while octets[at]:
        if octets[at] >= 0xC0:
            return at + 2
        at += 1 + octets[at]
    return at + 1


def _options(rdata):
    while len(rdata) >= 4:
        code, length = struct.unpack_from("!2H", rdata)
        yield code, rdata[4:4 + length]
        rdata = rdata[4 + length:]
