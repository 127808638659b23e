#!/usr/bin/env python3
"""EDNS Client Subnet (RFC 7871): what dnsd says, and what two resolvers that know the option make of it.

unbound with its subnet module and PowerDNS Recursor keep the answers for the customers of a pinned set and those for
everybody else side by side. Customers tell who they are by the option, or are known by the address from which they ask.
Runs in a network of its own (own_network.py).
"""
import re
import struct
import urllib.request

import dns_message
import other_resolvers
import own_network
import support
from other_resolvers import running
from resolver_test import unbound_config
from support import SystemTest, run, tool

NAME, NESTED, PLAIN, STATIC = (f"{label}.api.example.com" for label in ("street", "nested", "open", "www"))
SET, SET6 = {"192.0.2.9", "192.0.2.10"}, {"2001:db8:77::9"}
INNER = {"192.0.2.33"}
POOL = {f"198.51.100.{n}" for n in range(1, 41)}
POOL6 = {f"2001:db8:100::{n}" for n in range(1, 41)}


def pinned(name, addresses, sources):
    entries = "".join(f"  - {{cidr: {address}, facility: dfw-1, enabled: 2026-01-01}}\n"
                      for address in addresses)
    return f"set: {name}\nttl: 300\nnotice: 14d\nentries:\n{entries}clients:\n  - {{name: acme, sources: [{sources}]}}\n"


MEMBERS = "".join(f"      - {{address: {address}}}\n" for address in sorted(POOL)) + \
    "".join(f'      - {{address: "{address}"}}\n' for address in sorted(POOL6))
FILES = {
    "zones/api.example.com.zone": """$TTL 300
@    SOA ns1 hostmaster 1 7200 900 1209600 60
     NS  ns1
ns1  A   192.0.2.1
www  A   192.0.2.80
www  AAAA 2001:db8::80
""",
    "zones/api.example.com.yaml": f"""zone: api.example.com
records: api.example.com.zone
pools:
  crowd:
    ttl: 600
    cap: 4
    members:
{MEMBERS}names:
  street: {{pool: crowd, pinned: proxy}}
  nested: {{pool: crowd, pinned: [outer, inner]}}
  open: {{pool: crowd}}
""",
    "pinned_ips/proxy.yaml": pinned("proxy", ["192.0.2.9/32", "192.0.2.10/32", '"2001:db8:77::9/128"'],
                                    '198.18.5.0/24, 127.0.50.0/24, "2001:db8:10::/48"'),
    "pinned_ips/outer.yaml": pinned("outer", ["192.0.2.32/32"], "198.18.0.0/16"),
    "pinned_ips/inner.yaml": pinned("inner", ["192.0.2.33/32"], "198.18.4.0/24"),
}

UNBOUND, RECURSOR = "127.0.0.71", "127.0.0.72"


def unbound(at, daemon, folder):
    """Without QNAME minimisation, for which it asks for A before it asks for AAAA."""
    config = unbound_config(at, daemon, folder, modules="subnetcache iterator", more="""  send-client-subnet: 127.0.0.1
  max-client-subnet-ipv4: 24
  max-client-subnet-ipv6: 56
  qname-minimisation: no
""")
    (folder / "unbound.conf").write_text(config, encoding="utf-8")
    return [tool("unbound"), "-d", "-c", folder / "unbound.conf"]


def powerdns_recursor(at, daemon, folder):
    return other_resolvers.powerdns_recursor(at, daemon, folder, """edns-subnet-allow-list=127.0.0.0/8
use-incoming-edns-subnet=yes
ecs-add-for=0.0.0.0/0,::/0
ecs-ipv4-bits=24
ecs-ipv6-bits=56
ecs-ipv4-cache-bits=24
ecs-ipv6-cache-bits=56
""")


class ClientSubnetTest(SystemTest):
    @classmethod
    def start_dnsd(cls, settings=""):
        return cls.share(data=None, files=FILES, settings=f"zones: zones\npinned_ips: pinned_ips\nstate: state\n{settings}")

    def asked(self):
        """How many queries dnsd has had."""
        with urllib.request.urlopen(self.dnsd.url("/metrics"), timeout=support.PATIENCE) as response:
            text = response.read().decode()
        return sum(float(value) for value in re.findall(r"^dnsd_(?:udp|tcp)_queries_total (\S+)$", text, re.M))

    def addresses(self, at, port, name, rrtype, *options):
        return set(run("kdig", f"@{at}", "-p", port, name, rrtype, "+short", "+timeout=5", "+retry=0", *options).split())


class Direct(ClientSubnetTest):
    """By dig, without a resolver between."""

    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.start_dnsd()

    def dig(self, name, subnet, rrtype="A", source="127.0.0.1"):
        """(addresses, scope) of the answer."""
        output = run("dig", "@127.0.0.1", "-p", self.dnsd.port, "-b", source, name, rrtype, f"+subnet={subnet}")
        scope = re.search(r"^; CLIENT-SUBNET: \S+/\d+/(\d+)$", output, re.M)
        return set(re.findall(rf"\sIN\s+{rrtype}\s+(\S+)$", output, re.M)), int(scope[1])

    def test_scopes_are_exact(self):
        """/16 to a set, /24 inside to another, the pool around them."""
        for subnet, wanted, scope in (("198.18.4.0/24", INNER, 24), ("198.18.5.0/24", {"192.0.2.32"}, 24),
                                      ("198.18.6.0/24", {"192.0.2.32"}, 23), ("198.18.0.0/24", {"192.0.2.32"}, 22),
                                      ("198.18.128.0/24", {"192.0.2.32"}, 17), ("198.18.4.0/22", {"192.0.2.32"}, 24)):
            with self.subTest(subnet):
                self.assertEqual(self.dig(NESTED, subnet), (wanted, scope))
        for subnet, scope in (("198.19.0.0/24", 16), ("10.0.0.0/24", 1), ("198.18.0.0/15", 22), ("2001:db8:10::/56", 0)):
            with self.subTest(subnet):
                found, got = self.dig(NESTED, subnet)
                self.assertEqual((found <= POOL, got), (True, scope))

    def test_of_both_families(self):
        for subnet in ("198.18.5.0/24", "2001:db8:10:ff00::/56"):
            self.assertEqual(self.dig(NAME, subnet)[0], SET)
            self.assertEqual(self.dig(NAME, subnet, "AAAA")[0], SET6)
        self.assertEqual(self.dig(NAME, "2001:db8:10::/56")[1], 48)
        self.assertEqual(self.dig(NAME, "2001:db8:11::/56")[1], 48)
        self.assertEqual(self.dig(NAME, "3fff::/56")[1], 4)

    def test_names_alike_for_all_have_scope_0(self):
        for name in (PLAIN, STATIC, "nosuch.api.example.com"):
            self.assertEqual(self.dig(name, "198.18.5.0/24")[1], 0, name)

    def test_source_0_is_the_resolver_itself(self):
        self.assertEqual(self.dig(NAME, "0.0.0.0/0", source="127.0.50.1"), (SET, 0))
        found, scope = self.dig(NAME, "0.0.0.0/0")
        self.assertEqual((found <= POOL, scope), (True, 0))

    def test_the_option_counts_and_not_the_source(self):
        self.assertLess(self.dig(NAME, "203.0.113.0/24", source="127.0.50.1")[0], POOL)

    def rcode_of(self, option):
        opt = b"\0" + struct.pack("!HHIH", 41, 1232, 0, 4 + len(option)) + struct.pack("!HH", 8, len(option)) + option
        query = bytearray(dns_message.query(NAME) + opt)
        query[11] = 1
        with support.UdpClient(self.dnsd.port) as client:
            client.socket.send(query)
            return dns_message.Message(client.socket.recv(4096)).rcode

    def test_malformed_options_are_format_errors(self):
        self.assertEqual(self.rcode_of(bytes.fromhex("00011800c61205")), "NOERROR")
        for what, option in (("no SOURCE", "0001"), ("a SCOPE", "00011818c61205"), ("bits behind SOURCE", "00011700c61205"),
                             ("too few octets", "00011800c612"), ("too many octets", "00011800c6120500"),
                             ("SOURCE beyond the family", "00012100c612050101"), ("family 3", "00031800c61205"),
                             ("family 0 with an address", "00001800c61205")):
            with self.subTest(what):
                self.assertEqual(self.rcode_of(bytes.fromhex(option)), "FORMERR")


class Settings(ClientSubnetTest):
    def ask(self, settings, source):
        """What a customer gets by the option, asking from `source`; and what is said of the option."""
        daemon = self.daemon(data=None, files=FILES,
                             settings=f"zones: zones\npinned_ips: pinned_ips\nstate: state\n{settings}")
        output = run("dig", "@127.0.0.1", "-p", daemon.port, "-b", source, NAME, "+subnet=198.18.5.0/24")
        return set(re.findall(r"\sIN\s+A\s+(\S+)$", output, re.M)), "CLIENT-SUBNET" in output

    def test_ignored(self):
        found, told = self.ask("client_subnet: {policy: ignore}", "127.0.0.1")
        self.assertEqual((found < POOL, told), (True, False))
        self.assertEqual(self.ask("client_subnet: {policy: ignore}", "127.0.50.1"), (SET, False))

    def test_only_from_resolvers_that_are_listed(self):
        settings = 'client_subnet: {resolvers: [127.0.0.9/32, "2001:db8::/32"]}'
        self.assertEqual(self.ask(settings, "127.0.0.9"), (SET, True))
        found, told = self.ask(settings, "127.0.0.8")
        self.assertEqual((found < POOL, told), (True, False))


class Through(ClientSubnetTest):
    """Through resolvers that keep what they are told."""
    # How a customer, somebody else, and one more of the latter say who they are.
    BY_OPTION = [["+subnet=198.18.5.0/24"], ["+subnet=203.0.113.0/24"], ["+subnet=203.0.114.0/24"]]
    BY_OPTION6 = [["+subnet=2001:db8:10:7700::/56"], ["+subnet=2001:db8:4444::/56"], ["+subnet=2001:db8:4445::/56"]]
    BY_SOURCE = [["-b", "127.0.50.1"], ["-b", "127.0.99.1"], ["-b", "127.0.98.1"]]

    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.start_dnsd()

    def with_each(self, check):
        """Calls check(resolver's address, clients) for each resolver, with an empty cache each time."""
        for at, command in ((UNBOUND, unbound), (RECURSOR, powerdns_recursor)):
            for who in (self.BY_OPTION, self.BY_OPTION6, self.BY_SOURCE):
                with self.subTest(command.__name__, who=who[0]), running(command, at, self.dnsd):
                    check(at, who)

    def test_customers_and_others_side_by_side(self):
        def check(at, clients):
            for rrtype, its_set, pool in (("A", SET, POOL), ("AAAA", SET6, POOL6)):
                self.check_type(at, clients, rrtype, its_set, pool)
        self.with_each(check)

    def check_type(self, at, clients, rrtype, its_set, pool):
        customer, stranger, another = clients
        before = self.asked()
        self.assertEqual(self.addresses(at, 53, NAME, rrtype, *customer), its_set)
        kept = self.addresses(at, 53, NAME, rrtype, *stranger)
        self.assertLess(kept, pool)
        self.assertEqual(len(kept), 4)
        self.assertEqual(self.asked() - before, 2, "an answer for the customer and one for the other")
        for _ in range(4):
            self.assertEqual(self.addresses(at, 53, NAME, rrtype, *customer), its_set)
            self.assertEqual(self.addresses(at, 53, NAME, rrtype, *stranger), kept)
        # Who is within the scope of the other's answer gets that, too.
        self.assertEqual(self.addresses(at, 53, NAME, rrtype, *another), kept)
        self.assertEqual(self.asked() - before, 2, "dnsd was not asked again")

    def test_names_alike_for_all_are_kept_for_all(self):
        def check(at, clients):
            before = self.asked()
            kept = self.addresses(at, 53, PLAIN, "A", *clients[0])
            for client in clients:
                self.assertEqual(self.addresses(at, 53, PLAIN, "A", *client), kept)
            self.assertEqual(self.asked() - before, 1)
        self.with_each(check)


if __name__ == "__main__":
    own_network.main(__file__, UNBOUND)
