"""Runs a generator on core 1 against a server on core 0: what it found out, and the CPU time that the server took."""
import os
import statistics
import subprocess
import sys

from building import BIN
from servers import ADDRESS
from support import tool

CORE = "1"


def need_two_cores():
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("this takes two cores, one for the server and one for the load")


def command(server, queries, seconds, options=(), transport="udp"):
    return [tool("taskset"), "-c", CORE, BIN / f"{transport}load", ADDRESS, str(server.port), queries, str(seconds),
            *map(str, options), *(["-x"] if server.name == "echo" else [])]


def parse(line):
    return {key: float(value) for key, value in (word.split("=") for word in line.split())}


def load(server, queries, seconds, options=(), transport="udp"):
    """Figures of one run; cpu_ns is CPU time of the server, an answer each, user_ns and sys_ns its parts."""
    before = server.cpu_ns()
    done = subprocess.run(command(server, queries, seconds, options, transport), capture_output=True, text=True, check=False)
    if not done.stdout:
        raise AssertionError(f"{server.name}: the generator said {done.stderr}")
    figures = parse(done.stdout)
    after = server.cpu_ns()
    user, system, together = (b - a for a, b in zip(before, after))
    figures["cpu_ns"] = together / max(figures["answered"], 1)
    figures["user_ns"] = figures["cpu_ns"] * user / max(user + system, 1)
    figures["sys_ns"] = figures["cpu_ns"] - figures["user_ns"]
    return figures


def medians(rounds):
    """Of the rounds of one server. What was lost or wrong adds up: no round may hide it."""
    return {key: sum(r[key] for r in rounds) if key in ("lost", "wrong", "answered", "sent")
            else statistics.median(r[key] for r in rounds) for key in rounds[0]}


def is_valid(figures):
    """A figure with loss is no figure."""
    return figures["lost"] + figures["wrong"] == 0
