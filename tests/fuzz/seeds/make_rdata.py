#!/usr/bin/env python3
"""Writes the seeds of the rdata target beside itself: each record of tests/zones/samples/all_types.zone as text, and the
broken ones of BROKEN."""
import hashlib
import pathlib
import re
import struct

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent.parent

BROKEN = """
MX 70000 a
MX 10
TXT "\\256"
LOC 91 N 0 E 0
LOC 90 0 0 N 180 0 0.0001 W -100001m 1e9
SVCB 1 . mandatory=port alpn=h2,,h3
SVCB 0 a mandatory=alpn,alpn alpn=a\\,b
HTTPS 1 . key65535=x no-default-alpn
HTTPS 1 . port="80" port=81 ipv4hint=192.0.2.1,::1
APL 1:192.0.2.0/33 3:1/1 !2::/0
NSEC a. A FOO TYPE65535
NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22boj A
IPSECKEY 10 4 2 x AQID
HIP 2 20010010 AQ=D rvs
CAA 0 is-sue "x"
EUI48 00-00-5e-00-53
NID 10 0014:4fff:ff20
RRSIG A 5 3 1 20301322173103 20300220173103 1 a. AQID
WKS 192.0.2.1 foo 80 smtp
DS 1 RSASHA256 SHA-256 00
A \\# 4 c0000201
TXT \\# 2 05ff
SOA a b 1 2 3 4 4294967296
"""


def numbers():
    """Types by mnemonic, from the table of the sources."""
    table = (TOP / "zones/rr_types.cc").read_text()
    return {word: int(number) for number, word in re.findall(r'\{(\d+), "([A-Z0-9-]+)", (?:data|meta)', table)}


def seeds():
    types = numbers()
    sample = (TOP / "tests/zones/samples/all_types.zone").read_text().splitlines()
    records = [line.split(None, 1)[1] for line in sample if line and line[0] not in ";$"]
    for record in records + BROKEN.strip().splitlines():
        mnemonic, _, text = record.partition(" ")
        number = types.get(mnemonic) or int(mnemonic.removeprefix("TYPE"))
        text = text.strip()
        yield mnemonic, struct.pack("!HB", number, 1) + text.encode()
        generic = re.fullmatch(r"\\# \d+ ([0-9a-fA-F ]*)", text)
        if generic:
            yield mnemonic, struct.pack("!HB", number, 0) + bytes.fromhex(generic[1])


def main():
    folder = HERE / "rdata"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.bin"):
        old.unlink()
    for mnemonic, octets in seeds():
        name = f"{mnemonic.lower()}_{hashlib.sha256(octets).hexdigest()[:6]}.bin"
        (folder / name).write_bytes(octets)


if __name__ == "__main__":
    main()
