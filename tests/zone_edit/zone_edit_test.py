#!/usr/bin/env python3
"""Runs the real zone-edit on copies of tests/zone_edit/data.

usage: zone_edit_test.py PROGRAM [unittest arguments]     UPDATE_GOLDEN=1: write tests/zone_edit/golden anew
"""
import difflib
import fcntl
import hashlib
import importlib.util
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import xml.etree.ElementTree

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = ""
NOW = "2026-11-21T00:00:00Z"
NO_DAEMON = "zone-edit: dnsd is not running: no control socket at state/control.sock; it will serve this when it starts\n"


class FakeDaemon:
    """Answers each request on the control socket with one line, and remembers what it was asked."""

    def __init__(self, folder, answers):
        self.requests = []
        self.answers = answers
        path = folder / "state/control.sock"
        path.parent.mkdir(exist_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(64)
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                request = connection.makefile("r").readline()
                self.requests.append(request)
                answer = self.answers[json.loads(request)["command"]]
                answer = answer() if callable(answer) else answer
                connection.sendall(answer if isinstance(answer, bytes) else json.dumps(answer).encode() + b"\n")


class ZoneEditTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="zone-edit-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name) / "data"
        shutil.copytree(HERE / "data", self.folder)

    def start(self, *arguments, now=NOW, locale="C.UTF-8"):
        environment = {k: v for k, v in os.environ.items() if k not in ("DNSD_CONFIG", "COLUMNS")} | {"LC_ALL": locale}
        return subprocess.Popen([PROGRAM, "--now", now, *arguments], cwd=self.folder, env=environment, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_it(self, *arguments, stdin="", **options):
        """(exit status, standard output, standard error)"""
        process = self.start(*arguments, **options)
        out, err = process.communicate(stdin, timeout=60)
        return process.returncode, out, err

    def done(self, *arguments, err="", **options):
        """The standard output of what must go well."""
        result = self.run_it(*arguments, **options)
        self.assertEqual((result[0], result[2]), (0, err), arguments)
        return result[1]

    def done_json(self, *arguments, **options):
        return json.loads(self.done(*arguments, "--json", **options))

    def refused(self, *arguments, **options):
        """The standard error of what must be refused; nothing on disk may have changed."""
        before = self.files()
        status, out, err = self.run_it(*arguments, **options)
        self.assertEqual((status, out), (1, ""), arguments)
        self.assertEqual(self.files(), before)
        return err

    def wrong_usage(self, *arguments):
        status, out, err = self.run_it(*arguments)
        self.assertEqual((status, out), (2, ""), arguments)
        return err

    def files(self):
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in sorted(self.folder.rglob("*"))
                if p.is_file() and p.name != "edit.lock"}

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def replace(self, name, old, new):
        text = self.read(name)
        self.assertIn(old, text)
        self.write(name, text.replace(old, new))

    def changed_lines(self, name):
        """What differs from the original: the lines of a diff without context."""
        before = (HERE / "data" / name).read_text(encoding="utf-8").splitlines()
        return [line for line in difflib.unified_diff(before, self.read(name).splitlines(), lineterm="", n=0)
                if not line.startswith(("---", "+++", "@@"))]

    def others_unchanged(self, *changed):
        for name, content in self.files().items():
            if name not in changed:
                self.assertEqual(content, (HERE / "data" / name).read_bytes(), name)

    def golden(self, name, text):
        path = HERE / "golden" / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        self.assertEqual(text, path.read_text(encoding="utf-8"), f"golden/{name}")


class Help(ZoneEditTest):
    VERBS = {
        "check": [], "status": [], "reload": [], "schedule": [], "explain": [], "feed": [], "simulate": [],
        "record": ["list", "add", "set", "remove"],
        "pool": ["list", "add", "remove", "drain", "enable"],
        "pin": ["list"],
    }

    def test_overall_help_names_every_verb(self):
        text = self.done("--help")
        for verb in self.VERBS:
            self.assertRegex(text, rf"(?m)^  {verb} +[A-Z]")
        for what in ("Examples:", "Exit status: 0 done; 1 refused", "--config FILE", "--json"):
            self.assertIn(what, text)

    def test_each_verb_has_help_with_examples(self):
        for verb, subs in self.VERBS.items():
            for words in [[verb, sub] for sub in subs] or [[verb]]:
                text = self.done(*words, "--help")
                self.assertIn("Usage: zone-edit " + " ".join(words), text)
                self.assertRegex(text, r"\nExamples?:\n  zone-edit ", words)
                self.assertIn("zone-edit " + " ".join(words), text.split("Example")[-1])
                self.assertLessEqual(max(map(len, text.splitlines())), 122, words)
            if subs:
                text = self.done(verb, "--help")
                for sub in subs:
                    self.assertRegex(text, rf"(?m)^  {sub} +[A-Z]")

    def test_nothing_to_do(self):
        self.assertEqual(self.wrong_usage(), "zone-edit: say what to do; there are check, status, reload, record, pool, pin, ledger, "
                                             "schedule, explain, simulate, feed\nzone-edit --help says more\n")
        self.assertEqual(self.wrong_usage("pin"), "zone-edit pin: say what to do; there are list, announce, retire, postpone, cancel, revoke, "
                                                  "waive, client, import\nzone-edit pin --help says more\n")

    def test_a_verb_that_does_not_exist(self):
        self.assertEqual(self.wrong_usage("pol"),
                         "zone-edit: there is no 'pol'; did you mean 'pool'?\nzone-edit --help says more\n")
        self.assertEqual(self.wrong_usage("pool", "enabel", "x"),
                         "zone-edit pool: there is no 'enabel'; did you mean 'enable'?\nzone-edit pool --help says more\n")
        self.assertEqual(self.wrong_usage("frobnicate"),
                         "zone-edit: there is no 'frobnicate'; there are check, status, reload, record, pool, pin, ledger, schedule, "
                         "explain, simulate, feed\nzone-edit --help says more\n")

    def test_an_argument_is_missing(self):
        self.assertEqual(self.wrong_usage("explain", "example.com"),
                         "zone-edit explain: TYPE is required\nzone-edit explain --help says more\n")

    def test_config_comes_from_the_environment_too(self):
        run = subprocess.run([PROGRAM, "--now", NOW, "check"], cwd="/", text=True, capture_output=True, check=False,
                             env={**os.environ, "DNSD_CONFIG": str(self.folder / "dnsd.yaml")})
        self.assertEqual((run.returncode, run.stdout[:22]), (0, "0 errors, 2 warnings: "))

    def test_a_configuration_that_is_not_there(self):
        for words in (["check"], ["pool", "list"], ["status"], ["reload"], ["pool", "drain", "street", "198.51.100.1"]):
            status, _, err = self.run_it("--config", "none.yaml", *words)
            self.assertEqual(status, 1, words)
            self.assertIn("none.yaml: error: cannot open none.yaml: No such file or directory\n", err)


class Check(ZoneEditTest):
    def test_good(self):
        self.replace("zones/example.com.yaml", "members: [{address: 198.51.100.129, state: drain}]",
                     "members: [{address: 198.51.100.129}]")
        self.write("dnsd.yaml", self.read("dnsd.yaml") + "client_subnet: {policy: ignore}\n")
        self.assertEqual(self.done("check"),
                         "0 errors, 0 warnings: 2 zones with 20 records and 3 pools, 1 pinned set\n")
        self.assertEqual(self.done_json("check"), {"ok": True, "errors": 0, "warnings": 0, "defects": []})

    def test_warnings(self):
        status, out, err = self.run_it("check")
        self.assertEqual((status, out), (0, "0 errors, 2 warnings: 2 zones with 20 records and 3 pools, 1 pinned set\n"))
        self.golden("check_warnings.txt", err)

    def break_three_files(self):
        self.replace("zones/example.com.yaml", "cap: 4", "cap: 40")
        self.replace("zones/other.example.zone", "www  A   203.0.113.80", "www  A   203.0.113.800")
        self.replace("pinned_ips/proxy.yaml", "ttl: 300", "tll: 300")

    def test_every_defect_is_listed_in_one_run(self):
        self.break_three_files()
        err = self.refused("check")
        self.golden("check_broken.txt", err)
        for place in ("zones/example.com.yaml:8:10: error:", "zones/other.example.zone:5:10: error:",
                      "pinned_ips/proxy.yaml:2:1: error:"):
            self.assertIn(place, err)

    def test_json_of_defects(self):
        self.break_three_files()
        status, out, err = self.run_it("check", "--json")
        found = json.loads(out)
        self.assertEqual((status, err, found["ok"]), (1, "", False))
        self.assertEqual(found["errors"], len(found["defects"]))
        self.assertIn(("error", "zones/other.example.zone", 5, 10),
                      [(d["severity"], d["file"], d["line"], d["column"]) for d in found["defects"]])

    def test_warnings_do_not_count(self):
        self.replace("zones/other.example.yaml", "names:\n  lone: {pool: lone}\n", "")
        status, out, err = self.run_it("check")
        self.assertEqual(status, 0)
        self.assertIn("zones/other.example.yaml:4:3: warning: no name uses the pool 'lone'\n", err)
        self.assertTrue(out.startswith("0 errors, 3 warnings: "), out)

    def test_other_verbs_refuse_a_broken_directory(self):
        self.break_three_files()
        for words in (["pool", "list"], ["pin", "list"], ["schedule"], ["explain", "example.com", "A"], ["feed"],
                      ["record", "list", "example.com"]):
            err = self.refused(*words)
            self.assertIn("zones/other.example.zone:5:10: error:", err)
            self.assertIn("in the data directory, see above\n", err)


class Pin(ZoneEditTest):
    def test_list(self):
        self.golden("pin_list.txt", self.done("pin", "list"))
        self.assertEqual(self.done("pin", "list", "proxy"), self.done("pin", "list"))

    def test_json(self):
        found = self.done_json("pin", "list")
        entries = {e["cidr"]: e for e in found["sets"][0]["entries"]}
        self.assertEqual(entries["203.0.113.7/32"]["state"], "announced")
        self.assertEqual(entries["203.0.113.7/32"]["enabled_at"], "2026-12-24T15:00:00Z")
        self.assertEqual(entries["192.0.2.77/32"]["last_answer_at"], "2027-01-14T09:55:00Z")
        self.assertEqual(entries["203.0.113.64/28"]["state"], "standby")
        self.assertEqual(found["sets"][0]["clients"][1], {"name": "globex", "sources": ["198.18.5.64/26"]})

    def test_states_follow_the_clock(self):
        found = self.done_json("pin", "list", now="2026-12-24T15:00:00Z")
        self.assertEqual([e["state"] for e in found["sets"][0]["entries"]],
                         ["active", "active", "active", "standby", "quarantined", "active"])

    def test_a_set_that_is_not_there(self):
        self.assertEqual(self.refused("pin", "list", "prox"), "zone-edit: there is no pinned set 'prox'\n")


class Schedule(ZoneEditTest):
    def test_table(self):
        self.golden("schedule.txt", self.done("schedule"))

    def test_json_and_pin_list_agree(self):
        first = self.done_json("schedule")["changes"][0]
        self.assertEqual((first["at"], first["cidr"], first["state"], first["in_seconds"]),
                         ("2026-11-21T12:00:00Z", "192.0.2.99/32", "retired", 43200))
        self.assertEqual(first["at"], self.done_json("pin", "list")["sets"][0]["next_change"])

    def test_nothing_is_scheduled(self):
        self.assertEqual(self.done("schedule", now="2030-01-01"), "Nothing is scheduled.\n")
        self.assertEqual(self.done_json("schedule", now="2030-01-01")["changes"], [])


class FeedKey(ZoneEditTest):
    DAY = "2026-12-{:02}T00:00:00Z"

    def states(self, now):
        keys = self.done_json("feed", "key", "list", now=now)["keys"]
        return [(key["created_at"], key["signing"], key["published_until"]) for key in keys]

    def test_without_a_key(self):
        self.assertEqual(self.done("feed", "key", "list"),
                         "The feed is not signed: there is no key. zone-edit feed key new makes one.\n")

    def test_one_key_follows_another(self):
        first, second = self.DAY.format(1), self.DAY.format(5)
        self.assertIn("The feed is signed with it from now on", self.done("feed", "key", "new", now=first))
        self.assertIn("signs from 2026-12-19T00:00:00Z; the one before it stays published until 2027-01-02T00:00:00Z",
                      self.done("feed", "key", "new", now=second))
        until = "2027-01-02T00:00:00Z"
        self.assertEqual(self.states(self.DAY.format(18)), [(first, True, until), (second, False, None)])
        self.assertEqual(self.states(self.DAY.format(19)), [(first, False, until), (second, True, None)])
        self.assertIn("over ", self.done("feed", "key", "list", now=until))

    def test_files_are_those_of_minisign_and_the_secret_one_is_secret(self):
        self.done("feed", "key", "new")
        secret, = (self.folder / "state/feed-keys").glob("*.key")
        self.assertEqual((secret.name, secret.stat().st_mode & 0o7777), ("20261121T000000Z.key", 0o600))
        document = self.folder / "document"
        document.write_text("text\n")
        for command in (("-S", "-s", secret), ("-V", "-p", secret.with_suffix(".pub"))):
            subprocess.run(["minisign", *command, "-m", document], check=True, capture_output=True, timeout=60,
                           stdin=subprocess.DEVNULL)

    def test_no_key_beside_a_broken_one(self):
        self.done("feed", "key", "new")
        (self.folder / "state/feed-keys/20261121T000000Z.key").chmod(0o640)
        self.assertIn("others may read this secret key (mode 0640)", self.refused("feed", "key", "new", now=self.DAY.format(1)))
        self.assertIn("others may read this secret key", self.refused("feed", "key", "list"))

    def test_key_asks_for_what(self):
        self.assertIn("new", self.wrong_usage("feed", "key"))


class Feed(ZoneEditTest):
    FIRST = "zone-edit: dnsd has not served a feed yet: this is what it would be, with the first serial\n"

    def test_before_the_daemon_ran(self):
        document = json.loads(self.done("feed", err=self.FIRST))
        self.assertEqual(document["serial"], 1)
        self.assertEqual(document["generated_at"], NOW)
        self.assertEqual(len(document["entries"]), 6)

    def take_over(self, **more):
        """A ledger with what another feed said of the set."""
        entries = [dict(cidr="192.0.2.8/29", published="2025-12-01", enabled="2026-01-01", retired=None, facility="dfw-1")]
        self.write("seed.json", json.dumps({"serial": 41, "entries": entries} | more))
        os.remove(self.folder / "pinned_ips/proxy.yaml")
        return self.done("pin", "import", "seed.json", "--set", "proxy")

    def test_a_feed_of_before_goes_on(self):
        self.assertIn("1 row of 1 set taken over\n", self.take_over())
        document = json.loads(self.run_it("feed")[1])
        self.assertEqual((document["serial"], document["entries"][0]["published"]), (42, "2025-12-01"))
        self.assertTrue(document["entries"][0]["genesis"])
        self.assertIn("has 3 records already", self.refused("pin", "import", "seed.json", "--set", "proxy"))

    def test_a_feed_without_set_or_entries_is_refused(self):
        self.write("seed.json", '{"entries": [{"cidr": "192.0.2.8/29", "published": "2025-12-01", "enabled": "2026-01-01"}]}')
        self.assertIn("say it with --set", self.refused("pin", "import", "seed.json"))
        self.write("seed.json", '{"entries": [{"cidr": "192.0.2.9/29"}]}')
        self.assertIn('seed.json: entry 1: "cidr": ', self.refused("pin", "import", "seed.json", "--set", "proxy"))

    def test_a_promise_that_was_not_public_long_enough_is_not_taken_over(self):
        self.write("seed.json", json.dumps({"entries": [
            dict(cidr="192.0.2.8/29", published="2026-11-20", enabled="2026-12-01", retired=None, facility="x")]}))
        self.assertIn("enabled 2026-12-01 is less than the notice after published 2026-11-20",
                      self.refused("pin", "import", "seed.json", "--set", "proxy"))

    def test_at_another_moment(self):
        document = json.loads(self.done("feed", "--at", "2026-12-25", err=self.FIRST))
        states = {e["cidr"]: e["state"] for e in document["entries"]}
        self.assertEqual(states["203.0.113.7/32"], "active")
        self.assertIn("there is no feed then", self.refused("feed", "--at", "2026-11-20"))

    def test_schema(self):
        self.assertEqual(json.loads(self.done("feed", "--format", "schema", err=self.FIRST))["$schema"],
                         "https://json-schema.org/draft/2020-12/schema")

    def test_a_format_that_is_not_there(self):
        self.assertIn("--format: there is no format 'xml'; zone-edit feed --help lists them", self.wrong_usage("feed", "--format", "xml"))

    def test_no_entries(self):
        os.remove(self.folder / "pinned_ips/proxy.yaml")
        self.replace("zones/example.com.yaml", ", pinned: proxy}", "}")
        self.replace("zones/example.com.yaml", "  proxy:  {pinned: proxy}\n", "")
        self.assertEqual(self.refused("feed"), "zone-edit: there is no feed then: no pinned set has an entry, and an empty feed "
                                               "would empty firewalls\n")


class Explain(ZoneEditTest):
    def test_pool(self):
        self.golden("explain_pool.txt", self.done("explain", "street.example.com", "A"))
        self.golden("explain_pool.json", self.done("explain", "street.example.com", "A", "--json"))

    def test_pinned_by_the_longest_prefix(self):
        self.golden("explain_pinned.txt", self.done("explain", "street.example.com.", "a", "--client", "198.18.5.66"))
        self.golden("explain_pinned.json", self.done("explain", "street.example.com", "A", "--client", "198.18.5.66", "--json"))
        self.assertIn("198.18.5.1 is in 198.18.5.0/24 of 'acme-bank'",
                      self.done("explain", "street.example.com", "A", "--client", "198.18.5.1"))

    def test_shaping(self):
        """Weights, sites, sticky clients, pages, hints and client subnets, in words."""
        zones = os.path.join(self.folder, "zones")
        with open(os.path.join(zones, "shaped.yaml"), "w") as out:
            out.write("zone: shaped.example\nrecords: shaped.zone\npools:\n"
                      "  heavy:\n    cap: 2\n    members:\n"
                      "      - {address: 203.0.113.101, weight: 9, site: a}\n      - {address: 203.0.113.102, site: b}\n"
                      "      - {address: 203.0.113.103, weight: 2, site: b}\n      - {address: 203.0.113.104, weight: 0, site: a}\n"
                      "  stuck:\n    cap: 2\n    rotation: sticky\n    sticky: {ipv4: 20}\n    members:\n"
                      + "".join(f"      - {{address: 203.0.113.{n}}}\n" for n in range(110, 116)) +
                      "names:\n  heavy: {pool: heavy, pages: true}\n  stuck: {pool: stuck}\n")
        with open(os.path.join(zones, "shaped.zone"), "w") as out:
            out.write("$TTL 300\n@ SOA ns1 host 1 7200 900 1209600 300\n@ NS ns1\nns1 A 192.0.2.1\n"
                      "heavy HTTPS 1 . ipv4hint=192.0.2.9\n")
        questions = [("heavy.shaped.example", "A"), ("heavy.shaped.example", "HTTPS"),
                     ("page-2.heavy.shaped.example", "A"), ("pages.heavy.shaped.example", "TXT"),
                     ("stuck.shaped.example", "A", "--ecs", "198.51.100.0/24"),
                     ("street.example.com", "A", "--client", "192.0.2.1", "--ecs", "198.18.5.64/26"),
                     ("street.example.com", "A", "--ecs", "198.16.0.0/12"),
                     ("street.example.com", "A", "--ecs", "0.0.0.0/0")]
        self.golden("explain_shaping.txt", "".join(
            f"$ explain {' '.join(words)}\n{self.done('explain', *words)}\n" for words in questions))
        found = self.done_json("explain", "stuck.shaped.example", "A", "--ecs", "198.51.100.0/24")
        self.assertEqual(found["response"]["client_subnet_scope"], 20)
        self.assertEqual(found["names"][0]["pool"]["sticky"], {"ipv4": 20, "ipv6": 56})

    def test_ttl_ends_with_the_change(self):
        found = self.done_json("explain", "proxy.example.com", "A", "--at", "2026-12-24T14:59:00Z")
        self.assertEqual({r["ttl"] for r in found["response"]["answer"]}, {60})
        found = self.done_json("explain", "proxy.example.com", "A", "--at", "2026-12-24T15:00:00Z")
        self.assertIn("203.0.113.7", [r["rdata"] for r in found["response"]["answer"]])

    def test_members_and_reasons_agree_with_the_answer(self):
        found = self.done_json("explain", "street.example.com", "A")
        members = found["names"][0]["pool"]["members"]
        handed_out = {m["address"] for m in members if m["handed_out"]}
        self.assertEqual({m["address"]: m["why"] for m in members if not m["handed_out"]},
                         {"198.51.100.3": "drained", "198.51.100.4": "out"})
        answered = {r["rdata"] for r in found["response"]["answer"]}
        self.assertEqual(len(answered), 4)
        self.assertLessEqual(answered, handed_out)

    def test_every_kind_of_match(self):
        questions = [("www.example.com", "A"), ("docs.example.com", "A"), ("docs.example.com", "CNAME"),
                     ("away.example.com", "A"), ("x.y.preview.example.com", "A"), ("preview.example.com", "A"),
                     ("host.lab.example.com", "A"), ("x.old.example.com", "A"), ("nothing.example.com", "A"),
                     ("er.example.com", "TXT"), ("mail.example.com", "AAAA"), ("example.com", "ANY"),
                     ("example.com", "MX"), ("example.org", "A"), ("lone.example.com", "A"), ("lone.example.com", "AAAA")]
        self.golden("explain_matches.txt", "".join(
            f"$ explain {name} {type_}\n{self.done('explain', name, type_)}\n" for name, type_ in questions))

    def test_bad_arguments(self):
        for words, message in (
                (["a..b", "A"], "NAME: an empty label in 'a..b'"),
                (["example.com", "AAAAA"], "TYPE: 'AAAAA' is not a type of records; A, MX, TYPE65280 are"),
                (["example.com", "A", "--client", "1.2.3"], "--client: '1.2.3' is not an IPv4 or IPv6 address"),
                (["example.com", "A", "--at", "2026-02-30"], "--at: "),
                (["example.com", "A", "--ecs", "198.18.5.7/24"], "--ecs: ")):
            self.assertIn("zone-edit explain: " + message, self.wrong_usage("explain", *words))


class Simulate(ZoneEditTest):
    QUICK = ("--seed", "7", "--resolvers", "20", "--queries", "20000", "--clients", "1000")

    def test_a_pool_as_text(self):
        self.golden("simulate.txt", self.done("simulate", "street", *self.QUICK, "--remove", "198.51.100.5"))
        self.golden("simulate_ascii.txt", self.done("simulate", "street", *self.QUICK, locale="C"))

    def test_a_pool_as_json_and_as_a_picture(self):
        text = self.done("simulate", "street", *self.QUICK, "--remove", "198.51.100.5", "--svg", "chart.svg", "--json")
        self.golden("simulate.json", text)
        svg = self.read("chart.svg")
        root = xml.etree.ElementTree.fromstring(svg)
        words = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertIn("Shares of the pool street in example.com.", words)
        self.assertIn("198.51.100.1", words)
        self.assertNotIn("198.51.100.4", words)

    def test_the_seed_decides_everything(self):
        def run(seed):
            return self.done("simulate", "street", "--resolvers", "20", "--queries", "20000", "--seed", seed, "--json")
        self.assertEqual(run("1"), run("1"))
        self.assertNotEqual(json.loads(run("1"))["families"], json.loads(run("2"))["families"])

    def test_a_big_pool_shows_the_extremes(self):
        members = "".join(f"      - {{address: 10.0.{i // 256}.{i % 256}}}\n" for i in range(500))
        self.replace("zones/example.com.yaml", "      - {address: 198.51.100.1, site: dfw, weight: 1}\n", members)
        text = self.done("simulate", "street", *self.QUICK)
        self.assertIn("(466 more)\n", text)
        self.assertEqual(len(re.findall(r"(?m)^  [\d.]+ .*%.*%.*%", text)), 38)
        self.assertEqual(len(self.done_json("simulate", "street", *self.QUICK)["families"][0]["members"]), 504)

    def test_a_weight_that_is_too_large_is_told(self):
        self.replace("zones/example.com.yaml", "weight: 1", "weight: 100")
        self.assertIn("note: 198.51.100.1 (weight 100) stands in every answer, which gives it 25.00%; its weight asks for "
                      "96.15%, more than one place of 4\n", self.done("simulate", "street", *self.QUICK))

    def test_refused(self):
        self.assertIn("there is no pool 'streat'", self.refused("simulate", "streat"))
        self.assertIn("the pool street has no member 192.0.2.1\n", self.refused("simulate", "street", "--remove", "192.0.2.1"))
        self.assertIn("nothing would be left of the pool lone\n",
                      self.refused("simulate", "lone", "--zone", "other.example", "--remove", "203.0.113.200"))

    def test_wrong_usage(self):
        for words, message in (([], "POOL, or --log FILE is required"), (["street", "--log", "x", "--served", "y"], "POOL excludes --log"),
                               (["--log", "x"], "--log requires --served"), (["street", "--resolvers", "0"], "--resolvers: "),
                               (["street", "--remove", "here"], "--remove: 'here' is not an IPv4 or IPv6 address")):
            self.assertIn(message, self.wrong_usage("simulate", *words), words)


class Replay(ZoneEditTest):
    LOG = ("# time client name type\n"
           "2026-11-20T10:00:00Z 192.0.2.201 street.example.com A\n"
           "1795168801.5 192.0.2.201 Street.example.com. A\n"
           "1795168802 192.0.2.202 lone.example.com A\n"
           "1795168803 198.18.5.1 street.example.com A\n"
           "1795168804 192.0.2.202 www.example.com A\n"
           "1795168805 192.0.2.202 docs.example.com A\n"
           "1795168806 192.0.2.203 nothing.example.com A\n"
           "this is no query\n")
    DEFECT = "queries.log:9: 'this' is neither an instant nor seconds since 1970\n"

    def setUp(self):
        super().setUp()
        shutil.copytree(self.folder, self.folder.parent / "served")
        self.write("queries.log", self.LOG)

    def replay(self, *arguments, **options):
        return self.done("simulate", "--log", "queries.log", "--served", "../served/dnsd.yaml", *arguments, **options)

    def edit(self):
        self.replace("zones/example.com.yaml", "198.51.100.2, site: ewr}", "198.51.100.2, site: ewr, state: out}")
        self.replace("zones/example.com.yaml", "street: {pool: street, pinned: proxy}", "street: {pool: street}")
        self.replace("zones/example.com.zone", "www  300 IN A    192.0.2.80", "www  60 IN A    192.0.2.81")

    def test_nothing_changes(self):
        self.assertEqual(self.replay(err=self.DEFECT),
                         "queries.log: 7 queries of 4 clients, 2026-11-20T10:00:00Z to 2026-11-20T10:00:06Z; 1 entry not understood\n"
                         "no change    7 queries of 4 clients\nchange       0 queries of 0 clients\n")

    def test_what_changes_and_who_would_see_it(self):
        self.edit()
        self.golden("replay.txt", self.replay(err=self.DEFECT))
        self.golden("replay.json", self.replay("--json", err=self.DEFECT))

    def test_dnstap(self):
        seeds = importlib.util.spec_from_file_location("make_dnstap", HERE.parent / "fuzz/seeds/make_dnstap.py")
        tap = importlib.util.module_from_spec(seeds)
        seeds.loader.exec_module(tap)
        self.edit()
        source, subnet = bytes([192, 0, 2, 201]), bytes([0, 1, 24, 0, 198, 18, 5])
        messages = [tap.message(tap.AUTH_QUERY, source, tap.query("street.example.com")),
                    tap.message(tap.AUTH_QUERY, source, tap.query("street.example.com", subnet=subnet)),
                    tap.message(tap.AUTH_RESPONSE, source, tap.query("street.example.com")), b"?"]
        (self.folder / "queries.log").write_bytes(tap.stream(messages))
        found = json.loads(self.replay("--json", err="queries.log:4: a frame that is not a dnstap message\n"))
        self.assertEqual((found["queries"], found["clients"], found["defects"], found["other_messages"]), (2, 2, 1, 1))
        self.assertEqual({change["what"][0]: [c["client"] for c in change["busiest_clients"]] for change in found["changes"]},
                         {"other addresses in the pool 'street' of example.com.": ["192.0.2.201"],
                          "moves from the set 'proxy' to the pool 'street' of example.com.": ["198.18.5.0/24 by 192.0.2.201"]})

    def test_nothing_to_read(self):
        self.write("queries.log", "# nothing\n")
        self.assertEqual(self.refused("simulate", "--log", "queries.log", "--served", "../served/dnsd.yaml"),
                         "zone-edit: there is no query in queries.log\n")
        self.assertIn("none.log", self.refused("simulate", "--log", "none.log", "--served", "../served/dnsd.yaml"))
        self.assertIn("none.yaml", self.refused("simulate", "--log", "queries.log", "--served", "none.yaml"))


class Status(ZoneEditTest):
    STATUS = {"version": "0.1.0", "generation": 7, "loaded_at": "2026-11-20T23:00:00Z",
              "zones": [{"zone": "example.com.", "records": 16, "names": 15}],
              "pools": [{"zone": "example.com.", "pool": "street", "ipv4": 5, "ipv6": 1}],
              "next_change": "2026-12-24T15:00:00Z",
              "last_reload": {"ok": False, "at": "2026-11-20T23:59:00Z", "warnings": [],
                              "errors": ["zones/example.com.yaml:8:10: error: cap: '40' is above 20\n    cap: 40\n         ^"]},
              "queries": {"udp": 1000, "tcp": 1, "rcodes": {"NOERROR": 990, "NXDOMAIN": 11}},
              "transport": {"sockets": [{"address": "127.0.0.1:53", "receive_buffer": 212992, "receive_buffer_asked": 4194304,
                                         "send_buffer": 4194304, "send_buffer_asked": 4194304, "busy_poll": 0}],
                            "workers": [{"worker": 0, "core": 1, "udp_queries": 600},
                                        {"worker": 1, "core": None, "udp_queries": 400}],
                            "steering": "core", "kernel": {"in_errors": 7, "receive_buffer_errors": 7},
                            "advice": ["7 datagrams were dropped: raise the buffer"]}}

    def test_status(self):
        with FakeDaemon(self.folder, {"status": self.STATUS}) as daemon:
            self.golden("status.txt", self.done("status"))
            self.assertEqual(self.done_json("status"), self.STATUS)
        self.assertEqual(daemon.requests[0], '{"command":"status"}\n')

    def test_not_running(self):
        reason = "zone-edit: dnsd is not running: no control socket at state/control.sock\n"
        self.assertEqual(self.refused("status"), reason)
        self.assertEqual(self.refused("reload"), reason)
        status, out, err = self.run_it("status", "--json")
        self.assertEqual((status, err, json.loads(out)["ok"]), (1, reason, False))

    def test_a_socket_that_was_left_over(self):
        with FakeDaemon(self.folder, {}):
            pass
        self.assertEqual(self.refused("status"),
                         "zone-edit: dnsd is not running: nobody answers at state/control.sock\n")

    def test_answers_that_make_no_sense(self):
        for answer, reason in ((b"hello\n", "dnsd's answer at state/control.sock is not JSON: is it another version?"),
                               (b"[]\n", "dnsd's answer is not a status: is it another version?"),
                               (b"", "dnsd ended the conversation without an answer at state/control.sock")):
            with FakeDaemon(self.folder, {"status": answer}):
                self.assertEqual(self.refused("status"), f"zone-edit: {reason}\n")
            os.remove(self.folder / "state/control.sock")

    def test_a_long_path(self):
        deep = self.folder / ("d" * 100)
        deep.mkdir()
        for name in ("dnsd.yaml", "zones", "pinned_ips"):
            shutil.move(self.folder / name, deep / name)
        status, _, err = self.run_it("--config", str(deep / "dnsd.yaml"), "status")
        self.assertEqual((status, err), (1, f"zone-edit: dnsd is not running: no control socket at {deep}/state/control.sock\n"))

    def test_reload(self):
        with FakeDaemon(self.folder, {"reload": {"ok": True, "generation": 8, "warnings": ["a.yaml:1: warning: hm"]}}):
            self.assertEqual(self.done("reload", err="a.yaml:1: warning: hm\n"), "dnsd serves generation 8\n")
            self.assertEqual(self.done_json("reload", err="a.yaml:1: warning: hm\n"),
                             {"outcome": "loaded", "generation": 8, "warnings": ["a.yaml:1: warning: hm"], "ok": True})

    def test_reload_that_is_refused(self):
        with FakeDaemon(self.folder, {"reload": {"ok": False, "errors": ["a.yaml:1:2: error: no"]}}):
            self.assertEqual(self.refused("reload"), "a.yaml:1:2: error: no\nzone-edit: dnsd refused its files and goes on "
                                                     "with what it served before\n")


class Record(ZoneEditTest):
    ZONE = "zones/example.com.zone"
    SERIAL = ["-@        IN SOA  ns1 hostmaster ( 2026112001  ; serial",
              "+@        IN SOA  ns1 hostmaster ( 2026112100  ; serial"]

    def edit(self, *words):
        """The sentence that tells what was done; whether it was told that no daemon runs."""
        return self.done("record", *words, err=NO_DAEMON)

    def test_list(self):
        self.golden("record_list.txt", self.done("record", "list", "example.com"))
        self.assertEqual(self.done("record", "list", "example.com", "www", "A"),
                         "NAME              TTL  TYPE  RDATA\nwww.example.com.  300  A     192.0.2.80\n")
        for name in ("www.example.com", "WWW.example.com."):
            self.assertEqual(self.done_json("record", "list", "example.com.", name)["records"],
                             [{"name": "www.example.com.", "ttl": 300, "type": "A", "rdata": "192.0.2.80",
                               "place": "zones/example.com.zone:11"}])
        self.assertEqual(self.done("record", "list", "example.com", "www", "MX"), "No records.\n")

    def test_a_list_of_every_type_reads_back(self):
        sample = (HERE.parent / "zones/samples/all_types.zone").read_text(encoding="utf-8")
        self.write("zones/example.com.yaml", "zone: example.com\nrecords: types.zone\n")

        def listed(master_file):
            self.write("zones/types.zone", master_file)
            records = self.done_json("record", "list", "example.com")["records"]
            return [f"{r['name']} {r['ttl']} {r['type']} {r['rdata']}" for r in records]

        first = listed(sample)
        self.assertGreater(len(first), 100)
        self.assertEqual(listed("\n".join(first) + "\n"), first)

    def test_list_of_a_name_with_a_rule(self):
        self.assertEqual(self.done("record", "list", "example.com", "street", err=(
            "zone-edit: A and AAAA of street.example.com. come from the rule at zones/example.com.yaml:25; "
            "'zone-edit explain' shows them\n")), "No records.\n")

    def test_add(self):
        self.assertEqual(self.edit("add", "example.com", "www", "A", "192.0.2.81"),
                         "www.example.com. A 192.0.2.81 added\n")
        self.assertEqual(self.changed_lines(self.ZONE), self.SERIAL + ["+www  300 IN A    192.0.2.81"])
        self.others_unchanged(self.ZONE)
        self.assertEqual(len(self.done_json("record", "list", "example.com", "www", "A")["records"]), 2)

    def test_add_with_quotes_and_ttl(self):
        self.edit("add", "example.com", "hello", "1h", "IN", "TXT", '"two words"', "more")
        found = self.done_json("record", "list", "example.com", "hello")["records"]
        self.assertEqual([(r["ttl"], r["rdata"]) for r in found], [(3600, '"two words" "more"')])

    def test_add_several(self):
        self.edit("add", "example.com", "@", "MX", "--rdata", "20 ns1", "--rdata", "30 mx3.other.example.")
        found = self.done_json("record", "list", "example.com", "@", "MX")["records"]
        self.assertEqual([r["rdata"] for r in found],
                         ["10 mail.example.com.", "20 ns1.example.com.", "30 mx3.other.example."])

    def test_set(self):
        self.edit("set", "example.com", "@", "MX", "10 ns1")
        self.assertEqual(self.changed_lines(self.ZONE), self.SERIAL + [
            "-         IN MX   10 mail       ; the old one", "+         IN MX   10 ns1       ; the old one"])

    def test_set_to_what_is_there(self):
        before = self.files()
        self.assertEqual(self.done("record", "set", "example.com", "www", "A", "192.0.2.80"),
                         "www.example.com. A 192.0.2.80 set; there was nothing to do\n")
        self.assertEqual(self.files(), before)

    def test_set_the_serial_itself(self):
        self.edit("set", "example.com", "@", "SOA", "ns1 hostmaster 2026120100 7200 900 1209600 300")
        found = self.done_json("record", "list", "example.com", "@", "SOA")["records"]
        self.assertIn(" 2026120100 ", found[0]["rdata"])

    def test_remove(self):
        self.assertEqual(self.edit("remove", "example.com", "docs", "CNAME"), "docs.example.com. CNAME removed\n")
        self.assertEqual(self.changed_lines(self.ZONE), self.SERIAL + ["-docs     IN CNAME www"])

    def test_remove_one_of_several(self):
        self.edit("remove", "example.com", "@", "NS", "ns2.other.example.")
        self.assertEqual(self.changed_lines(self.ZONE), self.SERIAL + ["-         IN NS   ns2.other.example."])

    def test_dry_run(self):
        before = self.files()
        self.golden("record_add_dry_run.txt", self.done("record", "add", "example.com", "new", "60", "A", "192.0.2.1", "--dry-run"))
        found = self.done_json("record", "remove", "example.com", "www", "A", "--dry-run")
        self.assertIn("\n-www  300 IN A    192.0.2.80\n", found["diff"])
        self.assertEqual(self.files(), before)
        self.assertFalse((self.folder / "state").exists())

    def test_json(self):
        self.assertEqual(self.done_json("record", "add", "example.com", "new", "A", "192.0.2.1", err=NO_DAEMON), {
            "ok": True, "done": "new.example.com. A 192.0.2.1 added", "changed": True, "files": [self.ZONE],
            "daemon": {"outcome": "not running",
                       "reason": "dnsd is not running: no control socket at state/control.sock"}})

    def test_refused(self):
        for words, reason in (
                (["add", "example.org", "www", "A", "192.0.2.1"],
                 "zone-edit: there is no zone 'example.org'; did you mean 'example.com'?\n"),
                (["add", "example.com", "www.example.org.", "A", "192.0.2.1"],
                 "zone-edit: www.example.org. is not in the zone example.com.\n"),
                (["remove", "example.com", "www", "MX"], "www.example.com."),
                (["add", "example.com", "www", "A", "192.0.2.80"], "is there already, in zones/example.com.zone:11"),
                (["add", "example.com", "www", "A", "192.0.2.800"], "192.0.2.800"),
                (["remove", "example.com", "agent-1", "A"], "zones/example.com.zone:19")):
            self.assertIn(reason, self.refused("record", *words))

    def test_refused_by_the_check(self):
        err = self.refused("record", "add", "example.com", "street", "A", "192.0.2.1")
        self.assertIn("error: A at street.example.com., whose addresses come from the rule at zones/example.com.yaml:25\n", err)
        self.assertTrue(err.endswith("zone-edit: refused, nothing was written: with this edit there would be 1 error\n"), err)
        self.assertIn("an alias by the CNAME", self.refused("record", "add", "example.com", "docs", "A", "192.0.2.1"))
        self.assertIn("error", self.refused("record", "remove", "example.com", "@", "SOA"))

    def test_defects_that_were_there_before(self):
        self.replace("zones/other.example.zone", "www  A   203.0.113.80", "www  A   203.0.113.800")
        err = self.refused("record", "add", "example.com", "new", "A", "192.0.2.1")
        self.assertIn("zones/other.example.zone:5:10: error:", err)
        self.assertTrue(err.endswith("mend the data directory first, it has 1 error of its own\n"), err)

    def test_an_edit_can_mend(self):
        self.write(self.ZONE, self.read(self.ZONE) + "street IN A 192.0.2.1\n")
        self.assertIn("whose addresses come from the rule", self.refused("check"))
        self.edit("remove", "example.com", "street", "A")
        self.done("check", err=(HERE / "golden/check_warnings.txt").read_text(encoding="utf-8"))

    def test_a_new_warning_is_told_and_does_not_stop(self):
        err = ("zones/example.com.zone:9:10: warning: MX names mx9.example.com., which is in this zone and has no address\n"
               "         IN MX   20 mx9\n         ^\n")
        self.done("record", "add", "example.com", "@", "MX", "20", "mx9", err=err + NO_DAEMON)
        self.edit("add", "example.com", "www", "AAAA", "2001:db8::80")

    def test_wrong_usage(self):
        for words, reason in ((["example.com", "www", "300"], "the type is missing: [TTL] TYPE RDATA"),
                              (["example.com", "www", "300", "A"], "the RDATA is missing: [TTL] TYPE RDATA"),
                              (["example.com", "www", "1y", "A", "192.0.2.1"], "'1y' is not a TTL"),
                              (["example.com", "www", "FOO", "x"], "'FOO' is not a type of records; A, MX, TYPE65280 are"),
                              (["example.com", "www", "AXFR", "x"], "AXFR is a type of questions, not of records")):
            self.assertIn("zone-edit record add: " + reason, self.wrong_usage("record", "add", *words))


class Pool(ZoneEditTest):
    FILE = "zones/example.com.yaml"

    def edit(self, *words, warns="", **options):
        return self.done("pool", *words, err=warns + NO_DAEMON, **options)

    def member(self, pool, address):
        for found in self.done_json("pool", "list", pool)["pools"]:
            for member in found["members"]:
                if member["address"] == address:
                    return member
        return None

    def test_list(self):
        self.golden("pool_list.txt", self.done("pool", "list"))
        self.golden("pool_list.json", self.done("pool", "list", "--zone", "example.com", "--json"))
        self.assertEqual(self.done("pool", "list"), "\n".join(
            [self.done("pool", "list", "street")] + [self.done("pool", "list", "lone")]))

    def test_add(self):
        warning = ("zones/example.com.yaml:19:9: warning: the weight 3 of 198.51.100.8 is too large for the pool 'street' with "
                   "its cap of 4: it stands in every answer, which is 25.0% of the addresses handed out instead of 37.5%\n"
                   "      - address: 198.51.100.8\n        ^\n")
        self.assertEqual(self.edit("add", "street", "198.51.100.8", "--site", "sfo", "--weight", "3", warns=warning),
                         "198.51.100.8 added to the pool street\n")
        self.assertEqual(self.member("street", "198.51.100.8"),
                         {"address": "198.51.100.8", "state": "in", "weight": 3, "site": "sfo", "handed_out": True,
                          "why": "in service"})
        self.assertTrue(all(line.startswith("+") for line in self.changed_lines(self.FILE)))
        self.others_unchanged(self.FILE)

    def test_add_to_a_list_in_one_line(self):
        self.edit("add", "lone", "203.0.113.201", "--zone", "other.example")
        self.assertEqual(self.changed_lines("zones/other.example.yaml"),
                         ["-    members: [{address: 203.0.113.200}]",
                          "+    members: [{address: 203.0.113.200}, {address: 203.0.113.201}]"])
        self.others_unchanged("zones/other.example.yaml")

    def test_add_ipv6_in_any_form(self):
        self.edit("add", "street", "2001:DB8:0::2")
        self.assertEqual(self.member("street", "2001:db8::2")["state"], "in")

    def test_drain_and_enable(self):
        self.assertEqual(self.edit("drain", "street", "198.51.100.2"), "198.51.100.2 drained in the pool street\n")
        self.assertEqual(self.changed_lines(self.FILE), [
            "-      - {address: 198.51.100.2, site: ewr}          # behind the new switch",
            "+      - {address: 198.51.100.2, site: ewr, state: drain}          # behind the new switch"])
        self.assertEqual(self.member("street", "198.51.100.2")["why"], "drained")
        self.edit("enable", "street", "198.51.100.2")
        self.assertEqual(self.member("street", "198.51.100.2")["why"], "in service")
        self.edit("enable", "street", "198.51.100.4")
        self.assertEqual(self.member("street", "198.51.100.4")["state"], "in")

    def test_drain_of_a_member_in_block_style(self):
        self.edit("drain", "street", "2001:db8::1",
                  warns="zones/example.com.yaml:6:3: warning: no IPv6 member of the pool 'street' is in service: it answers "
                        "with 1 drained member\n  street:            # the busy one\n  ^\n")
        self.assertEqual(self.member("street", "2001:db8::1")["why"], "drained, but nothing else is in service")

    def test_what_is_so_already(self):
        before = self.files()
        self.assertEqual(self.done("pool", "drain", "street", "198.51.100.3"),
                         "198.51.100.3 drained in the pool street; there was nothing to do\n")
        self.assertEqual(self.done_json("pool", "enable", "street", "198.51.100.1")["changed"], False)
        self.assertEqual(self.files(), before)

    def test_remove(self):
        self.assertEqual(self.edit("remove", "street", "198.51.100.2"), "198.51.100.2 removed from the pool street\n")
        self.assertEqual(self.changed_lines(self.FILE),
                         ["-      - {address: 198.51.100.2, site: ewr}          # behind the new switch"])

    def test_dry_run(self):
        before = self.files()
        self.golden("pool_drain_dry_run.txt", self.done("pool", "drain", "street", "198.51.100.7", "--dry-run"))
        self.assertEqual(self.files(), before)

    def test_refused(self):
        for words, reason in (
                (["list", "stret"], "there is no pool 'stret'; did you mean 'street'?"),
                (["add", "stret", "192.0.2.1"], "there is no pool 'stret'; did you mean 'street'?"),
                (["drain", "lone", "203.0.113.200"],
                 "there is a pool 'lone' in each of example.com other.example; say which with --zone"),
                (["drain", "lone", "203.0.113.200", "--zone", "example.net"],
                 "there is no zone 'example.net'; did you mean 'example.com'?"),
                (["remove", "street", "198.51.100.99"],
                 "198.51.100.99 is not in the pool 'street'; zone-edit pool list street shows what is"),
                (["add", "street", "198.51.100.2"],
                 "198.51.100.2 is in the pool 'street' already, in zones/example.com.yaml:11")):
            self.assertEqual(self.refused("pool", *words), f"zone-edit: {reason}\n")

    def test_refused_by_the_check(self):
        err = self.refused("pool", "add", "street", "203.0.113.200")
        self.assertIn("203.0.113.200 is already in the pool", err)
        self.assertTrue(err.endswith("zone-edit: refused, nothing was written: with this edit there would be 1 error\n"), err)
        self.assertIn("zone-edit: ", self.refused("pool", "remove", "lone", "203.0.113.200", "--zone", "other.example"))

    def test_wrong_usage(self):
        for words, reason in ((["add", "street", "198.51.100.300"], "ADDRESS: '198.51.100.300' is not an IPv4 or IPv6 address"),
                              (["add", "street"], "ADDRESS is required"),
                              (["add", "street", "198.51.100.8", "--weight", "x"], "--weight: ")):
            self.assertIn("zone-edit pool add: " + reason, self.wrong_usage("pool", "add", *words[1:]))


class PoolOfMany(ZoneEditTest):
    """Several addresses at once, and from the standard input."""
    FILE = "zones/example.com.yaml"
    LIST = "# rack 3\n198.51.100.1\n\n  198.51.100.2   # behind the switch\r\n198.51.100.5\n"

    edit = Pool.edit
    member = Pool.member

    def test_add(self):
        self.assertEqual(self.edit("add", "street", "198.51.100.8", "2001:db8::8", "--weight", "1", "--site", "sfo"),
                         "2 addresses added to the pool street\n")
        self.assertEqual(self.changed_lines(self.FILE), [
            "+      - address: 198.51.100.8", "+        site: sfo",
            '+      - address: "2001:db8::8"', "+        site: sfo"])
        self.others_unchanged(self.FILE)

    def test_from_the_standard_input(self):
        self.assertEqual(self.edit("drain", "street", "-", stdin=self.LIST), "3 addresses drained in the pool street\n")
        for address in ("198.51.100.1", "198.51.100.2", "198.51.100.5"):
            self.assertEqual(self.member("street", address)["state"], "drain")
        self.assertEqual(self.edit("enable", "street", "-", stdin=self.LIST), "3 addresses enabled in the pool street\n")
        self.assertEqual(self.edit("add", "street", "-", stdin="2001:DB8:0::2\n198.51.100.9"), "2 addresses added to the pool street\n")
        self.assertEqual(self.edit("remove", "street", "-", stdin="2001:db8::2\n198.51.100.4"),
                         "2 addresses removed from the pool street\n")
        self.assertIsNone(self.member("street", "2001:db8::2"))
        self.assertIsNone(self.member("street", "198.51.100.4"))

    def test_set(self):
        self.assertEqual(self.edit("set", "street", "198.51.100.1", "--site", "New York"),
                         "198.51.100.1 set to site New York in the pool street\n")
        self.assertEqual(self.changed_lines(self.FILE), [
            "-      - {address: 198.51.100.1, site: dfw, weight: 1}", "+      - {address: 198.51.100.1, site: 'New York', weight: 1}"])
        self.assertEqual(self.edit("set", "street", "198.51.100.1", "2001:db8::1", "--weight", "1", "--site", "dfw"),
                         "2 addresses set to weight 1, site dfw in the pool street\n")
        self.assertEqual(self.changed_lines(self.FILE), [])

    def test_some_are_so_already(self):
        self.assertEqual(self.edit("drain", "street", "198.51.100.3", "198.51.100.5"), "2 addresses drained in the pool street\n")
        self.assertEqual(self.changed_lines(self.FILE), [
            "-      - {address: 198.51.100.5}", "+      - {address: 198.51.100.5, state: drain}"])

    def test_json(self):
        before = self.files()
        answer = self.done_json("pool", "drain", "street", "-", "--dry-run", stdin=self.LIST)
        self.assertEqual(answer["done"], "3 addresses drained in the pool street")
        self.assertEqual((answer["changed"], answer["files"]), (True, [self.FILE]))
        self.assertEqual(answer["diff"].count("\n+  "), 3)
        self.assertEqual(self.files(), before)

    def test_dry_run(self):
        before = self.files()
        self.golden("pool_drain_many_dry_run.txt", self.done("pool", "drain", "street", "-", "--dry-run", stdin=self.LIST))
        self.assertEqual(self.files(), before)

    def test_all_or_none(self):
        for words, stdin, reason in (
                (["add", "-"], "198.51.100.8\n198.51.100.2\n198.51.100.3\n",
                 "zone-edit: standard input, line 2: 198.51.100.2 is in the pool 'street' already, in zones/example.com.yaml:11 "
                 "(and 1 more of those given)\n"),
                (["remove", "198.51.100.2", "198.51.100.99", "198.51.100.98"], "",
                 "zone-edit: 198.51.100.99 is not in the pool 'street' (and 1 more of those given); zone-edit pool list street "
                 "shows what is\n"),
                (["drain", "-"], "198.51.100.1\n198.51.100.300\n\nnew.example.com # a name\n",
                 "standard input:2: error: '198.51.100.300' is not an IPv4 or IPv6 address\n"
                 "standard input:4: error: 'new.example.com' is not an IPv4 or IPv6 address\n"
                 "zone-edit: refused, nothing was written: 2 errors in the addresses\n"),
                (["drain", "-"], "198.51.100.1\n2001:db8::1\n2001:db8:0::1\n",
                 "standard input:3: error: 2001:db8::1 is given twice, first in line 2\n"
                 "zone-edit: refused, nothing was written: 1 error in the addresses\n"),
                (["drain", "198.51.100.1", "198.51.100.1"], "",
                 "error: 198.51.100.1 is given twice\nzone-edit: refused, nothing was written: 1 error in the addresses\n"),
                (["drain", "-"], "# nobody\n\n", "zone-edit: there is no address on the standard input\n")):
            self.assertEqual(self.refused("pool", words[0], "street", *words[1:], stdin=stdin), reason)

    def test_wrong_usage(self):
        for words, reason in (
                (["drain", "street", "-", "198.51.100.1"],
                 "ADDRESS: '-' stands for the lines of the standard input and cannot have others beside it"),
                (["set", "street", "198.51.100.1"], "--weight or --site is required"),
                (["drain", "street", "198.51.100.1", "x"], "ADDRESS: 'x' is not an IPv4 or IPv6 address")):
            self.assertEqual(self.wrong_usage("pool", *words),
                             f"zone-edit pool {words[0]}: {reason}\nzone-edit pool {words[0]} --help says more\n")

    def test_thousands(self):
        """In one edit, which takes a few seconds at most. The time is for a machine that does other things as well."""
        thousands = [f"10.0.{n >> 8}.{n & 255}" for n in range(9000)]
        started = time.monotonic()
        self.assertEqual(self.edit("add", "street", "-", stdin="\n".join(thousands)), "9000 addresses added to the pool street\n")
        self.assertLess(time.monotonic() - started, 30)
        dry = self.done("pool", "remove", "street", "-", "--dry-run", stdin="\n".join(thousands))
        self.assertEqual(dry.count("\n-  "), 9000)
        self.assertEqual(dry.count("\n+  "), 0)
        self.assertEqual(self.edit("remove", "street", "-", stdin="\n".join(thousands)), "9000 addresses removed from the pool street\n")
        self.assertEqual(self.changed_lines(self.FILE), [])
        err = self.refused("pool", "add", "street", "-", stdin="\n".join(f"10.0.{n >> 8}.{n & 255}" for n in range(9993)))
        self.assertEqual(err, "zone-edit: with them there would be 10001 members of pool 'street'; 10000 is the most\n")


class Concurrency(ZoneEditTest):
    def test_no_edit_is_lost(self):
        addresses = [f"198.51.100.{n}" for n in range(10, 30)]
        edits = [self.start("pool", "add", "street", address) for address in addresses]
        edits += [self.start("record", "add", "example.com", f"host-{n}", "A", "192.0.2.1") for n in range(5)]
        for edit in edits:
            _, err = edit.communicate(timeout=120)
            self.assertEqual((edit.returncode, err), (0, NO_DAEMON))
        members = {m["address"] for m in self.done_json("pool", "list", "street")["pools"][0]["members"]}
        self.assertLessEqual(set(addresses), members)
        names = {r["name"] for r in self.done_json("record", "list", "example.com")["records"]}
        self.assertLessEqual({f"host-{n}.example.com." for n in range(5)}, names)
        self.assertEqual(sorted(p.name for p in (self.folder / "zones").iterdir()),
                         sorted(p.name for p in (HERE / "data/zones").iterdir()))
        serial = self.done_json("record", "list", "example.com", "@", "SOA")["records"][0]["rdata"].split()[2]
        self.assertEqual(serial, "2026112104")

    def test_a_lock_that_is_held(self):
        (self.folder / "state").mkdir()
        with open(self.folder / "state/edit.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            edit = self.start("pool", "drain", "street", "198.51.100.1")
            with self.assertRaises(subprocess.TimeoutExpired):
                edit.wait(timeout=1)
            fcntl.flock(lock, fcntl.LOCK_UN)
            self.assertEqual(edit.communicate(timeout=60)[1], NO_DAEMON)

    def test_a_file_that_somebody_else_changes_meanwhile(self):
        """The other one writes between our reading and our writing, for as long as it takes to hit that moment."""
        path = self.folder / "zones/other.example.zone"
        path.write_text(path.read_text(encoding="utf-8") + "$GENERATE 1-20000 h$ A 192.0.2.1\n", encoding="utf-8")
        edit = self.start("record", "add", "example.com", "new", "A", "192.0.2.1")
        mine = self.folder / "zones/example.com.zone"
        beside = self.folder / "beside"
        original = mine.read_text(encoding="utf-8")
        count = 0
        while edit.poll() is None:
            count += 1
            beside.write_text(f"{original}; {count} comments by hand\n", encoding="utf-8")
            os.replace(beside, mine)  # never half a file
        _, err = edit.communicate()
        self.assertEqual(edit.returncode, 1, err)
        self.assertEqual(err, "zone-edit: zones/example.com.zone was changed by somebody else meanwhile; nothing was written, "
                              "try again\n")
        self.assertEqual(mine.read_text(encoding="utf-8"), f"{original}; {count} comments by hand\n")


class Daemon(ZoneEditTest):
    """What an edit and the daemon say to each other."""
    EDIT = ["record", "add", "example.com", "new", "A", "192.0.2.1"]

    def test_told(self):
        with FakeDaemon(self.folder, {"reload": {"ok": True, "generation": 9, "warnings": []}}) as daemon:
            self.assertEqual(self.done(*self.EDIT), "new.example.com. A 192.0.2.1 added; dnsd serves it as generation 9\n")
        self.assertEqual(daemon.requests, ['{"command":"reload","actor":"zone-edit"}\n'])

    def test_not_told_where_nothing_changed(self):
        with FakeDaemon(self.folder, {}) as daemon:
            self.done("record", "set", "example.com", "www", "A", "192.0.2.80")
            self.done(*self.EDIT, "--dry-run")
        self.assertEqual(daemon.requests, [])

    def test_what_it_refuses_is_taken_back(self):
        seen = []

        def refuse():
            seen.append(self.read("zones/example.com.zone"))
            return {"ok": False, "errors": ["x.yaml:1:2: error: not that"]}

        with FakeDaemon(self.folder, {"reload": refuse}):
            self.assertEqual(self.refused(*self.EDIT),
                             "x.yaml:1:2: error: not that\nzone-edit: dnsd refused it; the files are as they were\n")
        self.assertIn("192.0.2.1\n", seen[0])

    def test_an_answer_that_does_not_come(self):
        with FakeDaemon(self.folder, {"reload": b""}):
            self.done(*self.EDIT, err="zone-edit: written, but whether dnsd serves it is unknown: dnsd ended the "
                                      "conversation without an answer at state/control.sock\n")


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
