"""A network of its own for a test: nothing but a loopback interface, with a resolv.conf of its own. Both end with it.

It takes root to make that, or a kernel that lets users make it, or sudo.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import support
from support import run, tool

# Besides the loopback itself, an address of each family: getaddrinfo leaves out families that the machine lacks.
SET_UP = """\
ip=$1; shift
"$ip" link set lo up
"$ip" address add 10.0.0.1/32 dev lo
"$ip" -6 address add fd00::1/128 dev lo nodad || echo no IPv6 here >&2
exec "$@"
"""


def resolve_by(address):
    """Makes `address` the resolver of this network, by a resolv.conf that only this test sees."""
    pathlib.Path(resolve_by.folder, "resolv.conf").write_text(f"nameserver {address}\noptions timeout:2 attempts:2\n",
                                                              encoding="utf-8")


def inside(resolver):
    """In the network of our own: names by DNS alone, the resolv.conf of the test."""
    with tempfile.TemporaryDirectory(prefix="dnsd-resolver-") as folder:
        resolve_by.folder = folder
        resolve_by(resolver)
        pathlib.Path(folder, "nsswitch.conf").write_text("hosts: dns\n", encoding="utf-8")
        for name in ("resolv.conf", "nsswitch.conf"):
            run("mount", "--bind", f"{folder}/{name}", os.path.realpath(f"/etc/{name}"))
        if os.path.isdir("/run/nscd"):  # a cache of the machine would answer in our place
            run("mount", "-t", "tmpfs", "none", "/run/nscd")
        support.main()


def ways_in():
    """How to come into a network of our own, the simplest first."""
    unshare = [tool("unshare"), "--net", "--mount"]
    if os.geteuid() == 0:
        return [unshare]
    keep = f"DNSD_BIN={support.BIN}"
    return [[*unshare, "--map-root-user"], ["sudo", "-n", *unshare, "env", keep]]


def enter(script, *arguments):
    """Goes on as `script` with these arguments in a network of our own. Does not return."""
    for way in ways_in():
        probe = subprocess.run([*way, "true"], capture_output=True, text=True, check=False) if tool(way[0]) else None
        if probe.returncode == 0:
            ready = ["sh", "-ec", SET_UP, "sh", tool("ip")]
            os.execv(tool(way[0]), [*way, *ready, sys.executable, os.path.abspath(script), *arguments])
    sys.exit(f"cannot make a network for the test: {probe.stderr.strip()}; run it as root, or allow sudo")


def main(script, resolver):
    """Runs the tests of `script`, which calls this, in a network where `resolver` is what resolv.conf names."""
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
        inside(resolver)
    else:
        enter(script, "--inside", *sys.argv[1:])
