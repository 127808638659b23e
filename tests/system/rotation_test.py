#!/usr/bin/env python3
"""us-street: 40 load balancers behind one name, 8 in an answer, each in exactly its share of the answers."""
import collections
import re

import dns_message
from support import LOOPBACKS, SystemTest, UdpClient, main, run

NAME = "us-street.api.example.com."
QUERIES = 1000
CAP = 8
MEMBERS = {"A": {f"198.51.100.{n}" for n in range(1, 41)}, "AAAA": {f"2001:db8:100::{n}" for n in range(1, 41)}}
SHARE = QUERIES * CAP / 40
SLACK = SHARE * 0.02


class Rotation(SystemTest):
    def judge(self, answers, rrtype):
        """`answers`: lists of addresses, in the order they came."""
        self.assertEqual(len(answers), QUERIES)
        for addresses in answers:
            self.assertEqual(len(addresses), CAP)
            self.assertEqual(len(set(addresses)), CAP)
        counts = collections.Counter(address for addresses in answers for address in addresses)
        self.assertEqual(set(counts), MEMBERS[rrtype])
        off = {address: n for address, n in counts.items() if abs(n - SHARE) > SLACK}
        self.assertEqual(off, {}, f"more than 2 % off {SHARE:.0f}")

    def judge_runs(self, answers, rrtype):
        """5 answers are a turn, in which each member stands once. Where a turn begins is drawn, so that answers do not come
        round in step with whoever asks: any 9 in a row hold a whole turn."""
        for i in range(len(answers) - 8):
            shown = set().union(*answers[i:i + 9])
            self.assertEqual(shown, MEMBERS[rrtype], f"answers {i} to {i + 8}")
        turns = [[address for answer in answers[i:i + 5] for address in answer] for i in range(0, QUERIES, 5)]
        self.assertTrue(all(sorted(turn) == sorted(MEMBERS[rrtype]) for turn in turns), "turns from the first answer on")
        first = collections.Counter(answer[0] for answer in answers)
        self.assertEqual(set(first.values()), {QUERIES // 40}, "each comes first as often as the others")

    def batch(self, daemon, rrtype):
        """A file of 1,000 questions, as dig -f reads it."""
        daemon.write("queries", f"{NAME} {rrtype}\n" * QUERIES)
        return daemon.path("queries")

    def by_dig(self, daemon, rrtype, *options):
        output = run("dig", f"@{LOOPBACKS[0]}", "-p", daemon.port, "+norecurse", "+noall", "+comments", "+answer",
                     "+stats", *options, "-f", self.batch(daemon, rrtype))
        answers = []
        for part in output.split(";; Got answer:")[1:]:
            self.assertIn("status: NOERROR", part)
            self.assertRegex(part, r"flags: qr aa;")  # no tc
            answers.append(re.findall(rf"^\S+\s+60\s+IN\s+{rrtype}\s+(\S+)$", part, re.M))
        sizes = [int(size) for size in re.findall(r"MSG SIZE  rcvd: (\d+)", output)]
        self.assertEqual(len(sizes), QUERIES)
        return answers, sizes

    def by_sockets(self, daemon, rrtype, clients):
        """The questions in turn from several sockets, which the kernel spreads over the workers."""
        sockets = [self.enterContext(UdpClient(daemon.port, LOOPBACKS[i % len(LOOPBACKS)])) for i in range(clients)]
        answers = []
        for i in range(QUERIES):
            message = sockets[i % clients].ask(NAME, rrtype)
            self.assertLessEqual(len(message.octets), 512)
            self.assertEqual(message.flags, dns_message.QR | dns_message.AA)
            answers.append(message.data(rrtype))
        return answers

    def test_one_worker_by_dig_without_edns(self):
        daemon = self.daemon(workers=1)
        for rrtype in MEMBERS:
            answers, sizes = self.by_dig(daemon, rrtype, "+noedns")
            self.judge(answers, rrtype)
            self.judge_runs(answers, rrtype)
            self.assertLessEqual(max(sizes), 512)

    def test_one_worker_by_dig_with_edns(self):
        answers, sizes = self.by_dig(self.daemon(workers=1), "A", "+bufsize=1232", "+nocookie")
        self.judge(answers, "A")
        self.judge_runs(answers, "A")
        self.assertLessEqual(max(sizes), 512)

    def test_one_worker_by_kdig(self):
        daemon = self.daemon(workers=1)
        output = "".join(run("kdig", f"@{LOOPBACKS[0]}", "-p", daemon.port, "+noall", "+header", "+answer",
                             *[word for _ in range(100) for word in ("-q", NAME, "-t", "A")]) for _ in range(10))
        answers = [re.findall(r"\sIN\s+A\s+(\S+)$", part, re.M) for part in output.split("->>HEADER<<-")[1:]]
        self.judge(answers, "A")
        self.judge_runs(answers, "A")

    def test_one_worker_over_tcp(self):
        """One connection, 1,000 questions: TCP takes part in the same rotation."""
        daemon = self.daemon(workers=1)
        answers = []
        with daemon.tcp() as client:
            for _ in range(QUERIES):
                client.send(dns_message.query(NAME, "A"))
                answers.append(client.message().data("A"))
        self.judge(answers, "A")
        self.judge_runs(answers, "A")

    def test_two_families_do_not_disturb_each_other(self):
        """Resolvers ask for A and AAAA in turns; each family has to turn by itself."""
        daemon = self.daemon(workers=1)
        answers = {"A": [], "AAAA": []}
        with UdpClient(daemon.port) as client:
            for _ in range(QUERIES):
                for rrtype, list_ in answers.items():
                    list_.append(client.ask(NAME, rrtype).data(rrtype))
        for rrtype, list_ in answers.items():
            self.judge(list_, rrtype)
            self.judge_runs(list_, rrtype)

    def test_several_workers(self):
        """Each worker turns by itself, so that the shares stay exact in all."""
        daemon = self.daemon(workers=4)
        for rrtype in MEMBERS:
            self.judge(self.by_sockets(daemon, rrtype, clients=20), rrtype)

    def test_servers_and_restarts_begin_anywhere(self):
        """A pool of 40 has 5 answers with 8 orders each: five servers that began alike would be no accident."""
        begun = set()
        for _ in range(5):
            daemon = self.daemon(workers=1)
            with UdpClient(daemon.port, LOOPBACKS[0]) as client:
                begun.add(tuple(client.ask(NAME, "A").data("A")))
        self.assertGreater(len(begun), 1)


if __name__ == "__main__":
    main()
