#!/usr/bin/env python3
"""Documents that are true: their examples run, and what exists is in them.

usage: docs_test.py [-v]      DNSD_BIN: the folder of dnsd and zone-edit, build/bin if not given
"""
import re
import subprocess
import sys
import unittest
import urllib.request

sys.dont_write_bytecode = True
import harness  # pylint: disable=wrong-import-position
from harness import TOP, read  # pylint: disable=wrong-import-position

CONFIG_HEADERS = ("dnsd/config/server_config.h", "dnsd/config/zone_config.h", "dnsd/config/pinned_config.h")
MANUAL, VERBS = "docs/manual.md", "docs/zone-edit.md"


def config_rows():
    """(key, default) of the tables in the headers; ".key" continues the key above it."""
    for header in CONFIG_HEADERS:
        base = ""
        table = read(header).split("//   key", 1)[1].split("\n//\n", 1)[0]
        for line in table.splitlines()[1:]:
            words = re.split(r" {2,}", line.removeprefix("//").strip())
            key = words[0]
            if len(words) < 3 or " " in key:
                continue
            if key.startswith("."):
                key = base + key
            else:
                base = key
            yield header, key, words[1]


def keys_in_code():
    """The key of every call that reads one, wherever it stands."""
    call = re.compile(r'\b(?:read|require|sequence|mapping|each)\(\s*"(\w+)"|read_section\(\w+, "(\w+)"')
    for header in CONFIG_HEADERS:
        for match in call.finditer(read(header.replace(".h", ".cc"))):
            yield header, match.group(1) or match.group(2)


def help_of(*words):
    return subprocess.run([harness.BIN / "zone-edit", *words, "--help"], capture_output=True, text=True, check=True,
                          timeout=30).stdout


def sub_verbs(text):
    listed = re.search(r"^(?:Subcommands|Verbs):\n((?:  .*\n)+)", text, re.M)
    return re.findall(r"^  (\w[\w-]*)", listed.group(1), re.M) if listed else []


def slug(heading):
    """The anchor that hosts of Markdown give a heading."""
    text = re.sub(r"[`*]", "", heading.strip().lower())
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text))


def prose(document):
    """The text without fenced blocks and code, where nothing is a link or a heading."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", read(document), flags=re.M | re.S))


class Checked(unittest.TestCase):
    maxDiff = None

    def check(self, broken):
        if broken:
            self.fail("\n" + "\n".join(broken))


class Documents(Checked):
    def test_every_example_does_what_it_says(self):
        blocks = [block for name in harness.documents() for block in harness.console_blocks(name)]
        self.assertGreater(len(blocks), 10)
        self.check([wrong for block in blocks for wrong in harness.run_block(block)])

    def test_comparing_finds_differences(self):
        self.assertTrue(harness.matches(["one", "…", "t… e"], "one\ntwo\nthree\nthree e\n"))
        self.assertTrue(harness.matches([], ""))
        self.assertFalse(harness.matches([], "one\n"))
        self.assertFalse(harness.matches(["one"], "one\ntwo\n"))
        self.assertFalse(harness.matches(["a.b"], "acb\n"))

    def test_links_lead_somewhere(self):
        broken = []
        for name in harness.documents():
            for target in re.findall(r"\]\(([^)\s]+)\)", prose(name)):
                if re.match(r"\w+:", target):
                    continue
                path, _, anchor = target.partition("#")
                file = (TOP / name).parent / path if path else TOP / name
                if not file.exists():
                    broken.append(f"{name}: no file {target}")
                elif anchor and anchor not in map(slug, re.findall(r"^#+ (.*)", file.read_text(), re.M)):
                    broken.append(f"{name}: no heading {target}")
        self.check(broken)

    def test_files_that_the_readme_names_exist(self):
        named = re.findall(r"`((?:base|zones|pinned_ips|dnsd|tools|tests|docs|examples|cmake|\.ci)/[\w./-]*)`",
                           read("README.md"))
        self.assertGreater(len(named), 20)
        self.check([path for path in named if not (TOP / path).exists()])

    def test_every_part_is_on_the_tour(self):
        parts = re.findall(r"^part\((\S+)", read("CMakeLists.txt"), re.M)
        self.check([f"README.md does not mention {part}/" for part in parts if f"`{part}/" not in read("README.md")])


def rows_of_keys():
    """(key, default) of the tables in the manual's sections about files in YAML."""
    for section in re.split(r"^#+ ", read(MANUAL), flags=re.M):
        if section.splitlines()[:1] in (["dnsd.yaml"], ["Zones"], ["Pinned sets"]):
            yield from re.findall(r"^\| `([\w.]+)` \| ([^|]*?) \|", section, re.M)


class Manual(Checked):
    def test_every_key_is_there_with_its_default(self):
        rows = dict(rows_of_keys())
        broken = []
        for header, key, default in config_rows():
            said = rows.get(key)
            if said is None or default.strip("()") not in said.replace("`", ""):
                broken.append(f"{header}: {key}, default {default}; {MANUAL} says {said}")
        self.assertGreater(len(list(config_rows())), 20)
        self.check(broken)

    def test_keys_that_are_read_are_those_of_the_tables(self):
        rows = {word for key, _ in rows_of_keys() for word in key.split(".")}
        keys = {key for _, key in keys_in_code()}
        self.assertGreater(len(keys), 20)
        self.check([f"no row of {MANUAL} has '{key}'" for key in sorted(keys - rows)])
        last = {key.split(".")[-1] for key, _ in rows_of_keys()}
        self.check([f"{MANUAL} has '{key}', which nothing reads" for key in sorted(last - keys)])

    def test_metrics_are_those_of_the_daemon(self):
        with harness.data_directory() as (path, ports), harness.daemon(path, ports):
            with urllib.request.urlopen(f"http://127.0.0.1:{ports[harness.HTTP_PORT]}/metrics") as answer:
                served = dict(re.findall(r"^# TYPE (\w+) (\w+)$", answer.read().decode(), re.M))
        said = dict(re.findall(r"^\| `(dnsd_\w+)(?:\{[^`]*\})?` \| (\w+) \|", read(MANUAL), re.M))
        self.assertEqual(served, said)

    def test_defects_of_zones_are_all_listed(self):
        defects = re.findall(r'^    \{\w+, "(\w+)", (error|warning),', read("zones/zone_check.cc"), re.M)
        self.assertGreater(len(defects), 20)
        said = dict(re.findall(r"^\| `(\w+)` \| (error|warning) \|", read(MANUAL), re.M))
        self.assertEqual(dict(defects), said)

    def test_http_paths_are_there(self):
        paths = re.findall(r'\{"\w+", "(/[^"]+)"', read("pinned_ips/feed/formats.cc"))
        paths += re.findall(r'\{"(/\w+)", \w+\}', read("dnsd/http/http_response.cc"))
        self.assertGreater(len(paths), 4)
        self.check([f"{MANUAL} lacks {path}" for path in paths if f"`{path}`" not in read(MANUAL)])


class Verbs(Checked):
    def test_every_verb_and_option_is_there(self):
        said, broken = read(VERBS), []
        verbs = sub_verbs(help_of())
        self.assertGreater(len(verbs), 5)
        for verb in verbs:
            for path in [(verb, sub) for sub in sub_verbs(help_of(verb))] or [(verb,)]:
                if not re.search(rf"^#+ {' '.join(path)}\b", said, re.M):
                    broken.append(f"no heading for {' '.join(path)}")
                for option in re.findall(r"^  (?:-\w,)?(--[\w-]+)", help_of(*path), re.M):
                    if option != "--help" and option not in said:
                        broken.append(f"{' '.join(path)}: {option}")
        self.check(broken)

    def test_no_verb_is_invented(self):
        verbs = sub_verbs(help_of())
        broken = []
        for heading in re.findall(r"^### (\w+(?: \w+)?)", read(VERBS), re.M):
            words = heading.split()
            if words[0] not in verbs or (len(words) > 1 and words[1] not in sub_verbs(help_of(words[0]))):
                broken.append(f"zone-edit has no '{heading}'")
        self.check(broken)

    def test_man_pages_are_well_formed(self):
        for page in ("docs/dnsd.8", "docs/zone-edit.1"):
            done = subprocess.run(["groff", "-mdoc", "-Tutf8", "-ww", "-z", TOP / page], capture_output=True, text=True,
                                  check=False, timeout=30)
            self.assertEqual((done.returncode, done.stderr), (0, ""), page)
        self.check([f"docs/zone-edit.1 lacks {verb}" for verb in sub_verbs(help_of()) if verb not in read("docs/zone-edit.1")])


class Behaviour(Checked):
    CLAUSE = re.compile(r"^\*\*(\d+\.\d+)\*\* (.*?)(?=^\*\*\d+\.\d+\*\* |^## |\Z)", re.M | re.S)

    def test_clauses_are_numbered_in_order(self):
        numbers = [tuple(map(int, n.split("."))) for n, _ in self.CLAUSE.findall(read("dnsd/BEHAVIOUR.md"))]
        self.assertGreater(len(numbers), 50)
        for before, after in zip(numbers, numbers[1:]):
            self.assertIn(after, [(before[0], before[1] + 1), (before[0] + 1, 1)])

    def test_every_clause_is_shown_by_a_case_or_test_that_exists(self):
        proofs, broken = known_proofs(), []
        for number, text in self.CLAUSE.findall(read("dnsd/BEHAVIOUR.md")):
            shown = re.search(r"^\*Shown by\* (.*)", text, re.M | re.S)
            named = re.findall(r"`([^`]+)`", shown.group(1)) if shown else []
            if not named:
                broken.append(f"{number} names no case and no test")
            broken += [f"{number}: there is no {name}" for name in map(" ".join, map(str.split, named)) if name not in proofs]
        self.check(broken)


def known_proofs():
    """How BEHAVIOUR.md names what proves a clause."""
    proofs = set()
    for cases in (TOP / "tests/cases").glob("*/queries.txt"):
        proofs |= {f"{cases.parent.name}: {line}" for line in cases.read_text().splitlines()}
    for test in (TOP / "tests").glob("*/*_test.cc"):
        proofs |= {f"{a}.{b}" for a, b in re.findall(r"^TEST(?:_[FP])?\((\w+),\s*(\w+)\)", test.read_text(), re.M)}
    proofs |= {f"sample {file.stem}" for file in (TOP / "tests/zones/samples").glob("*.zone")}
    proofs |= {f"differential: {file.stem}" for file in (TOP / "tests/differential/cases").glob("*.txt")}
    proofs |= {f"packets: {name}" for name in re.findall(r"def test_(\w+)", read("tests/docs/packets_test.py"))}
    for test in (TOP / "tests/system").glob("*_test.py"):
        name = test.stem.removesuffix("_test")
        proofs |= {f"system {name}: {of}" for of in re.findall(r"def test_(\w+)", test.read_text())}
    return proofs


if __name__ == "__main__":
    unittest.main()
