#!/usr/bin/env python3
"""Sockets and cores: workers that stay on theirs, what the kernel does not grant, what it drops."""
import os
import pathlib
import signal
import socket
import subprocess

import dns_message
from support import PATIENCE, Daemon, SystemTest, main, tool, wait_for

CORES = sorted(os.sched_getaffinity(0))


class Sockets(SystemTest):
    def folder(self, **options):
        daemon = Daemon(**options)
        self.addCleanup(daemon.remove)
        return daemon

    def failure(self, daemon, prefix=()):
        """What dnsd says when it refuses to start."""
        done = subprocess.run([*prefix, *daemon.command()], cwd=daemon.folder, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        return done.stderr

    @staticmethod
    def cores_of_workers(daemon):
        """Of each worker's thread the cores it may use, by its name."""
        found = {}
        for task in pathlib.Path(f"/proc/{daemon.process.pid}/task").iterdir():
            name = (task / "comm").read_text().strip()
            if name.startswith("worker-"):
                found[name] = os.sched_getaffinity(int(task.name))
        return found

    def test_workers_stay_on_their_cores(self):
        listed = list(reversed(CORES[:2]))
        daemon = self.daemon(workers="auto", settings=f"pin_workers: {listed}")
        self.assertEqual(self.cores_of_workers(daemon), {f"worker-{i}": {core} for i, core in enumerate(listed)})
        for i in range(30):
            core = listed[i % len(listed)]
            os.sched_setaffinity(0, {core})  # the loopback delivers on the core that sends
            self.addCleanup(os.sched_setaffinity, 0, set(CORES))
            self.assertEqual(daemon.ask("www.api.example.com.").rcode, "NOERROR")
        transport = daemon.control("status")["transport"]
        share = 30 // len(listed)
        self.assertEqual(transport["steering"], "core")
        self.assertEqual(transport["workers"], [{"worker": i, "core": core, "udp_queries": share}
                                                for i, core in enumerate(listed)])

    def test_pinned_as_they_come(self):
        daemon = self.daemon(workers=1, settings="pin_workers: auto\nsteering: flow")
        self.assertEqual(self.cores_of_workers(daemon), {"worker-0": {CORES[0]}})
        self.assertEqual(daemon.control("status")["transport"]["steering"], "flow")

    def test_a_core_that_cannot_be_had(self):
        daemon = self.folder(workers="auto", settings="pin_workers: [4000]")
        self.assertIn("dnsd: pin_workers: core 4000 does not exist", self.failure(daemon))
        self.assertGreater(len(CORES), 1, "this test needs two cores")
        daemon = self.folder(workers="auto", settings=f"pin_workers: [{CORES[1]}]")
        confined = [tool("taskset"), "-c", str(CORES[0])]
        self.assertIn(f"pin_workers: core {CORES[1]} may not be used: this process is kept to {CORES[0]} ",
                      self.failure(daemon, confined))
        daemon = self.folder(workers=2, settings="pin_workers: auto")
        self.assertIn("a core for each of 2 workers, but only 1 may be used", self.failure(daemon, confined))

    def test_what_is_not_granted_is_warned_of(self):
        asked = 1 << 30
        settings = f"udp: {{receive_buffer: {asked}, busy_poll: 10000}}"
        daemon = self.folder(settings=settings)
        drop = [tool("setpriv"), "--bounding-set=-net_admin", "--inh-caps=-net_admin"] if os.geteuid() == 0 else []
        daemon.start(prefix=drop)
        self.addCleanup(daemon.stop)
        self.assertIn(f"`sysctl -w net.core.rmem_max={asked}` and restart", daemon.log())
        granted = daemon.control("status")["transport"]["sockets"][0]
        self.assertEqual(granted["receive_buffer_asked"], asked)
        self.assertLess(granted["receive_buffer"], asked)
        # Kernels differ in whether they let anybody raise this.
        self.assertNotEqual(granted["busy_poll"] == 10000, "udp.busy_poll: the kernel does not grant it" in daemon.log())

    def test_drops_are_counted_and_advised_on(self):
        daemon = self.daemon(settings="udp: {receive_buffer: 65536}")
        daemon.signal(signal.SIGSTOP)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            for _ in range(2000):
                client.sendto(dns_message.query("www.api.example.com.", "A"), ("127.0.0.1", daemon.port))
        daemon.signal(signal.SIGCONT)
        status = wait_for(lambda: (s := daemon.control("status"))["queries"]["udp_overflow"] and s, "dropped datagrams")
        dropped = status["queries"]["udp_overflow"]
        self.assertLessEqual(dropped, status["transport"]["kernel"]["receive_buffer_errors"])
        self.assertIn(f"{dropped} datagrams were dropped, since a receive buffer was full: raise udp.receive_buffer",
                      status["transport"]["advice"][0])


if __name__ == "__main__":
    main()
