"""What tests/bench/many_connections and tests/bench/slow_http share: a server, clients, a table."""
import contextlib
import os
import pathlib
import resource
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
# pylint: disable=wrong-import-position
from support import Daemon, start

SERVER_CORE, CLIENT_CORE = "0", "1"
WAKING = {"server core": SERVER_CORE, "client core": CLIENT_CORE}
WAKING_TITLES = {"server core": "waking up on dnsd's core", "client core": "waking up on the clients' core"}


def raise_descriptors(wanted):
    """Of this process and all it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
        except (ValueError, OSError):
            sys.exit(f"{wanted} descriptors are needed, {hard} are allowed: ulimit -Hn, or run it as root")
    elif soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def give_priority(process, priority):
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(priority))


class CrowdedDaemon(Daemon):
    """With what the kernel says of its process."""

    def rss(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024

    def cpu(self):
        words = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return sum(map(int, words[11:13])) / os.sysconf("SC_CLK_TCK")


def on_core(core, script, *arguments):
    return start(["taskset", "-c", core, sys.executable, "-B", HERE / script, *arguments],
                 stdout=subprocess.PIPE, text=True)


def print_heading():
    print(f"{'':46}{'answered':>10}{'failed':>8}{'p50 µs':>10}{'p99 µs':>10}{'p99.9 µs':>10}{'max µs':>10}")


def print_row(title, figures):
    quantiles = "".join(f"{figures[name] * 1e6:>10.0f}" for name in ("p50", "p99", "p999", "max"))
    print(f"{title:46}{figures['answered']:>10}{figures['failed']:>8}{quantiles}")
