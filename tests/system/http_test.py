#!/usr/bin/env python3
"""The HTTP side as curl sees it: the feed and its validators, health, metrics, errors, TLS."""
import base64
import contextlib
import email.utils
import hashlib
import ipaddress
import json
import pathlib
import re
import signal
import socket
import ssl
import tempfile
import time

from support import PATIENCE, SystemTest, main, run, wait_for


def curl(dnsd, path, *options, check=True):
    """(status, header fields by their lower-case names, body)"""
    output = run("curl", "-s", "-i", "--max-time", PATIENCE, *options, dnsd.url(path), check=check)
    head, _, body = output.replace("\r\n", "\n").partition("\n\n")
    status, *fields = head.splitlines() or ["- 0"]
    return int(status.split()[1]), {k.lower(): v for k, v in (f.split(": ", 1) for f in fields)}, body


class Http(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.share(workers=2)

    def curl(self, path, *options):
        return curl(self.dnsd, path, *options)

    def raw(self, request):
        """All that comes back on a connection of its own."""
        connection = self.enterContext(socket.create_connection(("127.0.0.1", self.dnsd.http_port), PATIENCE))
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))

    def test_feed(self):
        status, fields, body = self.curl("/ip-ranges.json")
        self.assertEqual(status, 200)
        self.assertEqual(fields["content-type"], "application/json")
        self.assertRegex(fields["etag"], r'^"[^"]+"$')
        self.assertIsNotNone(email.utils.parsedate_to_datetime(fields["last-modified"]))
        self.assertRegex(fields["cache-control"], r"^public, max-age=([1-9]|[1-9]\d|[12]\d\d|300), stale-if-error=86400$")
        self.assertEqual(fields["access-control-allow-origin"], "*")
        self.assertEqual(int(fields["content-length"]), len(body.encode()))
        document = json.loads(body)
        self.assertEqual(document["serial"], 1)
        self.assertEqual([e["cidr"] for e in document["entries"]],
                         ["192.0.2.8/29", "192.0.2.77/32", "203.0.113.7/32", "203.0.113.64/28", "2001:db8:77::/64"])

    def test_feed_covers_every_answer(self):
        document = json.loads(self.curl("/ip-ranges.json")[2])
        live = [ipaddress.ip_network(e["cidr"]) for e in document["entries"] if e["state"] == "active"]
        for rrtype in ("A", "AAAA"):
            for address in self.dnsd.ask("proxy.api.example.com.", rrtype).data(rrtype):
                self.assertTrue(any(ipaddress.ip_address(address) in network for network in live), address)

    def test_not_modified(self):
        _, fields, body = self.curl("/ip-ranges.json")
        for value in (fields["etag"], f'"other", {fields["etag"]}', f'W/{fields["etag"]}', "*"):
            status, again, nothing = self.curl("/ip-ranges.json", "-H", f"If-None-Match: {value}")
            self.assertEqual((status, nothing), (304, ""), value)
            self.assertEqual(again["etag"], fields["etag"])
        status, _, same = self.curl("/ip-ranges.json", "-H", 'If-None-Match: "other"')
        self.assertEqual((status, same), (200, body))
        status, *_ = self.curl("/ip-ranges.json", "-H", f"If-Modified-Since: {fields['last-modified']}")
        self.assertEqual(status, 304)
        status, *_ = self.curl("/ip-ranges.json", "-H", 'If-None-Match: "other"',
                               "-H", f"If-Modified-Since: {fields['last-modified']}")
        self.assertEqual(status, 200)  # the ETag decides (RFC 9110 13.2.2)

    def test_a_reload_without_change_keeps_the_document(self):
        _, before, body = self.curl("/ip-ranges.json")
        self.assertTrue(self.dnsd.control("reload")["ok"])
        _, after, same = self.curl("/ip-ranges.json")
        self.assertEqual((after["etag"], same), (before["etag"], body))

    def test_head(self):
        _, fields, body = self.curl("/ip-ranges.json")
        status, head, nothing = self.curl("/ip-ranges.json", "--head")
        self.assertEqual((status, nothing), (200, ""))
        self.assertEqual(head["etag"], fields["etag"])
        self.assertEqual(int(head["content-length"]), len(body.encode()))

    def test_compressed(self):
        _, plain, body = self.curl("/ip-ranges.json")
        status, fields, unpacked = self.curl("/ip-ranges.json", "--compressed", "-H", "Accept-Encoding: gzip")
        self.assertEqual((status, fields["content-encoding"], unpacked), (200, "gzip", body))
        self.assertNotEqual(fields["etag"], plain["etag"])

    def test_digest_is_of_the_bytes_that_are_sent(self):
        for encoding in ("identity", "gzip"):
            with tempfile.NamedTemporaryFile() as body:
                head = run("curl", "-s", "--max-time", PATIENCE, "-D", "-", "-o", body.name, "-H",
                           f"Accept-Encoding: {encoding}", self.dnsd.url("/ip-ranges.json"))
                digest = base64.b64encode(hashlib.sha256(pathlib.Path(body.name).read_bytes()).digest()).decode()
            self.assertIn(f"\nRepr-Digest: sha-256=:{digest}:\n", head)
            self.assertEqual("Content-Encoding: gzip" in head, encoding == "gzip")

    def test_negotiation(self):
        for fields, expected in ((["Accept: application/json"], 200), (["Accept: text/html, */*;q=0.1"], 200),
                                 (["Accept: text/html"], 406), (["Accept;"], 200), (["Accept: application/json;q=0"], 406),
                                 (["Accept-Encoding: br, identity;q=0"], 406), (["Accept-Encoding: br"], 200),
                                 (["Accept-Encoding: *;q=0"], 406), (["Accept-Encoding: gzip, identity;q=0"], 200)):
            options = ["--compressed", *(option for field in fields for option in ("-H", field))]
            status, found, body = self.curl("/ip-ranges.json", *options)
            self.assertEqual(status, expected, fields)
            if expected == 406:
                self.assertEqual((found["content-type"], json.loads(body)["status"]), ("application/json", 406))

    def test_preflight(self):
        status, fields, body = self.curl("/ip-ranges.json", "-X", "OPTIONS", "-H", "Origin: https://example.net",
                                         "-H", "Access-Control-Request-Method: GET",
                                         "-H", "Access-Control-Request-Headers: if-none-match")
        self.assertEqual((status, body, fields["access-control-allow-origin"]), (204, "", "*"))
        self.assertIn("GET", fields["access-control-allow-methods"])
        self.assertEqual(fields["access-control-allow-headers"], "*")
        self.assertEqual(self.curl("/nosuch", "-X", "OPTIONS")[0], 404)

    def test_ranges_and_queries_are_ignored(self):
        _, fields, body = self.curl("/ip-ranges.json")
        status, ranged, whole = self.curl("/ip-ranges.json", "-r", "0-9")
        self.assertEqual((status, ranged["etag"], whole), (200, fields["etag"], body))
        self.assertEqual(self.curl("/ip-ranges.json?utm=1&since=2&" + "x=y&" * 200)[2], body)

    def test_old_clients(self):
        body = self.curl("/ip-ranges.json")[2]
        status, _, same = self.curl("/ip-ranges.json", "--http1.0")
        self.assertEqual((status, same), (200, body))
        answer = self.raw(b"GET /ip-ranges.json HTTP/1.0\r\n\r\n").decode()  # without a Host
        self.assertIn(" 200 OK\r\n", answer)
        self.assertTrue(answer.endswith(body))

    def test_pipelined(self):
        get = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        answer = self.raw(get * 5 + get.replace(b"Host", b"Connection: close\r\nHost"))
        self.assertEqual(answer.count(b"HTTP/1.1 200 OK\r\n"), 6)
        self.assertEqual(answer.count(b"\r\n\r\nok\n"), 6)

    def test_requests_that_are_none(self):
        for request in (b"GET /192.0.2.9 HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: y\r\n\r\n",
                        b"GET /" + b"1" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"1" * 100000 + b"\r\n\r\n"):
            answer = self.raw(request).decode()
            self.assertRegex(answer, r"^HTTP/1\.[01] 4\d\d ", request[:40])
            self.assertNotRegex(answer, r"\d+\.\d+\.\d+\.\d+")

    def test_health(self):
        self.assertEqual(self.curl("/healthz")[0::2], (200, "ok\n"))
        status, _, body = self.curl("/readyz")
        self.assertEqual((status, json.loads(body)), (200, {"ready": True}))

    def test_metrics(self):
        def values():
            status, fields, body = self.curl("/metrics")
            self.assertEqual(status, 200)
            self.assertIn("version=0.0.4", fields["content-type"])
            found, typed = {}, set()
            for line in body.splitlines():
                if line.startswith("# TYPE "):
                    typed.add(line.split()[2])
                elif not line.startswith("#"):
                    match = re.fullmatch(r'([a-z_]+)((?:\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})?) (\S+)', line)
                    self.assertTrue(match, line)
                    self.assertIn(match.group(1), typed)
                    found[match.group(1) + match.group(2)] = float(match.group(3))
            return found
        before = values()
        for _ in range(10):
            self.dnsd.ask("www.api.example.com.")
        self.dnsd.ask_tcp("www.api.example.com.")
        after = values()
        self.assertEqual(after["dnsd_udp_queries_total"] - before["dnsd_udp_queries_total"], 10)
        self.assertEqual(after["dnsd_tcp_queries_total"] - before["dnsd_tcp_queries_total"], 1)
        self.assertTrue(any(name.startswith("dnsd_") and "generation" in name for name in after), sorted(after))

    def test_errors_are_json_without_addresses(self):
        for path, options, expected in (("/nosuch", [], 404), ("/192.0.2.9", [], 404), ("/%2e%2e/etc/passwd", [], 404),
                                        ("/ip-ranges.json", ["-X", "POST", "-d", "x"], 405),
                                        ("/ip-ranges.json", ["-X", "DELETE"], 405)):
            status, fields, body = self.curl(path, *options)
            self.assertEqual(status, expected, path)
            self.assertEqual(fields["content-type"], "application/json")
            self.assertEqual(json.loads(body)["status"], expected)
            self.assertNotRegex(body, r"\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f]*:[0-9a-f]")
            if expected == 405:
                self.assertEqual({m.strip() for m in fields["allow"].split(",")} & {"GET", "HEAD"}, {"GET", "HEAD"})

    def test_the_page_for_people(self):
        status, fields, body = self.curl("/")
        self.assertEqual(status, 200)
        self.assertIn("text/html", fields["content-type"])
        self.assertIn("192.0.2.8/29", body)

    def test_slow_web_clients_delay_no_answer(self):
        for _ in range(50):
            slow = self.enterContext(socket.create_connection(("127.0.0.1", self.dnsd.http_port), PATIENCE))
            slow.sendall(b"GET /ip-ranges.json HT")
        began = time.monotonic()
        for _ in range(200):
            self.assertEqual(self.dnsd.ask("www.api.example.com.").rcode, "NOERROR")
        self.assertEqual(self.curl("/healthz")[0], 200)
        self.assertLess(time.monotonic() - began, 2)


class HttpCrowd(SystemTest):
    """tests/bench/slow_http in small."""

    def test_a_crowd_that_holds_every_place_keeps_nobody_out(self):
        dnsd = self.daemon(http_settings="max_connections: 100, deadline: 5s")
        begun = (b"", b"GET /ip-ranges.json HT", b"GET /ip-ranges.json HTTP/1.1\r\nHost: x\r\n\r\n")
        crowd = []
        for i in range(300):
            one = socket.create_connection(("127.0.0.1", dnsd.http_port), PATIENCE, (f"127.0.0.{2 + i % 20}", 0))
            crowd.append(self.enterContext(one))
            one.sendall(begun[i % 3])
        for _ in range(20):
            self.assertEqual(curl(dnsd, "/ip-ranges.json")[0], 200)
            self.assertEqual(dnsd.ask("www.api.example.com.").rcode, "NOERROR")
        metrics = dict(re.findall(r"^dnsd_http_(\w+) (\d+)$", curl(dnsd, "/metrics")[2], re.M))
        self.assertLessEqual(int(metrics["open"]), 100)
        self.assertGreaterEqual(int(metrics["made_room_total"]), 200)
        began = time.monotonic()  # the last of them is cut off, though it goes on sending
        with contextlib.suppress(OSError):
            while time.monotonic() - began < PATIENCE:
                crowd[-2].send(b"x")
                time.sleep(0.1)
        self.assertLess(time.monotonic() - began, PATIENCE)


class Authority:
    """A certificate authority of the test's own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.certificate = self.folder / "ca.crt"
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2,
                     "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=test authority")

    def openssl(self, *arguments):
        run("openssl", *arguments, cwd=self.folder)

    def issue(self, serial):
        """{path: text} of a certificate for 127.0.0.1 and its key."""
        (self.folder / "ext").write_text("subjectAltName=IP:127.0.0.1\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key",
                     "-out", "csr", "-subj", "/CN=feed")
        self.openssl("x509", "-req", "-in", "csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-set_serial", serial, "-days", 2,
                     "-extfile", "ext", "-out", "crt")
        return {"feed.crt": (self.folder / "crt").read_text(), "feed.key": (self.folder / "key").read_text()}


class HttpTls(SystemTest):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.enterContext(tempfile.TemporaryDirectory(prefix="dnsd-system-")))
        self.dnsd = self.daemon(files=self.authority.issue(1), http_settings="tls: {certificate: feed.crt, key: feed.key}")

    def curl(self, path, *options, **more):
        return curl(self.dnsd, path, "--cacert", self.authority.certificate, *options, **more)

    def connect(self):
        context = ssl.create_default_context(cafile=self.authority.certificate)
        tcp = socket.create_connection(("127.0.0.1", self.dnsd.http_port), PATIENCE)
        return self.enterContext(context.wrap_socket(tcp, server_hostname="127.0.0.1"))

    def serial(self):
        return int(self.connect().getpeercert()["serialNumber"], 16)

    def put(self, files):
        for path, text in files.items():
            self.dnsd.write(path, text)

    def test_the_feed_over_tls(self):
        for version in ("--tlsv1.3", "--tls-max=1.2"):
            status, fields, body = self.curl("/ip-ranges.json", *version.split("="))
            self.assertEqual((status, json.loads(body)["serial"]), (200, 1))
            self.assertEqual(self.curl("/ip-ranges.json", "-H", f"If-None-Match: {fields['etag']}")[0], 304)
        self.assertEqual(self.curl("/healthz", "--tlsv1.0", "--tls-max", "1.1", check=False)[0], 0)
        self.assertIn("https://127.0.0.1:", self.dnsd.log())

    def test_plain_http_is_not_served(self):
        with socket.create_connection(("127.0.0.1", self.dnsd.http_port), PATIENCE) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):
                self.assertNotIn(b"HTTP", plain.recv(1000))

    def test_a_renewed_certificate_is_taken_over(self):
        before = self.connect()
        self.assertEqual(self.serial(), 1)
        self.put(self.authority.issue(2))
        wait_for(lambda: self.serial() == 2, "the new certificate is in service")
        before.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertIn(b"HTTP/1.1 200 OK", before.recv(10000))
        metrics = self.curl("/metrics")[2]
        expires = float(re.search(r"^dnsd_http_certificate_expires (\S+)$", metrics, re.M).group(1))
        self.assertAlmostEqual(expires - time.time(), 2 * 86400, delta=600)

    def test_a_broken_certificate_leaves_the_one_before(self):
        self.dnsd.write("feed.key", self.authority.issue(3)["feed.key"])
        wait_for(lambda: "the key does not belong to the certificate" in self.dnsd.log(), "the defect is told")
        self.assertIn("dnsd.yaml:3:", self.dnsd.log())
        self.assertEqual(self.serial(), 1)
        self.put(self.authority.issue(4))
        wait_for(lambda: self.serial() == 4, "mended")
        self.dnsd.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.curl("/healthz")[0], 200)


if __name__ == "__main__":
    main()
