"""Resolvers of other people that take two zones from dnsd: unbound and the recursors resolve, dnsmasq forwards."""
import contextlib
import os
import pathlib
import tempfile

import dns_message
import support
from resolver_test import unbound
from support import end, start, tool, wait_for

ZONES = ("api.example.com", "example.net")


def powerdns_recursor(at, daemon, folder, more=""):
    """`more`: settings beside these."""
    (folder / "recursor.conf").write_text(f"""local-address={at}
local-port=53
daemon=no
forward-zones={", ".join(f"{zone}=127.0.0.1:{daemon.port}" for zone in ZONES)}
dont-query=
dnssec=off
threads=1
socket-dir={folder}
security-poll-suffix=
write-pid=no
disable-syslog=yes
{more}""")
    return [tool("pdns_recursor"), f"--config-dir={folder}"]


def knot_resolver(at, daemon, folder):
    zones = ", ".join(f"todname('{zone}.')" for zone in ZONES)
    (folder / "kresd.conf").write_text(f"""net.listen('{at}', 53, {{ kind = 'dns' }})
trust_anchors.remove('.')
cache.open(10 * MB, 'lmdb://{folder}')
modules.unload('ta_update')
modules.unload('priming')
policy.add(policy.suffix(policy.STUB('127.0.0.1@{daemon.port}'), {{ {zones} }}))
""")
    return [tool("kresd"), "--noninteractive", "-c", folder / "kresd.conf", folder]


def dnsmasq(at, daemon, folder):
    """Without its cache: it takes who it forwards to for a resolver, and would remember of an alias that leads out of the
    zone that the other name has no addresses."""
    servers = [f"--server=/{zone}/127.0.0.1#{daemon.port}" for zone in ZONES]
    return [tool("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces",
            f"--listen-address={at}", "--except-interface=none", "--port=53", "--cache-size=0", "--user=root", "--log-facility=-",
            f"--pid-file={folder}/pid", *servers]


@contextlib.contextmanager
def running(command_of, at, daemon):
    """One of the above on port 53 of `at`: answers inside, gone after."""
    with tempfile.TemporaryDirectory(prefix="dnsd-other-") as name:
        folder = pathlib.Path(name)
        with open(folder / "log", "w", encoding="utf-8") as log:
            process = start(command_of(at, daemon, folder), cwd=folder, stdin=support.subprocess.DEVNULL, stdout=log,
                            stderr=log, env={**os.environ, "HOME": name})
        try:
            wait_for(lambda: answers(process, at, folder / "log"), f"{command_of.__name__} answers on {at}\n"
                     + (folder / "log").read_text(errors="replace"), patience=20)
            yield
        finally:
            end(process)


def answers(process, at, log):
    if process.poll() is not None:
        raise AssertionError(f"{process.args} ended with {process.returncode}:\n{log.read_text(errors='replace')}")
    with contextlib.suppress(OSError), support.UdpClient(53, at, patience=0.3) as client:
        return client.ask(f"ns1.{ZONES[0]}", flags=dns_message.RD).rcode == "NOERROR"
    return False


# Name, address, how to run it there, and whether it goes on where an alias leads into another zone. A forwarder does not;
# knot-resolver's STUB policy makes it one.
RESOLVERS = {
    "unbound": ("127.0.0.61", unbound, True),
    "PowerDNS Recursor": ("127.0.0.62", lambda at, daemon: running(powerdns_recursor, at, daemon), True),
    "knot-resolver": ("127.0.0.63", lambda at, daemon: running(knot_resolver, at, daemon), False),
    "dnsmasq": ("127.0.0.64", lambda at, daemon: running(dnsmasq, at, daemon), False),
}
