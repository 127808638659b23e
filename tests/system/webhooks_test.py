#!/usr/bin/env python3
"""Webhooks by an independent reading of Standard Webhooks 1.0.0: signatures, retries, 410, changes of secrets, kill -9.

The sender alone (tests/webhooks/webhook_sender.cc) with receivers that verify every signature with Python's standard
library. It runs in a network of its own, whose resolver never answers.

usage: webhooks_test.py [unittest options]
"""
import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import pathlib
import random
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import own_network
import support
from support import run, start

SENDER = support.BIN.parent / "tests" / "webhook_sender"
OLD, NEW = ("whsec_" + base64.b64encode(bytes([n] * 32)).decode() for n in (1, 2))
SILENT_RESOLVER = "127.0.0.1"


def is_signed(headers, body, secret):
    """The check that the specification asks of a receiver."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split(" "))


class Receiver:
    """Takes webhooks, each in a thread of its own; `answer(id)` gives the status and further headers."""

    def __init__(self, test, answer=lambda _: (204, {}), secret=OLD, certificate=None):
        self.hooks = []  # (id, timestamp, type, whether the signature is good)
        self.secret = secret
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["content-length"]))
                identifier = self.headers["webhook-id"]
                receiver.hooks.append((identifier, int(self.headers["webhook-timestamp"]), json.loads(body)["type"],
                                       is_signed(self.headers, body, receiver.secret)))
                status, headers = answer(identifier)
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    for name, value in {"content-length": "0", **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a sender that hangs up
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
            self.scheme = "https"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        test.addCleanup(self.server.server_close)
        test.addCleanup(self.server.shutdown)

    def target(self, name, *secrets):
        port = self.server.server_address[1]
        return {"name": name, "url": f"{self.scheme}://127.0.0.1:{port}/hook", "secrets": secrets or [OLD]}

    def ids(self):
        return [hook[0] for hook in self.hooks]


class Sender:
    def __init__(self, test, outbox, targets, *options):
        self.log = outbox.with_suffix(".log")
        with self.log.open("a") as log:
            self.process = start([SENDER, outbox, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                 text=True)
        test.addCleanup(self.kill)
        self.told = self.tell(use=targets)

    def tell(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer

    def enqueue(self, *ids):
        kind = "iprange.announced"
        return self.tell(enqueue=[{"id": i, "type": kind, "body": json.dumps({"type": kind, "id": i})} for i in ids],
                         cursor=ids[-1])

    def wait_for(self, **counters):
        deadline = time.monotonic() + support.PATIENCE
        while True:
            told = self.tell(counters={})
            if all(told[name] == value for name, value in counters.items()):
                return told
            if time.monotonic() > deadline:
                raise AssertionError(f"{told}, and not {counters}\n{self.logged()}")
            time.sleep(0.02)

    def logged(self):
        return self.log.read_text(encoding="utf-8")

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Webhooks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="dnsd-webhooks-")
        self.addCleanup(self.folder.cleanup)
        self.outbox = pathlib.Path(self.folder.name, "outbox.db")

    def sender(self, *targets, options=()):
        return Sender(self, self.outbox, targets, *options)

    def test_signatures_are_good_and_depend_on_the_secret(self):
        receiver = Receiver(self)
        other = Receiver(self, secret=NEW)
        sender = self.sender(receiver.target("a"), other.target("b"))
        sender.enqueue("one", "two")
        sender.wait_for(delivered=4, waiting=0)
        self.assertEqual(sorted(receiver.ids()), ["one", "two"])
        self.assertTrue(all(good for *_, good in receiver.hooks))
        self.assertFalse(any(good for *_, good in other.hooks), "another secret")
        self.assertTrue(all(kind == "iprange.announced" and abs(at - time.time()) < 60 for _, at, kind, _ in receiver.hooks))

    def test_a_change_of_secrets_that_no_delivery_misses(self):
        receiver = Receiver(self)
        sender = self.sender(receiver.target("a"))
        sender.enqueue("old")
        sender.wait_for(delivered=1, waiting=0)
        sender.tell(use=[receiver.target("a", NEW, OLD)])
        sender.enqueue("both-1")
        sender.wait_for(delivered=2, waiting=0)
        receiver.secret = NEW  # the subscriber changes when it likes
        sender.enqueue("both-2")
        sender.wait_for(delivered=3, waiting=0)
        sender.tell(use=[receiver.target("a", NEW)])
        sender.enqueue("new")
        sender.wait_for(delivered=4, waiting=0)
        self.assertEqual([(i, good) for i, _, _, good in receiver.hooks],
                         [("old", True), ("both-1", True), ("both-2", True), ("new", True)])

    def test_retries_come_at_the_times_of_the_specification(self):
        receiver = Receiver(self, answer=lambda _: (500, {}))
        sender = self.sender(receiver.target("a"))
        sender.enqueue("one")
        delays = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
        for attempt, delay in enumerate(delays, 1):
            sender.wait_for(failed_attempts=attempt, waiting=1)
            sender.tell(**{"pass": int(delay * 1.1) + 1})
        sender.wait_for(failed_attempts=10, given_up=1, waiting=0)
        times = [at for _, at, _, _ in receiver.hooks]
        for delay, earlier, later in zip(delays, times, times[1:]):
            self.assertGreaterEqual(later - earlier, delay - 1)
        self.assertRegex(sender.logged(), "error: webhook one .* to a is given up after 10 attempts: answered 500")

    def test_retry_after_is_kept(self):
        receiver = Receiver(self, answer=lambda _: (503, {"retry-after": "900"}) if len(receiver.hooks) == 1 else (200, {}))
        sender = self.sender(receiver.target("a"))
        sender.enqueue("one")
        sender.wait_for(failed_attempts=1)
        sender.tell(**{"pass": 880})
        time.sleep(0.2)
        self.assertEqual(len(receiver.hooks), 1)
        sender.tell(**{"pass": 25})
        sender.wait_for(delivered=1)

    def test_gone_is_gone_over_restarts_until_it_changes(self):
        receiver = Receiver(self, answer=lambda _: (410, {}))
        sender = self.sender(receiver.target("a"))
        sender.enqueue("one")
        sender.wait_for(disabled_targets=1, waiting=0)
        self.assertIn("it answered 410 Gone", sender.logged())
        sender.kill()
        sender = self.sender(receiver.target("a"))
        self.assertEqual(sender.enqueue("two")["disabled_targets"], 1)
        time.sleep(0.2)
        self.assertEqual(receiver.ids(), ["one"])
        sender.tell(use=[receiver.target("a", NEW)])
        sender.enqueue("three")
        sender.wait_for(disabled_targets=1, waiting=0)
        self.assertEqual(receiver.ids(), ["one", "three"])

    def test_redirects_are_not_followed(self):
        elsewhere = Receiver(self)
        receiver = Receiver(self, answer=lambda _: (307, {"location": elsewhere.target("x")["url"]}))
        sender = self.sender(receiver.target("a"))
        sender.enqueue("one")
        sender.wait_for(failed_attempts=1, waiting=1)
        self.assertEqual(elsewhere.hooks, [])
        self.assertIn("redirects are not followed", sender.logged())

    def test_slow_dead_and_unresolvable_subscribers_delay_nobody(self):
        release = threading.Event()
        self.addCleanup(release.set)
        slow = Receiver(self, answer=lambda _: (release.wait(60), (200, {}))[1])
        fast = Receiver(self)
        with socket.socket() as dead, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resolver:
            dead.bind(("127.0.0.1", 0))  # nobody listens
            resolver.bind((SILENT_RESOLVER, 53))  # and nobody answers, for longer than a call may take
            pathlib.Path(own_network.resolve_by.folder, "resolv.conf").write_text(
                f"nameserver {SILENT_RESOLVER}\noptions timeout:30 attempts:1\n", encoding="ascii")
            sender = self.sender(
                slow.target("slow"), fast.target("fast"),
                {"name": "dead", "url": f"http://127.0.0.1:{dead.getsockname()[1]}/", "secrets": [OLD]},
                {"name": "nowhere", "url": "https://hooks.example.net/", "secrets": [OLD]})
            for number in range(10):
                began = time.monotonic()
                sender.enqueue(f"msg_{number}")
                sender.wait_for(delivered=number + 1)
                self.assertLess(time.monotonic() - began, 5)
            self.assertEqual(len(slow.hooks), 4, "calls to one subscriber at once")
            # The lookup of the name is given up while its thread still hangs; deliveries go on at that moment, too.
            deadline = time.monotonic() + 25
            while "webhook msg_0 (iprange.announced) to nowhere failed" not in sender.logged():
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.1)
            began = time.monotonic()
            sender.enqueue("last")
            sender.wait_for(delivered=11)
            self.assertLess(time.monotonic() - began, 5)

    def test_certificates_are_verified(self):
        key, certificate = (str(pathlib.Path(self.folder.name, name)) for name in ("key.pem", "certificate.pem"))
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-keyout", key, "-out", certificate, "-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1")
        receiver = Receiver(self, certificate=(certificate, key))
        sender = self.sender(receiver.target("a"))
        sender.enqueue("one")
        sender.wait_for(failed_attempts=1, waiting=1)
        self.assertEqual(receiver.hooks, [])
        self.assertIn("certificate", sender.logged())
        sender.kill()
        sender = self.sender(receiver.target("a"), options=[certificate])
        sender.tell(**{"pass": 6})
        sender.wait_for(delivered=1, waiting=0)
        self.assertTrue(receiver.hooks[0][3])

    def test_kill_9_delivers_at_least_once_under_the_same_ids(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        receiver = Receiver(self, answer=lambda _: (time.sleep(chance.uniform(0, 0.02)), (200, {}))[1])
        acknowledged, rounds = 0, 30
        for _ in range(rounds):
            sender = self.sender(receiver.target("a"))
            # What lies behind the cursor is derived again, as the daemon does from its ledger.
            cursor = sender.told["cursor"]
            self.assertGreaterEqual(int(cursor or 0), acknowledged, f"seed {seed}")
            derived = int(cursor or 0)
            end = time.monotonic() + chance.uniform(0, 0.3)
            killer = threading.Timer(end - time.monotonic(), sender.process.send_signal, [signal.SIGKILL])
            killer.start()
            with contextlib.suppress(OSError, ValueError):  # it is dead
                while True:
                    ids = [f"{n}" for n in range(derived + 1, derived + 4)]
                    sender.enqueue(*ids)
                    derived += 3
                    acknowledged = derived
            killer.join()
            sender.kill()
        sender = self.sender(receiver.target("a"))
        sender.wait_for(waiting=0)
        derived = int(sender.told["cursor"] or 0)
        ids = [int(i) for i in receiver.ids()]
        self.assertGreater(derived, rounds)
        self.assertEqual(set(ids), set(range(1, derived + 1)), f"seed {seed}: each at least once, and no others")
        self.assertTrue(all(good for *_, good in receiver.hooks))
        print(f"{rounds} rounds of kill -9: {derived} events, {len(ids)} deliveries, 0 missing")


class Configuration(unittest.TestCase):
    def test_plain_http_to_another_machine_is_refused(self):
        with tempfile.TemporaryDirectory(prefix="dnsd-webhooks-") as folder:
            config = pathlib.Path(folder, "dnsd.yaml")
            config.write_text('listen: [127.0.0.1:5300]\nwebhooks:\n'
                              '  - {name: a, url: "http://hooks.example.com/", secret_file: s}\n', encoding="ascii")
            done = subprocess.run([support.DNSD, "--config", config, "--check"], capture_output=True, text=True,
                                  timeout=60, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("dnsd.yaml:3:28: error: url: plain http goes to an address of this machine alone",
                          done.stdout + done.stderr)


if __name__ == "__main__":
    own_network.main(__file__, SILENT_RESOLVER)
