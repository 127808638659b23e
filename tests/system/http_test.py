#!/usr/bin/env python3
"""The HTTP side as curl sees it: the feed and its validators, health, metrics, errors."""
import email.utils
import ipaddress
import json
import re
import socket
import time

from support import PATIENCE, SystemTest, main, run


class Http(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.share(workers=2)

    def curl(self, path, *options):
        """(status, header fields by their lower-case names, body)"""
        output = run("curl", "-s", "-i", "--max-time", PATIENCE, *options, self.dnsd.url(path))
        head, _, body = output.replace("\r\n", "\n").partition("\n\n")
        status, *fields = head.splitlines()
        return int(status.split()[1]), {k.lower(): v for k, v in (f.split(": ", 1) for f in fields)}, body

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


if __name__ == "__main__":
    main()
