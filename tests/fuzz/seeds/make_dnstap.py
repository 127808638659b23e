#!/usr/bin/env python3
"""Writes the seeds of the fuzz target dnstap: small query logs of every kind. Also a library: stream(), message()."""
import pathlib
import struct

AUTH_QUERY, AUTH_RESPONSE, RESOLVER_QUERY, CLIENT_QUERY = 1, 2, 3, 5


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def number(field, value):
    return varint(field << 3) + varint(value)


def octets(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def query(name, qtype=1, subnet=b""):
    """A DNS query with EDNS; `subnet` is the data of the client subnet option."""
    wire = b"".join(bytes([len(label)]) + label.encode() for label in name.strip(".").split(".") if label) + b"\0"
    option = struct.pack("!HH", 8, len(subnet)) + subnet if subnet else b""
    return (struct.pack("!6H", 0x2A2A, 0x0100, 1, 0, 0, 1) + wire + struct.pack("!2H", qtype, 1) +
            b"\0" + struct.pack("!HHIH", 41, 1232, 0, len(option)) + option)


def message(kind, address, packet, seconds=1795168800):
    """A Dnstap with a Message in it, in the wire format of protocol buffers."""
    inner = (number(1, kind) + number(2, 1 if len(address) == 4 else 2) + number(3, 1) + octets(4, address) +
             number(6, 40000) + number(8, seconds) + varint(9 << 3 | 5) + struct.pack("<I", 5) + octets(10, packet))
    return octets(1, b"ns1") + octets(2, b"seed 1.0") + octets(14, inner) + number(15, 1)


def control(kind, fields=b""):
    return struct.pack("!III", 0, 4 + len(fields), kind) + fields


def stream(messages):
    content_type = b"protobuf:dnstap.Dnstap"
    return (control(2, struct.pack("!II", 1, len(content_type)) + content_type) +
            b"".join(struct.pack("!I", len(m)) + m for m in messages) + control(3))


V4, V6 = bytes([192, 0, 2, 1]), bytes.fromhex("20010db8000000000000000000000009")
SUBNET = bytes([0, 1, 24, 0, 198, 51, 100])
SEEDS = {
    "queries": stream([message(AUTH_QUERY, V4, query("www.example")), message(CLIENT_QUERY, V6, query("a.example", 28))]),
    "subnet": stream([message(AUTH_QUERY, V4, query("www.example", 65, SUBNET))]),
    "responses": stream([message(AUTH_RESPONSE, V4, query("www.example")), message(RESOLVER_QUERY, V4, query("."))]),
    "defects": stream([b"\xff\xff", message(AUTH_QUERY, V4[:3], query("a")), message(AUTH_QUERY, V4, b"short")]),
    "cut": stream([message(AUTH_QUERY, V4, query("www.example"))])[:-20],
    "frame": message(AUTH_QUERY, V4, query("www.example")),
    "text": b"# time client name type\n2026-11-20T10:00:00Z 192.0.2.1 www.example A\n1795168800.5 2001:db8::1 a.b. TYPE65\n?\n",
}

if __name__ == "__main__":
    folder = pathlib.Path(__file__).resolve().parent / "dnstap"
    folder.mkdir(exist_ok=True)
    for stem, content in SEEDS.items():
        (folder / f"{stem}.bin").write_bytes(content)
