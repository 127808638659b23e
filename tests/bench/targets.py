"""What dnsd is to reach, and where the figures are that say whether it does: a row a target.

The figures are those that the commands wrote into a folder. A row whose figures are not there says so.
"""
import csv
import dataclasses
import functools
import json
import pathlib
from typing import Callable

HERE = pathlib.Path(__file__).resolve().parent


class Missing(Exception):
    """A figure that nothing has written yet."""


class Figures:
    """What the commands wrote into `folder`."""

    def __init__(self, folder):
        self.folder = folder

    @functools.lru_cache(maxsize=None)
    def rows(self, name):
        path = self.folder / f"{name}.csv"
        if not path.exists():
            raise Missing(path.name)
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def row(self, table, **wanted):
        for row in self.rows(table):
            if all(row[key] == str(value) for key, value in wanted.items()):
                return row
        raise Missing(f"{table}: {wanted}")

    def side(self, scenario, server, column):
        row = self.row("side-by-side", scenario=scenario, server=server)
        if row["valid"] != "yes":
            raise Missing(f"{scenario}, {server}: lost answers")
        return float(row[column])

    def cpu(self, scenario, server):
        return self.side(scenario, server, "user_ns") + self.side(scenario, server, "sys_ns")

    def growth(self, what, line, size, column="ns"):
        return float(self.row("growth", what=what, line=line, size=size)[column])

    def latency(self, what, load, column):
        return float(self.row("latency", what=what, load=load)[column])

    def respond(self, name, column="ns"):
        return float(self.row("respond", name=name)[column])

    def instructions(self, kind):
        return json.loads((HERE / "instructions.json").read_text(encoding="ascii"))[kind]


@dataclasses.dataclass
class Target:
    what: str
    limit: float
    unit: str           # "×" where it is a relation
    command: str
    measure: Callable   # Figures -> number
    at_least: bool = False

    def told(self, number):
        if self.unit == "×":
            return f"{number:.2f}×"
        sign = "+" if self.unit.startswith(" more") else ""
        places = 0 if number == int(number) or abs(number) >= 100 else 1 if abs(number) >= 10 else 2
        return f"{number:{sign},.{places}f}{self.unit.removeprefix(' more')}"

    def row(self, figures):
        """The cells of the table."""
        limit = ("≥ " if self.at_least else "≤ ") + self.told(self.limit)
        try:
            number = self.measure(figures)
        except (Missing, KeyError):
            return [self.what, limit, "not measured", "", f"`{self.command}`"]
        met = number >= self.limit if self.at_least else number <= self.limit
        return [self.what, limit, self.told(number), "yes" if met else "**no**", f"`{self.command}`"]


def ratio(scenario, ours, theirs):
    return lambda f: f.side(scenario, ours, "qps") / f.side(scenario, theirs, "qps")


def beside(scenario, title, ours, least):
    """Rows about answers a second: `least` of them, of each of the others'."""
    return [Target(f"{title}: answers a second, of {other}'s", limit, "×", f"side-by-side --scenarios {scenario}",
                   ratio(scenario, ours, other), True) for other, limit in least.items()]


def count(what, kind, limit):
    return Target(f"{what}: instructions", limit, "", "instructions", lambda f: f.instructions(kind))


def grows(what, only, line, first, last, limit):
    return Target(what, limit, " more ns", f"growth --only {only}",
                  lambda f: f.growth(only, line, last) - f.growth(only, line, first))


def octets_each(only, size):
    """Of memory that a daemon has more with so many than with the fewest."""
    least = {"names": 10, "prefixes": 0}[only]
    def memory(f, of_size):
        return f.growth(only, "daemon and kernel", of_size, "memory")
    return lambda f: (memory(f, size) - memory(f, least)) / size


def flood(kind):
    return Target(f"flood of {kind}: CPU time of a query, of a good one's", 1, "×", "side-by-side --scenarios floods",
                  lambda f: f.cpu("floods", kind) / f.cpu("floods", "good"))


TARGETS = [
    *beside("static", "10,000 names", "dnsd", {"echo": .97, "gdnsd": 1, "NSD": 1.15, "Knot": 1.25, "BIND": 1.9}),
    *beside("rotating", "8 of 40, rotating", "dnsd, 8 of 40", {"echo": .97, "PowerDNS LUA, 8 of 40": 100}),
    *beside("names", "1,000,000 random names", "dnsd", {"echo": .95, "gdnsd": 1.1, "NSD": 1.2, "Knot": 1.4}),
    count("fixed records", "static A", 400),
    count("pool", "pool window 40", 450),
    count("NXDOMAIN", "NXDOMAIN", 500),
    count("pinned client by ECS among 1,000,000 networks", "ecs v4_random_24 1000000 hit", 650),
    grows("pool of 10 to 10,000 members: an answer", "members", "respond()", 10, 10000, 5),
    grows("10 to 1,000,000 names: an answer in a batch", "names", "in batches, there", 10, 1000000, 45),
    grows("0 to 1,000,000 IPv4 networks of clients: an answer in a batch", "prefixes", "in batches, IPv4", 0, 1000000, 10),
    grows("0 to 1,000,000 IPv6 networks of clients: an answer in a batch", "prefixes", "in batches, IPv6", 0, 1000000, 30),
    Target("memory a record, of 1,000,000 names", 90, " octets", "growth --only names", octets_each("names", 1000000)),
    Target("memory a network, of 1,000,000: the table", 24, " octets", "respond build",
           lambda f: max(f.respond(f"build {layout} 1000000", "octets_each")
                         for layout in ("v4_random_24", "v6_random_48", "v6_clustered_56", "v6_hosts_128"))),
    Target("1,000,000 names loaded: CPU time", .7, " s", "side-by-side --scenarios names",
           lambda f: f.side("names", "dnsd", "load_cpu_s")),
    Target("reload each second under 80 % load: queries lost", 0, "", "latency",
           lambda f: f.latency("dnsd, reloads", 80, "lost") + f.latency("dnsd, reloads", 80, "wrong")),
    Target("the same: p99 beyond the echo's", 100, " µs", "latency",
           lambda f: f.latency("dnsd, reloads", 80, "p99_us") - f.latency("echo", 80, "p99_us")),
    Target("a pool of 10,000 changes under 80 % load: until it is answered, p99", 5, " ms", "latency",
           lambda f: float(f.row("pool-changes", load=80, members=10000)["p99_us"]) / 1000),
    Target("80 % load: p50 beyond the echo's", 1, " µs", "latency",
           lambda f: f.latency("dnsd", 80, "p50_us") - f.latency("echo", 80, "p50_us")),
    Target("80 % load: p99, of the echo's", 1.1, "×", "latency",
           lambda f: f.latency("dnsd", 80, "p99_us") / f.latency("echo", 80, "p99_us")),
    Target("signed answer, beside the same without signatures", 25, " more ns", "respond signed",
           lambda f: f.respond("respond signed A") - f.respond("respond signed A, not wanted")),
    Target("one busy peer: CPU time of an answer, of the echo's", .75, "×", "side-by-side --scenarios one-peer",
           lambda f: f.cpu("one-peer", "dnsd") / f.cpu("one-peer", "echo")),
    Target("10,000 peers: queries lost", 0, "", "side-by-side --scenarios many-peers",
           lambda f: float(f.row("side-by-side", scenario="many-peers", server="dnsd")["lost"])),
    *(flood(kind) for kind in ("ANY", "no such name", "not our zone", "garbage, a bad label", "garbage, cut short",
                               "garbage, random")),
]
