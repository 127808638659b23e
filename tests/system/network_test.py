#!/usr/bin/env python3
"""What leaves the machine: fragments, source addresses, links. Two network namespaces joined by two virtual cables; the
clients are in this process' own, the daemon in the other.

Needs root, or a kernel that lets users make namespaces."""
import contextlib
import os
import socket
import struct
import sys

import dns_message
from support import Daemon, SystemTest, TcpClient, end, main, run, start, tool, wait_for

PORT, MARK = 5300, "DNSD_TEST_IN_NAMESPACE"
SERVER4, SERVER4_TOO, CLIENT4 = "10.9.0.1", "10.9.0.2", "10.9.0.9"
SERVER6, SERVER6_TOO, CLIENT6 = "fd09::1", "fd09::2", "fd09::9"
MSG_FASTOPEN = 0x20000000
IP_DF, IP_MF_AND_OFFSET = 0x4000, 0x3fff


def text_records(owner, count):
    return "".join(f'{owner} 60 TXT "{chr(97 + i) * 200}"\n' for i in range(count))


ZONE = {  # answers of about 1,310 and 2,160 octets
    "zones/big.example.yaml": "zone: big.example\nrecords: big.example.zone\n",
    "zones/big.example.zone": "@ 60 SOA ns h 1 1h 1h 1h 60\n@ 60 NS ns\nns 60 A 192.0.2.1\n" +
                              text_records("middle", 6) + text_records("large", 10)}


def into_a_namespace():
    """Starts this test anew in a network of its own."""
    if MARK in os.environ:
        return
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    os.environ[MARK] = "1"
    command = [tool("unshare"), *user, "--net", "sh", "-c", f'{tool("ip")} link set lo up && exec "$0" "$@"']
    os.execv(command[0], [*command, sys.executable, *sys.argv])


def network_of(pid):
    return os.readlink(f"/proc/{pid}/ns/net")


class Cables(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = start([tool("unshare"), "--net", "sleep", "600"])
        cls.addClassCleanup(lambda: end(cls.other))
        wait_for(lambda: network_of(cls.other.pid) != network_of("self"), "the other namespace")
        cls.inside = [tool("nsenter"), "--target", str(cls.other.pid), "--net"]
        cls.there("ip", "link", "set", "lo", "up")
        for i in range(2):
            cls.addClassCleanup(run, "ip", "link", "delete", f"client{i}")
            run("ip", "link", "add", f"client{i}", "type", "veth", "peer", "name", f"server{i}", "netns", cls.other.pid)
        for address, too, client in ((SERVER4, SERVER4_TOO, CLIENT4), (SERVER6, SERVER6_TOO, CLIENT6)):
            for one in (address, too):
                cls.there("ip", "address", "add", f"{one}/24", "dev", "server0", *(["nodad"] if ":" in one else []))
            run("ip", "address", "add", f"{client}/24", "dev", "client0", *(["nodad"] if ":" in client else []))
        for i in range(2):
            run("ip", "link", "set", f"client{i}", "up")
            cls.there("ip", "link", "set", f"server{i}", "up")
        wait_for(lambda: all(cls.link_locals(i) for i in range(2)), "link-local addresses")

    @classmethod
    def there(cls, name, *arguments):
        """Runs a command on the daemon's side."""
        return run("nsenter", *cls.inside[1:], tool(name), *arguments)

    @classmethod
    def link_locals(cls, i):
        """The link-local addresses of both ends of a cable, once they may be used."""
        found = []
        for output in (run("ip", "-6", "-o", "address", "show", "dev", f"client{i}", "scope", "link"),
                       cls.there("ip", "-6", "-o", "address", "show", "dev", f"server{i}", "scope", "link")):
            if "inet6 " not in output or "tentative" in output:
                return None
            found.append(output.split("inet6 ")[1].split("/")[0])
        return found

    def setUp(self):
        super().setUp()
        self.dnsd = self.on_the_other_side("udp: {max_response: 4096}")

    def on_the_other_side(self, settings):
        daemon = Daemon(files=ZONE, http=False)
        daemon.write("dnsd.yaml", f'listen: ["0.0.0.0:{PORT}", "[::]:{PORT}"]\nworkers: 2\n{settings}\n')
        self.addCleanup(self.show_log, daemon)
        self.addCleanup(daemon.remove)
        self.addCleanup(lambda: setattr(daemon, "last_log", daemon.log()))
        self.addCleanup(daemon.stop)
        daemon.start(prefix=self.inside)
        return daemon

    def counter(self, name):
        return self.dnsd.control("status")["queries"][name]

    def ask(self, at, name, source=None, edns=4096, scope=0):
        """A TXT question over UDP; the answer and the address it came from. Nobody is connected to anybody."""
        family = socket.AF_INET6 if ":" in at else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as client:
            client.settimeout(5)
            tail = (0, scope) if family == socket.AF_INET6 else ()
            if source:
                client.bind((source, 0, *tail))
            client.sendto(dns_message.query(name, "TXT", edns), (at, PORT, *tail))
            octets, peer = client.recvfrom(65535)
            return dns_message.Message(octets), peer


class Fragments(Cables):
    @contextlib.contextmanager
    def seen(self):
        """The packets that come from the daemon's side meanwhile, without their Ethernet header."""
        packets = []
        with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)) as capture:
            capture.bind(("client0", 3))
            yield packets
            capture.settimeout(0.2)
            with contextlib.suppress(TimeoutError):
                while True:
                    packet, (_, _, direction, *_) = capture.recvfrom(65535)
                    if direction != socket.PACKET_OUTGOING:
                        packets.append(packet)

    def answers(self, packets):
        """Of these, the UDP datagrams from the daemon's port. None may be a fragment; over IPv4 all have DF."""
        found = []
        for packet in packets:
            if packet[0] >> 4 == 4 and packet[9] == socket.IPPROTO_UDP:
                flags = struct.unpack_from("!H", packet, 6)[0]
                self.assertEqual(flags & (IP_DF | IP_MF_AND_OFFSET), IP_DF, "DF, and whole")
                found.append(packet[20:])
            elif packet[0] >> 4 == 6:
                self.assertNotEqual(packet[6], socket.IPPROTO_FRAGMENT, "a fragment")
                if packet[6] == socket.IPPROTO_UDP:
                    found.append(packet[40:])
        return [udp for udp in found if udp[:2] == PORT.to_bytes(2, "big")]

    def test_answers_are_whole_and_have_df(self):
        for at in (SERVER4, SERVER6):
            with self.seen() as packets:
                message, _ = self.ask(at, "middle.big.example.")
            self.assertEqual((len(message.answer), message.flags & dns_message.TC), (6, 0))
            self.assertEqual([len(udp) - 8 for udp in self.answers(packets)], [len(message.octets)])
            self.assertGreater(len(message.octets), 1300)

    def test_what_does_not_fit_the_interface_goes_as_tc(self):
        """RFC 9715 3.1: no fragments, and a client that knows what to do next."""
        for at in (SERVER4, SERVER6):
            before = self.counter("udp_cut"), self.counter("udp_send_errors"), self.counter("truncated")
            with self.seen() as packets:
                message, _ = self.ask(at, "large.big.example.")
            self.assertEqual(len(self.answers(packets)), 1)
            self.assertTrue(message.flags & dns_message.TC)
            self.assertTrue(message.flags & dns_message.AA)
            self.assertEqual((message.rcode, len(message.answer)), ("NOERROR", 0))
            self.assertEqual(len(message.additional), 1, "the OPT record")
            after = self.counter("udp_cut"), self.counter("udp_send_errors"), self.counter("truncated")
            self.assertEqual(after, (before[0] + 1, before[1], before[2] + 1))
            with TcpClient(PORT, at) as client:
                client.send(dns_message.query("large.big.example.", "TXT"))
                self.assertEqual(len(client.message().answer), 10)

    def test_a_small_mtu(self):
        for side in (run, self.there):
            side("ip", "link", "set", "client0" if side is run else "server0", "mtu", 1280)
        try:
            for at in (SERVER4, SERVER6):
                with self.seen() as packets:
                    message, _ = self.ask(at, "middle.big.example.")
                self.assertEqual(len(self.answers(packets)), 1)
                self.assertTrue(message.flags & dns_message.TC)
                output = run("kdig", f"@{at}", "-p", PORT, "middle.big.example.", "TXT", "+bufsize=4096", "+short")
                self.assertEqual(output.count('\n"') + output.startswith('"'), 6)  # it came again over TCP
        finally:
            for side in (run, self.there):
                side("ip", "link", "set", "client0" if side is run else "server0", "mtu", 1500)

    def test_forged_icmp_changes_nothing(self):
        """Anybody can tell the kernel that the path has become narrow; it believes that, and answers must not care."""
        for at, forge in ((SERVER4, self.forge_icmp4), (SERVER6, self.forge_icmp6)):
            with self.seen() as packets:
                self.ask(at, "middle.big.example.")
            mtu = forge(packets)
            client = CLIENT6 if ":" in at else CLIENT4
            wait_for(lambda: f"mtu {mtu}" in self.there("ip", "route", "get", client), "the kernel believes it")
            with self.seen() as packets:
                message, _ = self.ask(at, "middle.big.example.")
            self.assertEqual((len(message.answer), message.flags & dns_message.TC), (6, 0))
            self.assertEqual(len(self.answers(packets)), 1)

    @staticmethod
    def checksum(octets):
        total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
        total = (total >> 16) + (total & 0xffff)
        return ~(total + (total >> 16)) & 0xffff

    def forge_icmp4(self, packets):
        """Fragmentation needed (RFC 1191), about a packet that the daemon sent."""
        sent = next(p for p in packets if p[0] >> 4 == 4 and p[9] == socket.IPPROTO_UDP)
        icmp = bytearray(struct.pack("!BBHHH", 3, 4, 0, 0, 600) + sent[:28])
        icmp[2:4] = self.checksum(bytes(icmp)).to_bytes(2, "big")
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
            raw.sendto(icmp, (SERVER4, 0))
        return 600

    def forge_icmp6(self, packets):
        """Packet too big (RFC 8201)."""
        sent = next(p for p in packets if p[0] >> 4 == 6 and p[6] == socket.IPPROTO_UDP)
        with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as raw:
            raw.sendto(struct.pack("!BBHI", 2, 0, 0, 1280) + sent[:1000], (SERVER6, 0))  # the kernel adds the checksum
        return 1280


class Addresses(Cables):
    NAME = "middle.big.example."

    def test_a_wildcard_socket_answers_from_the_address_that_was_asked(self):
        for at in (SERVER4, SERVER4_TOO, SERVER6, SERVER6_TOO):
            message, peer = self.ask(at, self.NAME)
            self.assertEqual((len(message.answer), peer[:2]), (6, (at, PORT)))

    def test_link_local_clients(self):
        """They exist on one link each (RFC 4007): the answer must go back over the one the query came by."""
        for i in range(2):
            client, server = self.link_locals(i)
            scope = socket.if_nametoindex(f"client{i}")
            message, peer = self.ask(server, self.NAME, source=client, scope=scope)
            self.assertEqual((len(message.answer), peer[0].split("%")[0], peer[3]), (6, server, scope))
            with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as stream:
                stream.settimeout(5)
                stream.connect((server, PORT, 0, scope))
                wanted = dns_message.query(self.NAME, "TXT")
                stream.sendall(len(wanted).to_bytes(2, "big") + wanted)
                self.assertGreater(len(stream.recv(65535)), 1000)

    def test_a_link_local_client_of_a_global_address(self):
        client, _ = self.link_locals(0)
        message, peer = self.ask(SERVER6, self.NAME, source=client, scope=socket.if_nametoindex("client0"))
        self.assertEqual((len(message.answer), peer[0]), (6, SERVER6))

    def test_flow_labels_and_traffic_classes(self):
        """A query may have both (RFC 6437); the answer is a flow of its own."""
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as client:
            client.settimeout(5)
            client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, 0x2e << 2)
            client.setsockopt(socket.IPPROTO_IPV6, 70, 1)  # IPV6_AUTOFLOWLABEL
            with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)) as capture:
                capture.bind(("client0", 3))
                client.sendto(dns_message.query(self.NAME, "TXT", 4096), (SERVER6, PORT))
                self.assertEqual(len(dns_message.Message(client.recv(65535)).answer), 6)
                while True:
                    packet, (_, _, direction, *_) = capture.recvfrom(65535)
                    if direction == socket.PACKET_OUTGOING and packet[0] >> 4 == 6 and packet[6] == socket.IPPROTO_UDP:
                        break
        first = int.from_bytes(packet[:4], "big")
        self.assertEqual(first >> 20 & 0xff, 0x2e << 2)
        self.assertNotEqual(first & 0xfffff, 0, "a flow label")


class FastOpen(Cables):
    def allow(self, value):
        self.there("sh", "-c", f"echo {value} > /proc/sys/net/ipv4/tcp_fastopen")

    def accepted(self):
        """Connections whose SYN brought a query, as the daemon's kernel counts them."""
        lines = [line.split() for line in self.there("cat", "/proc/net/netstat").splitlines() if line.startswith("TcpExt:")]
        return int(dict(zip(lines[0], lines[1]))["TCPFastOpenPassive"])

    def connect(self):
        wanted = dns_message.query("middle.big.example.", "TXT")
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            client.sendto(len(wanted).to_bytes(2, "big") + wanted, MSG_FASTOPEN, (SERVER4, PORT))
            client.settimeout(5)
            self.assertGreater(len(client.recv(65535)), 1000)

    def test_by_option(self):
        self.dnsd.stop()
        self.allow(3)
        try:
            for option, expected in ((0, 0), (16, 2)):
                before = self.accepted()
                daemon = self.on_the_other_side(f"tcp: {{fast_open: {option}}}")
                for _ in range(3):  # the first one gets a cookie (RFC 7413 4.1)
                    self.connect()
                self.assertEqual(self.accepted() - before, expected)
                self.assertNotIn("fast_open", daemon.log())
                daemon.stop()
        finally:
            self.allow(1)

    def test_a_kernel_that_has_it_switched_off_is_told_of(self):
        self.dnsd.stop()
        daemon = self.on_the_other_side("tcp: {fast_open: 16}")
        self.assertIn("tcp.fast_open is set, but the kernel has it switched off for servers: "
                      "`sysctl -w net.ipv4.tcp_fastopen=3`", daemon.log())
        self.connect()


if __name__ == "__main__":
    into_a_namespace()
    main()
