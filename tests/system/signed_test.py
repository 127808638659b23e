#!/usr/bin/env python3
"""Signed zones: a zone is signed here by the tools of others, served by dnsd, and each kind of answer is validated by delv
and compared with what NSD says."""
import contextlib
import pathlib
import shutil
import subprocess
import tempfile

import dns.flags
import dns.message
import dns.query
import dns.rdatatype

import support
from support import Daemon, SystemTest, end, free_port, main, run, start, tool, wait_for

UNSIGNED = support.TOP / "tests/cases/signed/unsigned.zone"
ALGORITHM = "ECDSAP256SHA256"
ZONES = ("nsec.example", "nsec3.example", "optout.example")
EXISTING = ("", "www", "alias", "towild", "dangling", "c", "b.c", "a.b.c", "wild", "exact.wild", "*.wild", "star",
            "safe", "plain", "x.y.deep", "deep", "y.deep", "dname", "target", "ns.safe")
MISSING = ("nowhere", "x.y.nowhere", "x.www", "x.b.c", "x.wild", "x.y.wild", "x.exact.wild", "x.cwild", "x.cwild2", "x.star",
           "www.safe", "x.ns.safe", "www.plain", "x.x.y.deep", "www.dname", "x.dname", "0", "zzz", "WWW", "X.Wild")
TYPES = ("A", "MX", "TXT", "NS", "DS", "CNAME", "DNAME", "DNSKEY", "SOA", "RRSIG")

OF_WILDCARDS = [("x.wild", "A"), ("x.y.wild", "A"), ("towild", "A"), ("x.cwild", "A"), ("x.cwild2", "A"), ("x.cwild2", "MX")]

# Where NSD proves less or more than RFC 4035 and RFC 5155 ask for, and BIND and Knot what dnsd does.
NSD_STANDS_APART = {
    "nsec.example": {"x.dname"},  # without the NSEC over the name that the DNAME leads to
    "nsec3.example": {"*.wild"},  # with an NSEC3 over *.*.wild
    "optout.example": {"*.wild", "deep"},  # the same; DS of deep without the NSEC3 over the next closer name (7.2.4)
}

NSD = """\
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: ""
  xfrdfile: "{folder}/xfrd"
  zonelistfile: "{folder}/zone.list"
  xfrdir: "{folder}"
  server-count: 1
  rrl-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
"""


def full(label, zone):
    return f"{label}.{zone}." if label else f"{zone}."


def sign(folder, zone):
    """Signs the zone into folder/zone.zone; the path of the public key."""
    plain = folder / f"{zone}.unsigned"
    text = f"$ORIGIN {zone}.\n" + UNSIGNED.read_text(encoding="utf-8")
    if zone.startswith("optout"):  # ldns-signzone gives each delegation an NSEC3, opt-out or not
        key = run("dnssec-keygen", "-q", "-K", folder, "-a", ALGORITHM, "-f", "KSK", zone).strip()
        plain.write_text(text + (folder / f"{key}.key").read_text(encoding="utf-8"), encoding="utf-8")
        run("dnssec-signzone", "-q", "-z", "-K", folder, "-o", zone, "-O", "full", "-3", "-", "-A", "-H", "0", "-f",
            folder / f"{zone}.zone", plain, folder / key)
    else:
        key = run("ldns-keygen", "-a", ALGORITHM, "-k", zone, cwd=folder).strip()
        plain.write_text(text, encoding="utf-8")
        options = ["-n", "-t", "2", "-s", "abcd"] if zone.startswith("nsec3") else []
        run("ldns-signzone", "-o", zone, *options, "-f", folder / f"{zone}.zone", plain, folder / key)
    return folder / f"{key}.key"


def anchor(key, zone):
    """The trust anchor as delv reads it."""
    flags, protocol, algorithm, *public = next(line for line in key.read_text(encoding="utf-8").splitlines()
                                               if "DNSKEY" in line).split("DNSKEY")[1].split(";")[0].split()
    return f'trust-anchors {{ "{zone}." static-key {flags} {protocol} {algorithm} "{"".join(public)}"; }};\n'


def ask(port, name, rrtype, tcp=False, payload=1232):
    query = dns.message.make_query(name, rrtype, use_edns=0, want_dnssec=True, payload=payload)
    query.flags = 0
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, "127.0.0.1", timeout=support.PATIENCE, port=port)


def records(section):
    return sorted({f"{rrset.name} {rrset.ttl} {dns.rdatatype.to_text(rrset.rdtype)} {rdata}".lower()
                   for rrset in section for rdata in rrset})


def content(message):
    """What two servers must agree on."""
    flags = message.flags & (dns.flags.AA | dns.flags.TC)
    if flags & dns.flags.TC:
        return message.rcode(), flags
    return message.rcode(), flags, records(message.answer), records(message.authority)


class Signed(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="dnsd-signed-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        files = {"pinned_ips/.keep": ""}
        for zone in ZONES:
            key = sign(cls.folder, zone)
            (cls.folder / f"{zone}.anchor").write_text(anchor(key, zone), encoding="utf-8")
            files[f"zones/{zone}.yaml"] = f"zone: {zone}\nrecords: {zone}.zone\n"
            files[f"zones/{zone}.zone"] = (cls.folder / f"{zone}.zone").read_text(encoding="utf-8")
        cls.dnsd = cls.enterClassContext(Daemon(data=None, files=files))
        cls.nsd_port = cls.enterClassContext(cls.nsd())

    @classmethod
    @contextlib.contextmanager
    def nsd(cls):
        port = free_port()
        config, log = cls.folder / "nsd.conf", cls.folder / "nsd.log"
        config.write_text(NSD.format(port=port, folder=cls.folder) + "".join(
            f'zone:\n  name: "{zone}"\n  zonefile: "{zone}.zone"\n' for zone in ZONES), encoding="utf-8")
        with open(log, "w", encoding="utf-8") as out:
            process = start([tool("nsd"), "-d", "-c", config], stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            def ready():
                if process.poll() is not None:
                    raise AssertionError(f"nsd ended with {process.returncode}:\n{log.read_text()}")
                with contextlib.suppress(OSError, dns.exception.Timeout):
                    probe = dns.message.make_query(f"{ZONES[-1]}.", "SOA")
                    return dns.query.udp(probe, "127.0.0.1", timeout=0.3, port=port).rcode() == 0
                return False
            wait_for(ready, f"nsd answers\n{log.read_text()}")
            yield port
        finally:
            end(process)

    # ---- validation

    def delv(self, zone, label, rrtype):
        return run("delv", "@127.0.0.1", "-p", self.dnsd.port, "-a", self.folder / f"{zone}.anchor", f"+root={zone}", "-q",
                   full(label, zone), "-t", rrtype, check=False)

    def check_validated(self, verdict, questions, zones=ZONES):
        for zone in zones:
            for label, rrtype in questions:
                with self.subTest(zone=zone, name=label, type=rrtype):
                    output = self.delv(zone, label, rrtype)
                    self.assertIn(verdict, output)
                    self.assertNotIn("unsigned", output)

    def test_answers_are_validated(self):
        self.check_validated("; fully validated", [("www", "A"), ("www", "TXT"), ("", "SOA"), ("", "NS"), ("", "DNSKEY"),
                                                   ("", "MX"), ("safe", "DS"), ("dname", "DNAME"), ("a.b.c", "TXT")])

    def test_aliases_are_validated(self):
        self.check_validated("; fully validated", [("alias", "A"), ("alias", "MX"), ("dangling", "A"), ("www.dname", "A"),
                                                   ("x.dname", "A")])

    def test_wildcards_are_validated(self):
        self.check_validated("; fully validated", [("exact.wild", "A"), ("*.wild", "A")])
        self.check_validated("; fully validated", OF_WILDCARDS, ["nsec.example", "nsec3.example"])

    def test_wildcards_beside_opt_out_are_not_bogus(self):
        """The name that the wildcard makes up may be an unsigned delegation, for all that an opt-out range says."""
        for label, rrtype in OF_WILDCARDS:
            with self.subTest(name=label, type=rrtype):
                self.assertIn("; unsigned answer", self.delv("optout.example", label, rrtype))

    def test_absence_is_validated(self):
        self.check_validated("; negative response, fully validated", [
            ("www", "MX"), ("c", "A"), ("b.c", "A"), ("nowhere", "A"), ("x.y.nowhere", "A"), ("x.www", "A"), ("0", "A"),
            ("x.wild", "MX"), ("x.exact.wild", "A"), ("x.star", "A"), ("plain", "DS"), ("x.y.deep", "DS"), ("y.deep", "A"),
            ("q.y.deep", "A")])

    def test_a_wrong_anchor_validates_nothing(self):
        """Otherwise the tests above could not fail."""
        wrong = (self.folder / "nsec3.example.anchor").read_text(encoding="utf-8").replace("nsec3.example", "nsec.example")
        (self.folder / "wrong.anchor").write_text(wrong, encoding="utf-8")
        for name, rrtype in (("www.nsec.example", "A"), ("nowhere.nsec.example", "A")):
            output = run("delv", "@127.0.0.1", "-p", self.dnsd.port, "-a", self.folder / "wrong.anchor",
                         "+root=nsec.example", "-q", name, "-t", rrtype, check=False)
            self.assertNotIn("fully validated", output)

    # ---- beside NSD

    def test_answers_are_those_of_nsd(self):
        compared = 0
        for zone in ZONES:
            for label in EXISTING + MISSING:
                if label in NSD_STANDS_APART[zone]:
                    continue
                for rrtype in TYPES:
                    name = full(label, zone)
                    with self.subTest(name=name, type=rrtype):
                        ours, theirs = ask(self.dnsd.port, name, rrtype), ask(self.nsd_port, name, rrtype)
                        self.assertEqual(content(ours), content(theirs))
                    compared += 1
        self.assertGreater(compared, 1000)

    def test_truncation_is_that_of_nsd(self):
        for zone in ZONES:
            for label, rrtype in (("www", "A"), ("nowhere", "A"), ("", "MX"), ("", "DNSKEY"), ("www.safe", "A"),
                                  ("x.wild", "MX")):
                name = full(label, zone)
                with self.subTest(name=name, type=rrtype):
                    ours, theirs = (ask(port, name, rrtype, payload=512) for port in (self.dnsd.port, self.nsd_port))
                    self.assertEqual(content(ours), content(theirs))
                    self.assertLessEqual(len(ours.to_wire()), 512)
                    self.assertEqual(content(ask(self.dnsd.port, name, rrtype, tcp=True)),
                                     content(ask(self.nsd_port, name, rrtype, tcp=True)))


if __name__ == "__main__":
    main()
