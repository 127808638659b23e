#!/usr/bin/env python3
"""What people's own tools read in our answers: dig, kdig, drill and delv, over UDP and TCP, IPv4 and IPv6."""
import itertools
import re

import dns_message
from support import LOOPBACKS, SystemTest, UdpClient, main, run, tool

ZONE = "api.example.com."
TCP_WORD = {"dig": "+tcp", "kdig": "+tcp", "drill": "-t"}

# Names and types of examples/ whose answers never rotate, with all that the answer section holds.
STATIC = {
    (ZONE, "SOA"): ["SOA ns1.api.example.com. hostmaster.api.example.com. 2026112101 3600 900 1209600 300"],
    (ZONE, "NS"): ["NS ns1.api.example.com.", "NS ns2.api.example.com."],
    (ZONE, "MX"): ["MX 10 mail.api.example.com.", "MX 20 mail.example.net."],
    (ZONE, "TXT"): ['TXT "v=spf1 mx -all"'],
    (ZONE, "CAA"): ['CAA 0 iodef "mailto:security@example.com"', 'CAA 0 issue "ca.example.net"'],
    ("ns1." + ZONE, "A"): ["A 192.0.2.53"],
    ("ns2." + ZONE, "AAAA"): ["AAAA 2001:db8:53::2"],
    ("mail." + ZONE, "A"): ["A 192.0.2.25"],
    ("www." + ZONE, "A"): ["A 192.0.2.80"],
    ("www." + ZONE, "AAAA"): ["AAAA 2001:db8:80::1"],
    ("docs." + ZONE, "A"): ["A 192.0.2.80", "CNAME www.api.example.com."],
    ("docs." + ZONE, "CNAME"): ["CNAME www.api.example.com."],
    ("status." + ZONE, "A"): ["CNAME status.example.net."],  # in another zone, which resolvers ask for themselves
    ("_grpc._tcp." + ZONE, "SRV"): ["SRV 10 60 8443 us-street.api.example.com.",
                                    "SRV 20 40 8443 eu-street.api.example.com."],
    ("contact." + ZONE, "TXT"): ['TXT "operations, 24 hours a day" "see https://status.example.net/"'],
    ("main.preview." + ZONE, "A"): ["A 192.0.2.91"],
    ("feature-7.preview." + ZONE, "A"): ["A 192.0.2.90"],
    ("a.b.preview." + ZONE, "A"): ["A 192.0.2.90"],
    ("agent-1." + ZONE, "A"): ["A 192.0.2.101"],
    ("agent-12." + ZONE, "A"): ["A 192.0.2.112"],
    ("runner-07." + ZONE, "A"): ["A 192.0.2.107", "CNAME agent-7.api.example.com."],
    ("www.legacy." + ZONE, "CNAME"): ["CNAME www.www.api.example.com.", "DNAME www.api.example.com."],
    ("legacy." + ZONE, "DNAME"): ["DNAME www.api.example.com."],
    ("proxy." + ZONE, "A"): ["A 192.0.2.10", "A 192.0.2.77", "A 192.0.2.9"],
    ("proxy." + ZONE, "AAAA"): ["AAAA 2001:db8:77::10", "AAAA 2001:db8:77::9"],
    ("example.net.", "NS"): ["NS ns1.api.example.com.", "NS ns2.api.example.com."],
    ("example.net.", "SOA"): ["SOA ns1.api.example.com. hostmaster.example.net. 7 7200 900 1209600 300"],
    ("example.net.", "MX"): ["MX 10 mail.example.net."],
    ("mail.example.net.", "A"): ["A 203.0.113.25"],
    ("ca.example.net.", "AAAA"): ["AAAA 2001:db8:80::2", "CNAME status.example.net."],
    ("acme-bank.customers.example.net.", "TXT"): ['TXT "account 1001"'],
    ("globex.customers.example.net.", "TXT"): ['TXT "account 1002"'],
    ("globex.customers.example.net.", "URI"): ['URI 10 1 "https://status.example.net/globex"'],
}
# NODATA: the name is there (an empty non-terminal, too), nothing of the type.
NODATA = [("www." + ZONE, "MX"), ("preview." + ZONE, "A"), ("_tcp." + ZONE, "A"), ("customers.example.net.", "TXT"),
          ("contact." + ZONE, "A"), ("us-street." + ZONE, "TXT")]
NXDOMAIN = ["nosuch." + ZONE, "a.nosuch." + ZONE, "agent-13." + ZONE, "nosuch.example.net."]


def unaltered(text):
    """One answer as the tools print it, without what differs between their presentation of the same octets."""
    return re.sub(r"\s+", " ", text).strip()


class Clients(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.share(workers=2)

    def client(self, program, name, rrtype, *options, at=LOOPBACKS[0], tcp=False):
        words = [TCP_WORD[program]] if tcp else []
        if program == "drill":
            return run(program, *words, "-p", self.dnsd.port, *options, name, f"@{at}", rrtype)
        return run(program, *words, f"@{at}", "-p", self.dnsd.port, "+norecurse", "+timeout=5", *options, name, rrtype)

    def section(self, output, title):
        """The records of a section of dig, kdig or drill, sorted, each as "OWNER TTL TYPE RDATA"."""
        match = re.search(rf"^;; {title} SECTION:\n(.*?)(?:^\s*$|\Z)", output, re.M | re.S)
        lines = [unaltered(line) for line in (match.group(1) if match else "").splitlines() if not line.startswith(";")]
        return sorted(line.replace(" IN ", " ", 1) for line in lines)

    def answers(self, output):
        return sorted(line.split(" ", 2)[2] for line in self.section(output, "ANSWER"))

    def status(self, output):
        return re.search(r"(?:status|rcode): (\w+)", output).group(1)

    def flags(self, output):
        return re.search(r"flags: ([a-z ]*)", output, re.I).group(1).split()

    def test_every_static_record_by_every_client(self):
        for (name, rrtype), expected in STATIC.items():
            for program in ("dig", "kdig", "drill"):
                with self.subTest(name=name, type=rrtype, program=program):
                    output = self.client(program, name, rrtype)
                    self.assertEqual(self.status(output), "NOERROR")
                    self.assertIn("aa", self.flags(output))
                    self.assertEqual(self.answers(output), sorted(expected))

    def test_types_that_drill_and_kdig_print_alike(self):
        for name, rrtype in [("www." + ZONE, "HTTPS"), ("_25._tcp.mail." + ZONE, "TLSA"), ("hostmaster." + ZONE, "RP")]:
            seen = {p: self.answers(self.client(p, name, rrtype)) for p in ("dig", "kdig", "drill")}
            normal = {p: [re.sub(r'["\s]', "", a).lower() for a in found] for p, found in seen.items()}
            self.assertEqual(len(seen["dig"]), 1, seen)
            self.assertEqual(normal["dig"], normal["kdig"])
            self.assertEqual(normal["dig"], normal["drill"])

    def test_nodata_and_nxdomain_bear_the_soa(self):
        wanted = [(name, rrtype, "NOERROR") for name, rrtype in NODATA] + [(name, "A", "NXDOMAIN") for name in NXDOMAIN]
        for (name, rrtype, status), program in itertools.product(wanted, ("dig", "kdig", "drill")):
            with self.subTest(name=name, type=rrtype, program=program):
                output = self.client(program, name, rrtype)
                self.assertEqual(self.status(output), status)
                self.assertEqual(self.answers(output), [])
                authority = self.section(output, "AUTHORITY")
                self.assertEqual(len(authority), 1)
                self.assertRegex(authority[0], r"^(api\.example\.com|example\.net)\. 300 SOA ")  # TTL: RFC 2308 5

    def test_delegation(self):
        for name, program in itertools.product(("lab." + ZONE, "host.lab." + ZONE), ("dig", "kdig", "drill")):
            with self.subTest(name=name, program=program):
                output = self.client(program, name, "A")
                self.assertEqual(self.status(output), "NOERROR")
                self.assertNotIn("aa", self.flags(output))
                self.assertEqual(self.answers(output), [])
                self.assertEqual(self.section(output, "AUTHORITY"),
                                 ["lab.api.example.com. 3600 NS ns1.lab.api.example.com.",
                                  "lab.api.example.com. 3600 NS ns2.lab.api.example.com."])
                self.assertEqual(self.section(output, "ADDITIONAL"),
                                 ["ns1.lab.api.example.com. 3600 A 203.0.113.153",
                                  "ns2.lab.api.example.com. 3600 A 203.0.113.154",
                                  "ns2.lab.api.example.com. 3600 AAAA 2001:db8:153::2"])

    def test_dname_answers_with_the_cname_that_follows_from_it(self):
        output = self.client("dig", "a.legacy." + ZONE, "A")
        self.assertEqual(self.status(output), "NXDOMAIN")  # a.www does not exist (RFC 6604 3)
        self.assertEqual(self.answers(output), ["CNAME a.www.api.example.com.", "DNAME www.api.example.com."])

    def test_elsewhere_is_refused(self):
        for program in ("dig", "kdig", "drill"):
            self.assertEqual(self.status(self.client(program, "www.example.org.", "A")), "REFUSED")

    def test_edns(self):
        plain = self.client("dig", "www." + ZONE, "A", "+noedns")
        self.assertNotIn("EDNS", plain)
        offered = self.client("dig", "www." + ZONE, "A", "+bufsize=4096")
        self.assertRegex(offered, r"EDNS: version: 0, flags:; udp: 1232")
        self.assertIn("BADVERS", self.client("dig", "www." + ZONE, "A", "+edns=1", "+noednsnegotiation"))
        unknown = self.client("dig", "www." + ZONE, "A", "+ednsopt=65001:abcd")  # RFC 6891 6.1.2: ignored
        self.assertEqual(self.answers(unknown), ["A 192.0.2.80"])
        self.assertNotIn("OPT=65001", unknown)

    def test_validators_read_us_too(self):
        """delv without trust anchors: the answers have to stand up to a resolver's own reading."""
        for name, rrtype in [("www." + ZONE, "A"), ("docs." + ZONE, "A"), ("_grpc._tcp." + ZONE, "SRV")]:
            for options in (["-i"], ["+noroot"]):
                output = run("delv", *options, f"@{LOOPBACKS[0]}", "-p", self.dnsd.port, name, rrtype)
                found = sorted(unaltered(line).split(" IN ")[1] for line in output.splitlines() if " IN " in unaltered(line))
                self.assertEqual(found, sorted(STATIC[name, rrtype]))
        nothing = run("delv", "-i", f"@{LOOPBACKS[0]}", "-p", self.dnsd.port, "nosuch." + ZONE, "A", check=False)
        self.assertIn("NXDOMAIN", nothing)

    def test_the_same_over_every_way(self):
        questions = list(STATIC) + NODATA + [(name, "A") for name in NXDOMAIN] + [("host.lab." + ZONE, "A")]
        for name, rrtype in questions:
            seen = {}
            for at in LOOPBACKS:
                over_udp, over_tcp = self.dnsd.ask(name, rrtype, at), self.dnsd.ask_tcp(name, rrtype, at)
                seen[at, "udp"], seen[at, "tcp"] = over_udp.octets[2:], over_tcp.octets[2:]
            self.assertEqual(len(set(seen.values())), 1, f"{name} {rrtype}: {seen}")

    def test_clients_over_every_way(self):
        for at, tcp, program in itertools.product(LOOPBACKS, (False, True), ("dig", "kdig", "drill")):
            with self.subTest(at=at, tcp=tcp, program=program):
                output = self.client(program, "docs." + ZONE, "A", at=at, tcp=tcp)
                self.assertEqual(self.answers(output), ["A 192.0.2.80", "CNAME www.api.example.com."])

    def test_the_case_of_the_question_comes_back(self):
        name = "WwW.aPi.ExAmPlE.cOm."
        answer = self.dnsd.ask(name)
        self.assertEqual(answer.question, (name, "A"))
        self.assertEqual(answer.data("A"), ["192.0.2.80"])

    def test_pool_names_have_no_more_than_the_cap(self):
        for program, rrtype in itertools.product(("dig", "kdig", "drill"), ("A", "AAAA")):
            self.assertEqual(len(self.answers(self.client(program, "us-street." + ZONE, rrtype))), 8)
        for _ in range(20):
            found = self.answers(self.client("dig", "eu-street." + ZONE, "A"))
            self.assertEqual(len(set(found)), 2)
            # .131 drains and .134 is out
            self.assertLessEqual(set(found), {f"A 198.51.100.{n}" for n in (129, 130, 132, 133)})

    def test_any_is_answered_small(self):
        for at in LOOPBACKS:
            with UdpClient(self.dnsd.port, at) as client:
                message = client.ask("us-street." + ZONE, "ANY")
                self.assertEqual(message.rcode, "NOERROR")
                self.assertFalse(message.flags & dns_message.TC)
                self.assertLessEqual(len(message.octets), 512)

    def test_every_client_is_there(self):
        for program in ("dig", "kdig", "drill", "delv"):
            self.assertTrue(tool(program))


if __name__ == "__main__":
    main()
