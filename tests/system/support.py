"""What the system tests share: the daemon under test in a folder of its own, free ports, clients.

The programs under test are those of $DNSD_BIN (CTest sets it), else of build/bin. Nothing outlives a test: what is
started here ends with this process, whatever ends that.
"""
import atexit
import contextlib
import errno
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import dns_message

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = TOP / "examples"
BIN = pathlib.Path(os.environ.get("DNSD_BIN", TOP / "build/bin"))
DNSD = BIN / "dnsd"
PATIENCE = 10  # seconds that anything local may take on a busy machine

# The clients of other people, and the Debian packages they come from.
PACKAGES = {"chromium": "chromium", "curl": "curl", "delv": "bind9-dnsutils", "dig": "bind9-dnsutils", "dnsmasq": "dnsmasq-base",
            "dnssec-keygen": "bind9-utils", "dnssec-signzone": "bind9-utils", "dnsviz": "dnsviz", "drill": "ldnsutils",
            "gdnsd": "gdnsd", "getent": "libc-bin", "ip": "iproute2", "ipset": "ipset",
            "kdig": "knot-dnsutils", "knotd": "knot", "kresd": "knot-resolver",
            "ldns-keygen": "ldnsutils", "ldns-signzone": "ldnsutils", "mount": "mount", "named": "bind9", "nft": "nftables", "nsd": "nsd",
            "nsenter": "util-linux", "openssl": "openssl", "pdns_recursor": "pdns-recursor",
            "pdns_server": "pdns-server", "setpriv": "util-linux", "ss": "iproute2", "sudo": "sudo",
            "taskset": "util-linux", "umount": "mount", "unbound": "unbound", "unshare": "util-linux", "zonemaster-cli": "zonemaster-cli"}


def tool(name):
    """The path of a client. One that is missing is a failure, not a reason to test less."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/bin:/usr/sbin:/sbin")
    if not found:
        raise AssertionError(f"{name} is not installed: apt-get install {PACKAGES[name]} (or tools/setup)")
    return found


def run(name, *arguments, check=True, timeout=60, **options):
    """Runs a client to its end; what it wrote to standard output."""
    done = subprocess.run([tool(name), *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
                          check=False, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{done.args}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def start(command, **options):
    """A process that is told to end when this one does."""
    return subprocess.Popen([tool("setpriv"), "--pdeathsig", "TERM", *map(str, command)], **options)


def end(process, patience=PATIENCE):
    """Ends a process that start() gave, by its id; its exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{process.args}: still there {patience} s after SIGTERM; killed") from None
    return process.returncode


def has_ipv6():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.bind(("::1", 0))
        return True
    return False


LOOPBACKS = ["127.0.0.1", "::1"] if has_ipv6() else ["127.0.0.1"]


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def first_ephemeral_port():
    return int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


def free_port():
    """A port that is free for UDP and TCP on every loopback address used here. Not one that the kernel gives to clients:
    dig's sockets share their ports (SO_REUSEPORT), and one that got ours would be asked in our place."""
    for _ in range(100):
        with contextlib.ExitStack() as held:
            port = random.randrange(10240, first_ephemeral_port())
            try:
                for address in LOOPBACKS:
                    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                        probe = held.enter_context(socket.socket(family(address), kind))
                        probe.bind((address, port))
                return port
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
    raise AssertionError("no free port found in 100 attempts")


def wait_for(condition, what, patience=PATIENCE, step=0.02):
    """The first true value of condition()."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience} s: {what}")
        time.sleep(step)


class Daemon:
    """dnsd on a copy of a data folder, with addresses of its own. A context manager: ready inside, gone after."""

    def __init__(self, data=EXAMPLES, workers=1, settings="", files=None, http=True, http_settings=""):
        """`settings`: more lines for dnsd.yaml; `http_settings`: more keys of `http`. `files`: {path: text}, put into
        the copy."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dnsd-system-"))
        atexit.register(self.remove)  # where the test is interrupted
        self.port = free_port()
        self.http_port = free_port()
        self.http_scheme = "https" if "tls:" in http_settings else "http"
        self.process = None
        self.log_file = self.folder / "log"
        if data:
            shutil.copytree(data, self.folder, dirs_exist_ok=True)
        listen = ", ".join(f'"[{a}]:{self.port}"' if ":" in a else f"{a}:{self.port}" for a in LOOPBACKS)
        http_keys = ", ".join(filter(None, [f"listen: 127.0.0.1:{self.http_port}", http_settings]))
        http_line = f"http: {{{http_keys}}}\n" if http else ""
        self.write("dnsd.yaml", f"listen: [{listen}]\nworkers: {workers}\n{http_line}{settings}\n")
        for path, text in (files or {}).items():
            self.write(path, text)

    # ---- life

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failure):
        try:
            self.stop()
        finally:
            self.remove()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *options):
        return [DNSD, "--config", "dnsd.yaml", *options]

    def start(self, prefix=()):
        with open(self.log_file, "a", encoding="utf-8") as log:
            self.process = start([*prefix, *self.command()], cwd=self.folder, stdout=log, stderr=log,
                                 stdin=subprocess.DEVNULL)
        wait_for(self.is_ready, "dnsd is ready\n" + self.log())

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"dnsd ended with {self.process.returncode}:\n{self.log()}")
        with contextlib.suppress(OSError, ValueError):
            return bool(self.control("status"))
        return False

    def stop(self):
        """Ends the daemon, which must do so in order. Once stopped, does nothing."""
        if self.process is None:
            return
        process, self.process = self.process, None
        code = end(process)
        if code != 0:
            raise AssertionError(f"dnsd ended with {code}:\n{self.log()}")

    # ---- what operators do

    def path(self, path):
        return self.folder / path

    def read(self, path):
        return self.path(path).read_text(encoding="utf-8")

    def write(self, path, text):
        """Replaces a file at once, as editors do."""
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name("." + target.name + ".new")
        aside.write_text(text, encoding="utf-8")
        aside.rename(target)

    def control(self, command):
        """One command over the control socket; its answer."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE)
            s.connect(str(self.path("state/control.sock")))
            s.sendall(json.dumps({"command": command}).encode() + b"\n")
            answer = b""
            while part := s.recv(65536):
                answer += part
        return json.loads(answer)

    def generation(self):
        return self.control("status")["generation"]

    def signal(self, number):
        self.process.send_signal(number)

    def log(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    # ---- what clients do

    def ask(self, name, rrtype="A", at=LOOPBACKS[0], source=None, edns=None):
        """One question over UDP; a Message."""
        with UdpClient(self.port, at, source) as client:
            return client.ask(name, rrtype, edns)

    def ask_tcp(self, name, rrtype="A", at=LOOPBACKS[0], source=None):
        with TcpClient(self.port, at, source) as client:
            client.send(dns_message.query(name, rrtype))
            return client.message()

    def tcp(self, at=LOOPBACKS[0], source=None):
        return TcpClient(self.port, at, source)

    def url(self, path):
        return f"{self.http_scheme}://127.0.0.1:{self.http_port}{path}"


class Client:
    """A socket that closes itself. `source`: the address to ask from."""
    kind = None

    def __init__(self, port, at="127.0.0.1", source=None, patience=PATIENCE):
        self.socket = socket.socket(family(at), self.kind)
        self.socket.settimeout(patience)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect((at, port))

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.socket.close()


class UdpClient(Client):
    kind = socket.SOCK_DGRAM

    def ask(self, name, rrtype="A", edns=None, flags=0):
        wanted = dns_message.query(name, rrtype, edns, flags=flags)
        self.socket.send(wanted)
        message = dns_message.Message(self.socket.recv(65535))
        if message.id != int.from_bytes(wanted[:2], "big") or not message.flags & dns_message.QR:
            raise AssertionError(f"no answer to the question: {message.octets.hex()}")
        return message


class TcpClient(Client):
    kind = socket.SOCK_STREAM

    def send(self, *messages):
        """All in one write, each behind its length."""
        self.socket.sendall(b"".join(len(m).to_bytes(2, "big") + m for m in messages))

    def octets(self, count):
        """So many octets, or what came before the end of the connection."""
        received = b""
        while len(received) < count:
            part = self.socket.recv(count - len(received))
            if not part:
                break
            received += part
        return received

    def message(self):
        length = int.from_bytes(self.octets(2), "big")
        return dns_message.Message(self.octets(length))

    def is_closed(self, within=PATIENCE):
        """Whether the server ends the connection in time, without another octet."""
        self.socket.settimeout(within)
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False


class SystemTest(unittest.TestCase):
    """A test that shows the daemons' logs where it fails."""
    maxDiff = None
    shared = ()  # daemons of the class

    def setUp(self):
        self.daemons = []

    @classmethod
    def share(cls, *arguments, **options):
        """A daemon for all tests of the class."""
        daemon = cls.enterClassContext(Daemon(*arguments, **options))
        cls.shared = (*cls.shared, daemon)
        return daemon

    def daemon(self, *arguments, before_start=None, **options):
        """A daemon for this test. `before_start` is called with it."""
        daemon = Daemon(*arguments, **options)
        self.daemons.append(daemon)
        self.addCleanup(self.show_log, daemon)  # cleanups run last in, first out: after the daemon's end
        self.addCleanup(daemon.remove)
        self.addCleanup(lambda: setattr(daemon, "last_log", daemon.log()))
        self.addCleanup(daemon.stop)
        if before_start:
            before_start(daemon)
        daemon.start()
        return daemon

    def show_log(self, daemon):
        if self.has_failed():
            print(f"---- log of dnsd, port {daemon.port}\n{daemon.last_log}----", file=sys.stderr)

    def has_failed(self):
        return any(error for _, error in self._outcome.errors) if hasattr(self._outcome, "errors") else \
            not self._outcome.success

    def tearDown(self):
        for daemon in self.shared if self.has_failed() else ():
            print(f"---- log of dnsd, port {daemon.port}\n{daemon.log()}----", file=sys.stderr)


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is ended in order
    if LOOPBACKS == ["127.0.0.1"]:
        print("this machine has no IPv6: what is said of ::1 is tested over IPv4 alone", file=sys.stderr)
    unittest.main(verbosity=2)
