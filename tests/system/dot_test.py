#!/usr/bin/env python3
"""DNS over TLS (RFC 7858) with clients of other people, and with some that are not what they should be."""
import contextlib
import functools
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time

import dns_message
from support import PATIENCE, SystemTest, TcpClient, free_port, main, run, tool, wait_for

NAME, ADDRESS = "www.api.example.com.", "192.0.2.80"
IDLE = 2  # seconds
HOST = "ns.example.net"


def framed(message):
    return len(message).to_bytes(2, "big") + message


@functools.lru_cache(maxsize=None)
def certificate(number, days=30):
    """{path: text} of a self-signed certificate for HOST and its key; one for each number."""
    with tempfile.TemporaryDirectory(prefix="dnsd-system-") as name:
        folder = pathlib.Path(name)
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", days,
            "-set_serial", number, "-keyout", folder / "key", "-out", folder / "crt", "-subj", f"/CN={HOST}",
            "-addext", f"subjectAltName=DNS:{HOST}")
        return {"tls.crt": (folder / "crt").read_text(), "tls.key": (folder / "key").read_text()}


class TlsClient(TcpClient):
    """With the certificate checked: its serial number says which one it is."""

    def __init__(self, port, ca, alpn=("dot",)):
        super().__init__(port)
        context = ssl.create_default_context(cafile=ca)
        context.set_alpn_protocols(list(alpn))
        self.socket = context.wrap_socket(self.socket, server_hostname=HOST)
        self.serial = int(self.socket.getpeercert()["serialNumber"], 16)


class Dot(SystemTest):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.dnsd = self.daemon(workers=2, files=certificate(1), settings=(
            f"tcp: {{idle_timeout: {IDLE}s}}\n"
            f"tls: {{listen: [127.0.0.1:{self.port}], certificate: tls.crt, key: tls.key}}"))
        self.ca = self.dnsd.path("ca.pem")
        self.ca.write_text(certificate(1)["tls.crt"] + certificate(2)["tls.crt"])

    def connect(self):
        return self.enterContext(TlsClient(self.port, self.ca))

    def plain(self):
        return self.enterContext(TcpClient(self.port))

    def counters(self):
        return self.dnsd.control("status")["queries"]

    def check(self, client):
        client.send(dns_message.query(NAME))
        self.assertEqual(client.message().data("A"), [ADDRESS])

    def kdig(self, *options, check=True):
        return run("kdig", "@127.0.0.1", "-p", self.port, "+tls", "+retry=0", *options, NAME, check=check)

    def s_client(self, *options, until=lambda output: True):
        """What s_client says of the connection, which stays open until that is there."""
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen([tool("openssl"), "s_client", "-connect", f"127.0.0.1:{self.port}", *options],
                                       stdin=subprocess.PIPE, stdout=said, stderr=said)

            def output():
                said.seek(0)
                return said.read()
            try:
                wait_for(lambda: process.poll() is not None or until(output()), "s_client is connected")
            finally:
                process.stdin.close()
                process.wait(PATIENCE)
            return output()

    # ---- clients of other people

    def test_kdig(self):
        self.assertEqual(self.kdig("+short").split(), [ADDRESS])
        checked = self.kdig(f"+tls-ca={self.ca}", f"+tls-host={HOST}")
        self.assertIn("TLS session (TLS1.3)", checked)
        self.assertIn(ADDRESS, checked)
        wrong = self.kdig(f"+tls-ca={self.ca}", "+tls-host=ns.example.org", check=False)
        self.assertNotIn(ADDRESS, wrong)
        many = self.kdig("+keepopen", "+short", *[word for _ in range(20) for word in ("-q", NAME)])
        self.assertEqual(many.split(), [ADDRESS] * 21)

    def test_alpn(self):
        ready = functools.partial(re.search, "Verify return code")
        self.assertIn("ALPN protocol: dot", self.s_client("-alpn", "dot", until=ready))
        self.assertIn("ALPN protocol: dot", self.s_client("-alpn", "h2,dot", until=ready))
        self.assertIn("No ALPN negotiated", self.s_client(until=ready))
        self.assertIn("no application protocol", self.s_client("-alpn", "h2"))

    def test_versions_and_what_is_off(self):
        ready = functools.partial(re.search, "Verify return code")
        for version, said in (("-tls1_3", "New, TLSv1.3"), ("-tls1_2", "New, TLSv1.2, Cipher is ECDHE-")):
            output = self.s_client(version, until=ready)
            self.assertIn(said, output)
            self.assertIn("Compression: NONE", output)
        self.assertIn("Max Early Data: 0", self.s_client(until=functools.partial(re.search, "Max Early Data")))
        for version in ("-tls1_1", "-tls1"):
            self.assertIn("Cipher is (NONE)", self.s_client(version, "-cipher", "ALL:@SECLEVEL=0"))
        self.assertIn("Cipher is (NONE)", self.s_client("-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"))

    def test_sessions_are_resumed_after_a_new_certificate(self):
        for version in ("-tls1_2", "-tls1_3"):
            session = self.dnsd.path(f"session{version}")
            self.s_client(version, "-sess_out", str(session), until=lambda _, file=session: file.exists())
            for path, text in certificate(2 if version == "-tls1_2" else 1).items():
                self.dnsd.write(path, text)
            self.assertEqual(self.dnsd.control("reload")["errors"], [])
            for _ in range(6):  # whichever worker it is
                output = self.s_client(version, "-sess_in", str(session), until=functools.partial(re.search, "New,|Reused,"))
                self.assertIn("Reused, " + version.replace("-tls1_", "TLSv1."), output)
        self.assertEqual(self.counters()["tls_resumptions"], 12)

    # ---- certificates that change

    def test_a_new_certificate_while_a_connection_is_open(self):
        old = self.connect()
        self.assertEqual(old.serial, 1)
        for path, text in certificate(2).items():  # and no command: the files are watched
            self.dnsd.write(path, text)
        wait_for(lambda: self.dnsd.log().count("certificate of tls.crt") == 2, "the new certificate")
        fresh = self.connect()
        self.assertEqual(fresh.serial, 2)
        for client in (old, fresh):
            self.check(client)

    def test_by_hangup(self):
        for path, text in certificate(2).items():
            self.dnsd.path(path).write_text(text)
        self.dnsd.signal(signal.SIGHUP)
        wait_for(lambda: self.dnsd.log().count("certificate of tls.crt") == 2, "the new certificate")
        self.assertEqual(self.connect().serial, 2)

    def test_a_broken_certificate_keeps_the_old_one(self):
        good = certificate(1)
        for path, text, said in (("tls.crt", "nothing", "certificate: tls.crt: there is no certificate in it"),
                                 ("tls.crt", good["tls.crt"][:200], "certificate: tls.crt: certificate 1 is damaged"),
                                 ("tls.key", certificate(2)["tls.key"], "key: tls.key: the key does not belong"),
                                 ("tls.key", "", "key: tls.key: there is no private key in it")):
            self.dnsd.write(path, text)
            report = self.dnsd.control("reload")
            self.assertFalse(report["ok"])
            self.assertRegex(report["errors"][0], rf"^dnsd\.yaml:\d+:\d+: error: {said}")
            self.assertIn(report["errors"][0], self.dnsd.log())
            client = self.connect()
            self.assertEqual(client.serial, 1)
            self.check(client)
            self.dnsd.write(path, good[path])
        self.dnsd.path("tls.key").unlink()
        self.assertIn("key: cannot open tls.key: No such file or directory", self.dnsd.control("reload")["errors"][0])
        self.assertEqual(self.connect().serial, 1)
        self.dnsd.write("tls.key", good["tls.key"])
        self.assertEqual(self.dnsd.control("reload")["errors"], [])

    def test_at_start(self):
        """What a reload refuses, a start and --check refuse too; another address needs a restart."""
        self.dnsd.write("dnsd.yaml", self.dnsd.read("dnsd.yaml").replace(f":{self.port}]", f":{free_port()}]"))
        report = self.dnsd.control("reload")
        self.assertTrue(report["ok"])
        self.assertIn("'tls.listen' changed: it takes effect at the next start", report["warnings"][0])
        self.assertEqual(self.connect().serial, 1)
        self.dnsd.write("tls.key", certificate(2)["tls.key"])
        checked = subprocess.run(self.dnsd.command("--check"), cwd=self.dnsd.folder, capture_output=True, text=True,
                                 timeout=PATIENCE, check=False)
        self.assertEqual(checked.returncode, 1)
        self.assertIn("error: key: tls.key: the key does not belong to the certificate", checked.stderr)

    # ---- clients that are not what they should be

    def test_what_is_no_tls(self):
        for octets in (framed(dns_message.query(NAME)), b"\0" * 3000, b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x40\0" * 50):
            failures = self.counters()["tls_handshake_failures"]
            with TcpClient(self.port) as client, contextlib.suppress(ConnectionError):
                client.socket.sendall(octets)
                client.octets(1 << 16)  # an alert, perhaps, and the end
            wait_for(lambda before=failures: self.counters()["tls_handshake_failures"] == before + 1, "a failure")
        self.check(self.connect())
        self.assertEqual(self.counters()["tls_queries"], 1)

    def test_a_handshake_that_stops_in_the_middle(self):
        hello = self.client_hello()
        for sent in (b"", hello[:1], hello[:50], hello):
            client = self.plain()
            client.socket.sendall(sent)
            began = time.monotonic()
            with contextlib.suppress(ConnectionError):
                client.octets(1 << 16)
            self.assertGreater(time.monotonic() - began, IDLE * 0.8)
            self.assertLess(time.monotonic() - began, IDLE * 2)
        self.assertEqual(self.counters()["tls_handshake_failures"], 4)
        self.assertEqual(self.counters()["tcp_timed_out"], 4)

    def client_hello(self):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        wrapped = ssl.create_default_context(cafile=self.ca).wrap_bio(incoming, outgoing, server_hostname=HOST)
        with contextlib.suppress(ssl.SSLWantReadError):
            wrapped.do_handshake()
        return outgoing.read()

    def test_a_handshake_octet_by_octet(self):
        """Slow, but it comes to an end."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        wrapped = ssl.create_default_context(cafile=self.ca).wrap_bio(incoming, outgoing, server_hostname=HOST)
        client = self.plain()
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def complete(step):
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    for octet in outgoing.read():
                        client.socket.sendall(bytes([octet]))
                    incoming.write(client.socket.recv(65536))
        complete(wrapped.do_handshake)
        wrapped.write(framed(dns_message.query(NAME)))
        answer = complete(lambda: wrapped.read(65536))
        self.assertEqual(dns_message.Message(answer[2:]).data("A"), [ADDRESS])

    def test_a_client_that_never_reads(self):
        client = self.connect()
        client.socket.settimeout(IDLE * 3)
        octets = framed(dns_message.query("us-street.api.example.com.")) * 60000
        with self.assertRaises(OSError):  # cut off
            for _ in range(20):
                client.socket.sendall(octets)
        wait_for(lambda: self.counters()["tcp_open"] == 0, "it is gone")
        self.assertEqual(self.counters()["tcp_timed_out"], 1)
        self.assertLess(self.counters()["tls_queries"], 60000)

    def test_idle_connections_end_with_a_goodbye(self):
        client = self.connect()
        self.check(client)
        self.assertEqual(client.octets(1), b"")  # close_notify; without it ssl would raise an error
        self.assertEqual(self.counters()["tcp_timed_out"], 1)

    def test_metrics(self):
        self.check(self.connect())
        metrics = run("curl", "-s", self.dnsd.url("/metrics"))
        self.assertIn("\ndnsd_tls_queries_total 1\n", metrics)
        self.assertIn("\ndnsd_tls_open 1\n", metrics)
        expires = float(re.search(r"^dnsd_tls_certificate_expires (\S+)$", metrics, re.M).group(1))
        self.assertAlmostEqual(expires, time.time() + 30 * 86400, delta=86400)


if __name__ == "__main__":
    main()
