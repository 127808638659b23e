#!/usr/bin/env python3
"""Every name of the examples by everybody: five clients, through four resolvers, beside what dnsd says itself.

The questions are taken from the example zones: each name with each of its types, with A and AAAA, with a type that it
does not have; a name below each wildcard and each DNAME; a name that is not there. What a client shows of the answer
through a resolver must be what the same client shows of dnsd's own, but that a pool turns.
Runs in a network of its own (own_network.py).
"""
import collections
import concurrent.futures
import json
import re

import dns_message
import own_network
import support
from other_resolvers import RESOLVERS, ZONES
from own_network import resolve_by
from support import SystemTest, run

Question = collections.namedtuple("Question", "name type")

# ---- clients ---------------------------------------------------------------------------------------------------------
# Each gives {Question: set of (owner, type, data)} for questions asked at an address and port; but for delv, which does
# not tell it, the RCODE is one of them.


def record(line):
    """A record as a client shows it, without its TTL; None where the line is none."""
    found = re.match(r"^([^;\s]\S*)\s+\d+\s+IN\s+(\S+)\s+(.+?)\s*$", line)
    return (found[1].lower(), found[2], re.sub(r"\s+", " ", found[3])) if found else None


def records(lines):
    return set(filter(None, map(record, lines)))


def in_one_run(output, questions):
    """Of a client that was given all questions: before each answer it shows the header and the question."""
    answers, about, rcode = {}, None, ""
    for line in output.splitlines():
        if header := re.match(r"^;; ->>HEADER<<-.* status: (\w+)", line):
            rcode = header[1]
        elif question := re.match(r"^;;? ?([^;\s]+)\s+IN\s+(\S+)$", line):
            about = Question(question[1].lower(), question[2])
            answers[about] = {("", "RCODE", rcode)}
        elif found := record(line):
            answers[about].add(found)
    if set(answers) != set(questions):
        raise AssertionError(f"not answered: {set(questions) - set(answers)}")
    return answers


def dig(at, port, questions):
    batch = "".join(f"{name} {rrtype}\n" for name, rrtype in questions)
    return in_one_run(run("dig", f"@{at}", "-p", port, "+noall", "+comments", "+question", "+answer", "-f", "-", input=batch),
                      questions)


def kdig(at, port, questions):
    words = [word for question in questions for word in question]
    return in_one_run(run("kdig", f"@{at}", "-p", port, "+noall", "+header", "+question", "+answer", *words), questions)


def one_by_one(ask, questions):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return dict(zip(questions, pool.map(ask, questions)))


def drill(at, port, questions):
    def ask(question):
        output = run("drill", f"@{at}", "-p", port, question.name, question.type)
        answer = output.split(";; ANSWER SECTION:", 1)[1].split(";; AUTHORITY SECTION:", 1)[0]
        return records(answer.splitlines()) | {("", "RCODE", re.search(r"rcode: (\w+)", output)[1])}
    return one_by_one(ask, questions)


def delv(at, port, questions):
    """It asks on by itself where an alias leads on."""
    def ask(question):
        return records(run("delv", f"@{at}", "-p", port, "-i", question.name, question.type, check=False).splitlines())
    return one_by_one(ask, questions)


# ---- what the examples have -----------------------------------------------------------------------------------------


class Example:
    """The example zones as zone-edit lists them, and what dnsd answers for them."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.pools = {name: pool for pool in self.listed("pool", "list")["pools"] for name in pool["names"]}
        sets = {entry["set"]: {address for e in entry["entries"] if e["state"] == "active" for address in e["addresses"]}
                for entry in self.listed("pin", "list")["sets"]}
        self.pinned = {f"{name}.{zone}.": sets[pinned] for zone in ZONES for name, pinned in
                       re.findall(r"^  (\S+): *\{pinned: (\w+)\}", daemon.read(f"zones/{zone}.yaml"), re.M)}
        self.there = set()  # questions that the zone has records for
        self.questions = sorted(self.candidates())

    def listed(self, *words):
        done = support.subprocess.run([support.BIN / "zone-edit", "--config", "dnsd.yaml", "--json", *words], check=True,
                                      cwd=self.daemon.folder, capture_output=True, text=True, timeout=30)
        return json.loads(done.stdout)

    def candidates(self):
        """Each name with its types, addresses, and a type that none of them has."""
        for zone in ZONES:
            for found in self.listed("record", "list", zone)["records"]:
                name = re.sub(r"^\*\.", "any.", found["name"])
                self.there.add(Question(name, found["type"]))
        self.there = {question for question in self.there if self.is_ours(question.name)}
        shaped = {Question(name, rrtype) for name in self.pools for rrtype in ("A", "AAAA")}
        self.there |= {question for question in shaped if self.pool_of(question)[0]}
        self.there |= {Question(name, "AAAA" if ":" in address else "A") for name, addresses in self.pinned.items()
                       for address in addresses}
        names = {question.name for question in self.there} | {f"nosuch.{zone}." for zone in ZONES}
        names |= {f"below.{name}" for name, rrtype in self.there if rrtype == "DNAME"}
        return self.there | {Question(name, rrtype) for name in names for rrtype in ("A", "AAAA", "LOC")}

    def is_ours(self, name):
        """Not delegated to servers that are not in this network."""
        return bool(self.daemon.ask(name).flags & dns_message.AA)

    def pool_of(self, question):
        """(how many addresses an answer has, those that it may have); None where the name has no pool."""
        if question.name not in self.pools or question.type not in ("A", "AAAA"):
            return None
        pool = self.pools[question.name]
        members = {member["address"] for member in pool["members"]
                   if member["handed_out"] and (":" in member["address"]) == (question.type == "AAAA")}
        return min(pool["cap"], len(members)), members


def followed(direct, question, goes_on):
    """What is expected of a resolver: dnsd's answer, and where an alias leads to another zone that one's too."""
    found = direct[question]
    if goes_on and question.type != "CNAME":
        owners = {owner for owner, _, _ in found}
        for _, rrtype, target in sorted(found):
            if rrtype == "CNAME" and target not in owners and (on := Question(target, question.type)) in direct:
                return {entry for entry in found if entry[1] != "RCODE"} | direct[on]
    return found


def without_dname(question, answer):
    """A resolver may keep the CNAME that was made of a DNAME, and not the DNAME."""
    return {entry for entry in answer if entry[1] != "DNAME" or question.type == "DNAME"}


class Resolvers(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.share(workers=1)
        cls.example = Example(cls.dnsd)
        for at, running, _ in RESOLVERS.values():
            cls.enterClassContext(running(at, cls.dnsd))

    def test_the_examples_are_not_empty(self):
        self.assertGreater(len(self.example.questions), 100)
        self.assertEqual(len(self.example.pools), 2)
        self.assertEqual(len(self.example.pinned), 1)

    def test_dnsd_by_dig_has_everything(self):
        """What is compared with below is right: no question without its records, pools and sets as listed."""
        direct = dig("127.0.0.1", self.dnsd.port, self.example.questions)
        for question in self.example.questions:
            types = {rrtype for _, rrtype, _ in direct[question]}
            if question in self.example.there:
                self.assertIn(question.type, types, question)
            self.check_addresses(question, direct[question])
            rcode = "NXDOMAIN" if question.name.startswith(("nosuch.", "below.")) else "NOERROR"
            self.assertIn(("", "RCODE", rcode), direct[question], question)

    def check_addresses(self, question, answer):
        """Of a name with a pool or a pinned set; whether it is one with a pool."""
        data = [data for _, rrtype, data in answer if rrtype == question.type]
        if pool := self.example.pool_of(question):
            self.assertEqual(len(data), pool[0], question)
            self.assertLessEqual(set(data), pool[1], question)
        elif question.type == "HTTPS" and question.name in self.example.pools:
            self.check_hints(question, data)
            return True
        elif question.name in self.example.pinned and question.type in ("A", "AAAA"):
            wanted = {a for a in self.example.pinned[question.name] if (":" in a) == (question.type == "AAAA")}
            self.assertEqual(set(data), wanted, question)
        return pool is not None

    def check_hints(self, question, data):
        """They follow the pool: each answer has others."""
        self.assertEqual(len(data), 1, question)
        for key, rrtype in (("ipv4hint", "A"), ("ipv6hint", "AAAA")):
            size, members = self.example.pool_of(Question(question.name, rrtype))
            hints = re.search(rf'{key}="?([^" ]+)', data[0])[1].split(",")
            self.assertEqual(len(set(hints)), size, question)
            self.assertLessEqual(set(hints), members, question)

    def compare(self, client, questions):
        """One client, through all resolvers."""
        direct = client("127.0.0.1", self.dnsd.port, questions)
        for resolver, (at, _, goes_on) in RESOLVERS.items():
            through = client(at, 53, questions)
            for question in questions:
                with self.subTest(resolver, question=question):
                    if not self.check_addresses(question, through[question]):
                        self.assertEqual(without_dname(question, through[question]),
                                         without_dname(question, followed(direct, question, goes_on)))

    def test_by_dig(self):
        self.compare(dig, self.example.questions)

    def test_by_kdig(self):
        self.compare(kdig, self.example.questions)

    def test_by_drill(self):
        """What is there: it is one process a question."""
        self.compare(drill, sorted(self.example.there))

    def test_by_delv(self):
        """Each question through one of the resolvers in turn, and one name of those that a $GENERATE line numbers: it takes
        a tenth of a second of work for every question. It writes records as dig does."""
        one_each = {(re.sub(r"\d+", "", name), rrtype): Question(name, rrtype) for name, rrtype in sorted(self.example.there)}
        direct = dig("127.0.0.1", self.dnsd.port, self.example.questions)
        for turn, (resolver, (at, _, _)) in enumerate(RESOLVERS.items()):
            questions = list(one_each.values())[turn::len(RESOLVERS)]
            through = delv(at, 53, questions)
            for question in questions:
                with self.subTest(resolver, question=question):
                    if not self.check_addresses(question, through[question]):
                        wanted = {entry for entry in followed(direct, question, True) if entry[1] != "RCODE"}
                        self.assertEqual(without_dname(question, through[question]), without_dname(question, wanted))

    def test_by_getent(self):
        """As applications ask: each name that has addresses, one family at a time."""
        aliases = {name for name, rrtype in self.example.there if rrtype == "CNAME"}
        questions = [question for question in self.example.questions if question.type in ("A", "AAAA") and
                     (question in self.example.there or question.name in aliases or question.name.startswith("nosuch."))]
        direct = dig("127.0.0.1", self.dnsd.port, questions)
        for resolver, (at, _, goes_on) in RESOLVERS.items():
            resolve_by(at)
            for question in questions:
                with self.subTest(resolver, question=question):
                    database = "ahostsv4" if question.type == "A" else "ahostsv6"
                    lines = run("getent", database, question.name, check=False).splitlines()
                    found = {line.split()[0] for line in lines if not line.startswith("::ffff:")}  # those stand for IPv4
                    answer = {(question.name, question.type, address) for address in found}
                    if not self.check_addresses(question, answer):
                        wanted = {data for _, rrtype, data in followed(direct, question, goes_on) if rrtype == question.type}
                        self.assertEqual(found, wanted)


if __name__ == "__main__":
    own_network.main(__file__, RESOLVERS["unbound"][0])
