#!/usr/bin/env python3
"""What dnsd/BEHAVIOUR.md says about octets that the words of tests/cases cannot write, and about sizes that need a zone
of their own. Each packet goes to a real daemon over UDP.

usage: packets_test.py [-v]      DNSD_BIN: the folder of dnsd, build/bin if not given
"""
import contextlib
import socket
import struct
import sys
import unittest

sys.dont_write_bytecode = True
import harness  # pylint: disable=wrong-import-position

sys.path.insert(0, str(harness.TOP / "tests/system"))
from dns_message import Message, encode_name  # pylint: disable=wrong-import-position

QR, OPCODE, AA, TC, RD, RA, Z, AD, CD = 0x8000, 0x7800, 0x0400, 0x0200, 0x0100, 0x0080, 0x0040, 0x0020, 0x0010
FORMERR, NOTIMP, REFUSED = 1, 4, 5
A, NS, MX, AAAA, OPT, TSIG, IXFR = 1, 2, 15, 28, 41, 250, 251

LIMITS_YAML = "zone: limits.example\nrecords: limits.example.zone\n"
LIMITS_ZONE = "\n".join([
    "$TTL 300",
    "@ SOA ns.example.net. hostmaster.example.net. 1 7200 900 1209600 60",
    "@ NS ns.example.net.",
    *[f"alias-{i} CNAME alias-{i + 1}" for i in range(1, 16)],
    "alias-16 A 192.0.2.1",
    "round DNAME further.round",
    *[f"narrow NS ns-{i:02}.narrow" for i in range(1, 14)],
    *[f"ns-{i:02}.narrow AAAA 2001:db8::{i:x}" for i in range(1, 14)],
    *[f"beside NS ns-{i:02}.shop" for i in range(1, 14)],
    "shop NS ns-01.shop",
    *[f"ns-{i:02}.shop AAAA 2001:db8:1::{i:x}" for i in range(1, 14)],
    *[f"mail MX 10 host-{i:02}" for i in range(1, 14)],
    *[f"host-{i:02} AAAA 2001:db8:2::{i:x}" for i in range(1, 14)],
    "*.wild NS ns.example.net.",
]) + "\n"


def packet(name=b"\x03www\x03api\x07example\x03com\x00", qtype=A, klass=1, flags=RD, counts=(1, 0, 0, 0), rest=b""):
    return struct.pack("!6H", 0x1234, flags, *counts) + name + struct.pack("!HH", qtype, klass) + rest


def opt(payload=1232, version=0, bits=0, options=b"", owner=b"\0"):
    return owner + struct.pack("!HHBBHH", OPT, payload, 0, version, bits, len(options)) + options


def record(rrtype, data, owner=b"\xc0\x0c"):
    return owner + struct.pack("!HHIH", rrtype, 1, 0, len(data)) + data


class Packets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with contextlib.ExitStack() as stack:
            path, ports = stack.enter_context(harness.data_directory())
            (path / "zones/limits.example.yaml").write_text(LIMITS_YAML)
            (path / "zones/limits.example.zone").write_text(LIMITS_ZONE)
            cap = path / "zones/api.example.com.yaml"
            cap.write_text(cap.read_text().replace("cap: 8 ", "cap: 20 "))
            stack.enter_context(harness.daemon(path, ports))
            cls.socket = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            cls.socket.connect(("127.0.0.1", int(ports[harness.DNS_PORT])))
            cls.socket.settimeout(10)
            cls.addClassCleanup(stack.pop_all().close)

    def ask(self, octets):
        """The response, None where there is none: one socket of one worker answers in order, and what comes first after
        the packet and a plain query tells which it was."""
        beacon = struct.pack("!H", 0xBEAC) + packet()[2:]
        self.socket.send(octets)
        self.socket.send(beacon)
        first = Message(self.socket.recv(65535))
        if first.id == 0xBEAC:
            return None
        self.assertEqual(Message(self.socket.recv(65535)).id, 0xBEAC)
        self.assertTrue(first.flags & QR)
        return first

    def rcode(self, octets):
        return self.ask(octets).flags & 15

    def name(self, text, qtype=A, edns=None):
        counts = (1, 0, 0, 0 if edns is None else 1)
        return self.ask(packet(encode_name(text), qtype, counts=counts, rest=b"" if edns is None else opt(edns)))

    # ---- messages that are no queries ------------------------------------------------------------------------------

    def test_less_than_a_header_is_dropped(self):
        for size in (0, 1, 11):
            self.assertIsNone(self.ask(packet()[:size]))

    def test_a_response_is_dropped(self):
        self.assertIsNone(self.ask(packet(flags=QR)))
        self.assertIsNone(self.ask(packet(flags=QR | 5 << 11)))

    def test_one_question_is_wanted(self):
        for count in (0, 2, 65535):
            answer = self.ask(packet(counts=(count, 0, 0, 0)))
            self.assertEqual((answer.flags & 15, answer.question), (FORMERR, None))
        self.assertEqual(self.rcode(packet()[:12]), FORMERR)

    def test_the_question_is_a_whole_name(self):
        pointer, reserved, unfinished = b"\xc0\x0c", b"\x41" + b"x" * 65 + b"\0", b"\x3fabc"
        too_long = (b"\x3f" + b"x" * 63) * 4 + b"\0"
        for name in (pointer, b"\x03www\xc0\x0c", reserved, unfinished, too_long):
            answer = self.ask(packet(name))
            self.assertEqual((answer.flags & 15, answer.question), (FORMERR, None), name)
        longest = (b"\x3f" + b"x" * 63) * 3 + b"\x3d" + b"x" * 61 + b"\0"
        self.assertEqual(self.rcode(packet(longest)), REFUSED)

    def test_records_of_answer_and_authority_are_read_past(self):
        address = record(A, b"\xc0\0\2\1")
        for counts in ((1, 1, 0, 0), (1, 0, 1, 0)):
            answer = self.ask(packet(counts=counts, rest=address))
            self.assertEqual((answer.rcode, answer.data("A")), ("NOERROR", ["192.0.2.80"]))

    def test_an_ixfr_query_may_have_its_soa(self):
        soa = record(6, b"\0\0" + struct.pack("!5I", 1, 2, 3, 4, 5))
        self.assertEqual(self.rcode(packet(qtype=IXFR, counts=(1, 0, 1, 0), rest=soa)), REFUSED)
        self.assertEqual(self.rcode(packet(qtype=IXFR, counts=(1, 0, 1, 0), rest=opt())), FORMERR)

    def test_counts_and_octets_agree(self):
        self.assertEqual(self.rcode(packet(counts=(1, 0, 0, 1))), FORMERR)
        self.assertEqual(self.rcode(packet(counts=(1, 1, 0, 0))), FORMERR)
        self.assertEqual(self.rcode(packet(counts=(1, 0, 0, 2), rest=opt())), FORMERR)

    def test_other_opcodes_are_not_implemented(self):
        for opcode in range(1, 16):
            answer = self.ask(packet(flags=opcode << 11 | RD, counts=(1, 0, 0, 1), rest=opt()))
            self.assertEqual((answer.flags & 15, answer.flags & OPCODE), (NOTIMP, opcode << 11))
            self.assertEqual((answer.question[1], answer.edns), ("A", True))
            unreadable = self.ask(packet(flags=opcode << 11, counts=(1, 0, 0, 2), rest=opt()))
            self.assertEqual((unreadable.flags & 15, unreadable.question[1], unreadable.edns), (NOTIMP, "A", False))
        self.assertIsNone(self.ask(packet(b"\xc0\x0c", flags=4 << 11)).question)

    def test_octets_behind_the_last_record_are_ignored(self):
        self.assertEqual(self.ask(packet(rest=b"\0anything")).data("A"), ["192.0.2.80"])
        answer = self.ask(packet(counts=(1, 0, 0, 1), rest=opt() + b"\0"))
        self.assertEqual((answer.rcode, answer.edns), ("NOERROR", True))

    def test_other_additional_records_are_read_past(self):
        answer = self.ask(packet(counts=(1, 0, 0, 2), rest=record(A, b"\xc0\0\2\1") + opt()))
        self.assertEqual((answer.rcode, len(answer.answer), answer.edns), ("NOERROR", 1, True))

    def test_bits_of_responses_do_not_matter_in_queries(self):
        self.assertEqual(self.ask(packet(flags=AA | TC | RA | Z | AD | 7)).data("A"), ["192.0.2.80"])

    # ---- headers and EDNS ------------------------------------------------------------------------------------------

    def test_only_rd_comes_back(self):
        for sent, kept in ((RD | CD, RD), (Z | AD | RA, 0), (0, 0)):
            self.assertEqual(self.ask(packet(flags=sent)).flags, QR | AA | kept)

    def test_the_question_comes_back_octet_by_octet(self):
        question = b"\x03WwW\x03aPi\x07eXaMpLe\x03CoM\x00"
        self.assertEqual(self.ask(packet(question)).octets[12:12 + len(question)], question)

    def test_opt_is_answered_with_opt(self):
        self.assertFalse(self.ask(packet()).edns)
        answer = self.ask(packet(counts=(1, 0, 0, 1), rest=opt(4096, bits=0x8000)))
        self.assertEqual(answer.octets[-11:], b"\0" + struct.pack("!HHIH", OPT, 1232, 0x8000, 0))

    def test_bits_of_edns_beside_do_are_not_copied(self):
        answer = self.ask(packet(counts=(1, 0, 0, 1), rest=opt(bits=0x7FFF)))
        self.assertEqual([r.ttl for r in answer.additional if r.type == "OPT"], [0])

    def test_another_version_is_badvers(self):
        for version in (1, 255):
            answer = self.ask(packet(counts=(1, 0, 0, 1), rest=opt(version=version)))
            self.assertEqual([r.ttl for r in answer.additional], [1 << 24])
            self.assertEqual((answer.rcode, answer.answer, answer.question[1]), ("NOERROR", [], "A"))

    def test_an_opt_that_is_not_one_is_a_format_error(self):
        overrun = struct.pack("!HH", 10, 9) + b"12345678"
        for count, rest in ((2, opt() + opt()), (1, opt(owner=b"\1x\0")), (1, opt(options=overrun)),
                            (1, opt(options=b"\0\x0a\0"))):
            answer = self.ask(packet(counts=(1, 0, 0, count), rest=rest))
            self.assertEqual((answer.flags & 15, answer.edns), (FORMERR, False), rest)

    def test_unknown_options_are_ignored(self):
        report_channel = struct.pack("!HH", 18, 1) + b"\0"
        unknown = struct.pack("!HH", 65001, 0)
        question = encode_name("us-street.api.example.com")
        answer = self.ask(packet(question, counts=(1, 0, 0, 1), rest=opt(options=report_channel + unknown)))
        self.assertEqual((answer.rcode, len(answer.answer)), ("NOERROR", 20))
        self.assertEqual(answer.octets[-2:], b"\0\0", "no option in the response")

    def test_opt_belongs_in_the_additional_section(self):
        for counts in ((1, 1, 0, 0), (1, 0, 1, 0)):
            answer = self.ask(packet(counts=counts, rest=opt()))
            self.assertEqual((answer.flags & 15, answer.question[1], answer.edns), (FORMERR, "A", False))

    def test_a_server_cookie_is_learned(self):
        client = b"12345678"
        first = self.ask(packet(counts=(1, 0, 0, 1), rest=opt(options=struct.pack("!HH", 10, 8) + client)))
        self.assertEqual(first.octets[-28:-16], struct.pack("!HH", 10, 24) + client)
        again = self.ask(packet(counts=(1, 0, 0, 1), rest=opt(options=first.octets[-28:])))
        self.assertEqual(again.octets[-28:], first.octets[-28:])

    def test_defects_come_before_the_version_and_that_before_the_class(self):
        self.assertEqual(self.rcode(packet(counts=(1, 0, 0, 2), rest=opt(version=1) + b"\0")), FORMERR)
        answer = self.ask(packet(klass=3, counts=(1, 0, 0, 1), rest=opt(version=1)))
        self.assertEqual([r.ttl for r in answer.additional], [1 << 24])

    # ---- sizes -----------------------------------------------------------------------------------------------------

    def test_a_window_is_narrowed_to_fit(self):
        plain = self.name("us-street.api.example.com", AAAA)
        self.assertEqual((len(plain.answer), plain.flags & TC), (16, 0))
        self.assertLessEqual(len(plain.octets), 512)
        self.assertEqual(len(self.name("us-street.api.example.com", AAAA, edns=1232).answer), 20)

    def test_missing_glue_below_the_cut_is_truncation(self):
        answer = self.name("narrow.limits.example")
        self.assertEqual((len(answer.authority), answer.flags & TC), (13, TC))
        self.assertLess(0, len(answer.additional))
        self.assertLess(len(answer.additional), 13)
        whole = self.name("narrow.limits.example", edns=1232)
        self.assertEqual((len(whole.additional), whole.flags & TC), (14, 0))

    def test_missing_glue_of_a_sibling_is_not(self):
        answer = self.name("beside.limits.example")
        self.assertEqual((len(answer.authority), answer.flags & (TC | AA)), (13, 0))
        self.assertLess(len(answer.additional), 13)
        self.assertEqual(len(self.name("beside.limits.example", edns=1232).additional), 14)

    def test_missing_additional_records_are_not(self):
        answer = self.name("mail.limits.example", MX)
        self.assertEqual((len(answer.answer), answer.flags & TC), (13, 0))
        self.assertLess(len(answer.additional), 13)

    # ---- aliases and wildcards -------------------------------------------------------------------------------------

    def test_ten_aliases_are_followed(self):
        answer = self.name("alias-1.limits.example", edns=1232)
        self.assertEqual((answer.rcode, len(answer.data("CNAME")), answer.data("A")), ("NOERROR", 11, []))
        self.assertEqual(self.name("alias-6.limits.example", edns=1232).data("A"), ["192.0.2.1"])

    def test_a_dname_that_leads_below_itself_ends(self):
        answer = self.name("x.round.limits.example", edns=1232)
        self.assertEqual((answer.rcode, len(answer.data("CNAME"))), ("NOERROR", 11))

    def test_ns_at_a_wildcard_is_data(self):
        answer = self.name("x.wild.limits.example", NS)
        self.assertEqual((answer.data("NS"), answer.flags & AA), (["ns.example.net."], AA))
        self.assertEqual([r.type for r in self.name("x.wild.limits.example").authority], ["SOA"])


if __name__ == "__main__":
    unittest.main()
