#!/usr/bin/env python3
"""As applications see us: getaddrinfo, through a real unbound that resolves from dnsd.

getaddrinfo asks port 53 of what /etc/resolv.conf names, so all of it runs in a network of its own (own_network.py).
"""
import contextlib
import pathlib
import socket
import tempfile

import dns_message
import own_network
import support
from own_network import resolve_by
from support import SystemTest, end, run, start, tool, wait_for

SHARED, PINNED = "us-street.api.example.com", "proxy.api.example.com"
MEMBERS = {f"198.51.100.{n}" for n in range(1, 41)}
MEMBERS6 = {f"2001:db8:100::{n}" for n in range(1, 41)}
SET = {"192.0.2.9", "192.0.2.10", "192.0.2.77"}
SET6 = {"2001:db8:77::9", "2001:db8:77::10"}

# Addresses of the resolvers; that of RESTRICTED asks from the address of a client of the pinned set.
RESOLVER, UNCACHED, RESTRICTED = "127.0.0.53", "127.0.0.54", "127.0.0.55"

UNBOUND = """\
server:
  interface: {at}
  port: 53
  access-control: 127.0.0.0/8 allow
  outgoing-interface: {outgoing}
  do-daemonize: no
  use-syslog: no
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  num-threads: 1
  module-config: "{modules}"
  do-not-query-localhost: no
  do-ip6: no
  hide-identity: yes
  cache-max-ttl: {most_ttl}
  cache-max-negative-ttl: {most_ttl}
{more}remote-control:
  control-enable: no
stub-zone:
  name: "api.example.com."
  stub-addr: 127.0.0.1@{port}
stub-zone:
  name: "example.net."
  stub-addr: 127.0.0.1@{port}
"""


def unbound_config(at, daemon, folder, outgoing="127.0.0.1", most_ttl=86400, modules="iterator", more=""):
    """`more`: lines of the server beside these."""
    return UNBOUND.format(at=at, outgoing=outgoing, folder=folder, most_ttl=most_ttl, port=daemon.port, modules=modules, more=more)


@contextlib.contextmanager
def unbound(at, daemon, outgoing="127.0.0.1", most_ttl=86400):
    with tempfile.TemporaryDirectory(prefix="dnsd-unbound-") as folder:
        config, log = pathlib.Path(folder, "unbound.conf"), pathlib.Path(folder, "log")
        config.write_text(unbound_config(at, daemon, folder, outgoing, most_ttl), encoding="utf-8")
        with open(log, "w", encoding="utf-8") as out:
            process = start([tool("unbound"), "-d", "-c", config], stdout=out, stderr=out)
        try:
            def ready():
                if process.poll() is not None:
                    raise AssertionError(f"unbound ended with {process.returncode}:\n{log.read_text()}")
                with contextlib.suppress(OSError), support.UdpClient(53, at, patience=0.2) as client:
                    return client.ask("ns1.api.example.com", flags=dns_message.RD).rcode == "NOERROR"
                return False
            wait_for(ready, f"unbound answers on {at}\n{log.read_text()}")
            yield
        finally:
            end(process)


def getent(database, name):
    """The addresses that getaddrinfo gives to a program of somebody else."""
    return {line.split()[0] for line in run("getent", database, name, check=False).splitlines()}


def getaddrinfo(name, wanted):
    """The same in this process, in order and with repeats."""
    return [found[4][0] for found in socket.getaddrinfo(name, 443, wanted, socket.SOCK_STREAM)]


class Resolver(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.share(workers=1)
        for at, options in ((RESOLVER, {}), (UNCACHED, {"most_ttl": 0}), (RESTRICTED, {"outgoing": "127.0.0.50"})):
            cls.enterClassContext(unbound(at, cls.dnsd, **options))

    def test_eight_addresses_come_through(self):
        resolve_by(RESOLVER)
        found = getent("ahostsv4", SHARED)
        self.assertEqual(len(found), 8)
        self.assertLess(found, MEMBERS)
        found = getent("ahostsv6", SHARED)
        self.assertEqual(len(found), 8)
        self.assertLess(found, MEMBERS6)
        self.assertEqual(len(getent("ahosts", SHARED)), 16)

    def test_getaddrinfo_of_this_process(self):
        resolve_by(RESOLVER)
        for wanted, members in ((socket.AF_INET, MEMBERS), (socket.AF_INET6, MEMBERS6)):
            found = getaddrinfo(SHARED, wanted)
            self.assertEqual(len(found), 8)
            self.assertEqual(len(set(found)), 8)
            self.assertLess(set(found), members)

    def test_the_pinned_name_is_whole(self):
        for resolver in (RESOLVER, UNCACHED, RESTRICTED):
            resolve_by(resolver)
            for _ in range(5):
                self.assertEqual(getent("ahostsv4", PINNED), SET)
                self.assertEqual(getent("ahostsv6", PINNED), SET6)
                self.assertEqual(getent("ahosts", PINNED), SET | SET6)

    def test_nine_lookups_show_the_whole_pool(self):
        """By a resolver that keeps nothing, so that each lookup is an answer of ours: five are a turn, nine hold a whole one."""
        resolve_by(UNCACHED)
        found = [getent("ahostsv4", SHARED) for _ in range(9)]
        self.assertEqual([len(addresses) for addresses in found], [8] * 9)
        self.assertEqual(set().union(*found), MEMBERS)

    def test_the_resolver_of_a_restricted_client_gets_the_set(self):
        resolve_by(RESTRICTED)
        for _ in range(5):
            self.assertEqual(getent("ahostsv4", SHARED), SET)
            self.assertEqual(getent("ahostsv6", SHARED), SET6)

    def test_aliases_and_names_that_are_not_there(self):
        resolve_by(RESOLVER)
        self.assertEqual(getent("ahostsv4", "docs.api.example.com"), {"192.0.2.80"})
        self.assertEqual(getent("ahostsv4", "status.api.example.com"), {"203.0.113.80"})  # over to the second zone
        self.assertEqual(getent("ahostsv4", "x.preview.api.example.com"), {"192.0.2.90"})
        self.assertEqual(getent("ahosts", "nosuch.api.example.com"), set())
        with self.assertRaises(socket.gaierror) as raised:
            getaddrinfo("nosuch.api.example.com", socket.AF_UNSPEC)
        self.assertEqual(raised.exception.errno, socket.EAI_NONAME)

    def test_by_dig_through_the_resolver(self):
        output = run("dig", f"@{RESOLVER}", SHARED, "A", "+short")
        self.assertEqual(len(set(output.split()) & MEMBERS), 8)


if __name__ == "__main__":
    own_network.main(__file__, RESOLVER)
