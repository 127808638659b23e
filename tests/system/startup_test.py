#!/usr/bin/env python3
"""How the daemon begins and ends: what it refuses, in which words, and what it leaves behind."""
import json
import os
import signal
import socket
import subprocess
import time

from support import DNSD, LOOPBACKS, PATIENCE, Daemon, SystemTest, end, main, run, start, wait_for


class Startup(SystemTest):
    def folder(self, **options):
        """A daemon's folder, nothing started."""
        daemon = Daemon(**options)
        self.addCleanup(daemon.remove)
        return daemon

    def attempt(self, daemon, *options, command=None):
        """Runs dnsd until it ends by itself: (exit code, standard output, standard error)."""
        done = subprocess.run(command or daemon.command(*options), cwd=daemon.folder, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        return done.returncode, done.stdout, done.stderr

    # ---- what it refuses

    def test_a_second_one_on_the_same_address(self):
        first, second = self.daemon(), self.folder()
        second.write("dnsd.yaml", second.read("dnsd.yaml").replace(str(second.port), str(first.port)))
        code, _, errors = self.attempt(second)
        self.assertEqual(code, 1)
        reasons = [line for line in errors.splitlines() if "is in use" in line]
        self.assertEqual(len(reasons), len(LOOPBACKS), errors)  # each address, in one run
        self.assertIn(f"127.0.0.1:{first.port} (UDP) is in use by another process; stop that one (`ss -lnptu` shows it) "
                      "or listen on another port", reasons[0])
        self.assertEqual(first.ask("www.api.example.com.").data("A"), ["192.0.2.80"])

    def test_another_server_on_the_address(self):
        """Any process, UDP or TCP alone, even one that allows others beside it."""
        for kind, word in ((socket.SOCK_DGRAM, "UDP"), (socket.SOCK_STREAM, "TCP")):
            daemon = self.folder()
            with socket.socket(socket.AF_INET, kind) as other:
                other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                other.bind(("127.0.0.1", daemon.port))
                if kind == socket.SOCK_STREAM:
                    other.listen()
                code, _, errors = self.attempt(daemon)
            self.assertEqual(code, 1)
            self.assertIn(f"127.0.0.1:{daemon.port} ({word}) is in use", errors)

    def test_the_port_of_http_is_taken(self):
        daemon = self.folder()
        with socket.socket() as other:
            other.bind(("127.0.0.1", daemon.http_port))
            other.listen()
            code, _, errors = self.attempt(daemon)
        self.assertEqual(code, 1)
        self.assertIn(f"127.0.0.1:{daemon.http_port}", errors)

    def test_an_address_of_another_machine(self):
        daemon = self.folder()
        daemon.write("dnsd.yaml", daemon.read("dnsd.yaml").replace("listen: [", "listen: [203.0.113.1:5300, "))
        code, _, errors = self.attempt(daemon)
        self.assertEqual(code, 1)
        self.assertIn("203.0.113.1 is not an address of this machine", errors)

    def test_a_second_one_on_the_same_state_folder(self):
        first, second = self.daemon(), self.folder()
        second.write("dnsd.yaml", second.read("dnsd.yaml") + f"state: {first.path('state')}\n")
        code, _, errors = self.attempt(second)
        self.assertEqual(code, 1)
        self.assertIn(f"is dnsd already running on the state folder {first.path('state')}?", errors)
        self.assertTrue(first.control("status"))  # the control socket is still the first one's

    def test_a_broken_configuration_prints_every_defect(self):
        daemon = self.folder(settings="surprise: 1\nudp: {max_response: 100}")
        daemon.write("zones/example.net.zone", daemon.read("zones/example.net.zone") + "x A 1.2.3\n")
        daemon.write("pinned_ips/proxy.yaml", daemon.read("pinned_ips/proxy.yaml").replace("14d", "1d"))
        code, _, errors = self.attempt(daemon)
        self.assertEqual(code, 1)
        for expected in ("dnsd.yaml:4:1: error: ", "dnsd.yaml:5:21: error: ", "dnsd: nothing is served: 2 errors"):
            self.assertIn(expected, errors)
        daemon.write("dnsd.yaml", "\n".join(daemon.read("dnsd.yaml").splitlines()[:3]) + "\n")
        code, _, errors = self.attempt(daemon)
        self.assertEqual(code, 1)
        for expected in ("pinned_ips/proxy.yaml:5:9: error: ", "zones/example.net.zone:14:5: error: ",
                         "dnsd: nothing is served: 2 errors"):
            self.assertIn(expected, errors)

    def test_a_damaged_feed_state(self):
        daemon = self.daemon()
        daemon.stop()
        daemon.path("state/feed.json").write_text("{", encoding="utf-8")
        code, _, errors = self.attempt(daemon)
        self.assertEqual(code, 1)
        self.assertIn("state/feed.json", errors)

    # ---- the command line

    def test_usage(self):
        daemon = self.folder()
        for arguments in (["--config", "dnsd.yaml", "--nope"], ["--config", "dnsd.yaml", "surplus"], ["--config"], []):
            code, _, errors = self.attempt(daemon, command=[DNSD, *arguments])
            self.assertEqual(code, 2, arguments)
            self.assertTrue(errors)
        self.assertIn("--nope", self.attempt(daemon, "--nope")[2])

    def test_version_and_help(self):
        daemon = self.folder()
        code, output, _ = self.attempt(daemon, command=[DNSD, "--version"])
        self.assertEqual(code, 0)
        self.assertRegex(output, r"^dnsd \d+\.\d+\.\d+\n$")
        code, output, _ = self.attempt(daemon, command=[DNSD, "--help"])
        self.assertEqual(code, 0)
        for option in ("--config", "--check", "--version"):
            self.assertIn(option, output)

    def test_check(self):
        daemon = self.folder()
        self.assertEqual(self.attempt(daemon, "--check"), (0, "", "dnsd.yaml: 0 errors, 0 warnings\n"))
        self.assertFalse(daemon.path("state").exists())  # it looks and touches nothing
        self.assertEqual(self.attempt(daemon, command=[DNSD, "--config", "nothing.yaml", "--check"]),
                         (1, "", "nothing.yaml: error: cannot open nothing.yaml: No such file or directory\n"
                                 "nothing.yaml: 1 error, 0 warnings\n"))

    def test_check_beside_a_running_one(self):
        daemon = self.daemon()
        self.assertEqual(self.attempt(daemon, "--check")[0], 0)
        self.assertTrue(daemon.control("status"))

    # ---- the end

    def ends_within(self, daemon, number, seconds=3.0):
        process, daemon.process = daemon.process, None
        began = time.monotonic()
        process.send_signal(number)
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertLess(time.monotonic() - began, seconds)

    def test_signals_end_it_in_order(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = self.daemon(workers=4)
            self.assertEqual(daemon.ask("www.api.example.com.").rcode, "NOERROR")
            self.ends_within(daemon, number)
            self.assertEqual(sorted(os.listdir(daemon.path("state"))), ["daemon.lock", "feed.json", "ledger.db", "ledger.head"])
            daemon.start()  # the ports are free at once
            self.assertEqual(daemon.ask_tcp("www.api.example.com.").rcode, "NOERROR")

    def test_the_end_with_open_connections(self):
        """TCP clients in the middle of something do not hold it up."""
        daemon = self.daemon(workers=2)
        clients = [self.enterContext(daemon.tcp()) for _ in range(20)]
        for client in clients:
            client.socket.sendall(b"\0")
        self.ends_within(daemon, signal.SIGTERM, 7.0)

    def test_after_kill_nothing_is_in_the_way(self):
        daemon = self.daemon()
        process, daemon.process = daemon.process, None
        process.kill()
        process.wait()
        self.assertTrue(daemon.path("state/control.sock").exists())
        daemon.start()
        self.assertEqual(daemon.ask("www.api.example.com.").rcode, "NOERROR")

    def test_sockets_are_what_was_asked_for(self):
        daemon = self.daemon(workers=3)
        found = [line for line in run("ss", "-Hlnptu").splitlines() if f"pid={daemon.process.pid}," in line]
        local = [line.split()[4] for line in found]
        for address in ([f"127.0.0.1:{daemon.port}", f"[::1]:{daemon.port}"])[:len(LOOPBACKS)]:
            self.assertEqual(local.count(address), 6)  # UDP and TCP of each worker
        self.assertEqual(len(local), 6 * len(LOOPBACKS) + 1)  # and HTTP

    def test_json_log(self):
        daemon = self.folder(settings="log: {format: json}")
        with open(daemon.log_file, "w", encoding="utf-8") as log:
            process = start(daemon.command(), cwd=daemon.folder, stdout=log, stderr=log)
        wait_for(lambda: "is in service" in daemon.log(), "a log")
        self.assertEqual(end(process), 0)
        for line in daemon.log().splitlines():
            self.assertIsInstance(json.loads(line), dict)


if __name__ == "__main__":
    main()
