#!/usr/bin/env python3
"""House rules that no compiler checks. Each test lists every place that breaks its rule.

usage: rules_test.py [-v]      CXX: the compiler for the headers that have no source file of their own
"""
import concurrent.futures
import functools
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
PARTS = ("base", "zones", "pinned_ips", "dnsd", "tools/zone_edit")
MOST_LINES = 400
MOST_COLUMNS = 125  # .clang-format breaks at 118; a literal or a comment may stand out a little

# Which files may include a library's headers.
LIBRARIES = {
    r"ldns/": r"zones/zone_sign\w*\.(h|cc)",
    r"yaml-cpp/": r"dnsd/config/.*",
    r"microhttpd\.h": r"dnsd/http/.*",
    r"curl/": r"dnsd/webhooks/.*",
    r"sqlite3\.h": r"dnsd/sqlite/.*",
    r"gnutls/": r"dnsd/http/.*",
    r"openssl/ssl\.h": r"dnsd/tls/.*",
    r"uv\.h": r"dnsd/(transport|health|control)/.*|dnsd/main\.cc",
    r"spdlog/": r"dnsd/(transport|health|control|http|webhooks)/.*|dnsd/main\.cc",
}

# Time and randomness are parameters here, and nothing here talks to the world.
PURE = ("base/", "zones/", "pinned_ips/", "dnsd/pools/", "dnsd/snapshot/", "dnsd/answer/")
IMPURE = {
    "reads a clock": r"(std|(?<!\w))::time\s*\(|\btime\s*\(\s*(nullptr|NULL|0|&)|"
                     r"\b(gettimeofday|clock_gettime|localtime|gmtime)\w*\s*\(|\b(system|steady|file|\w+resolution)_clock\b",
    "draws a random number": r"\brandom_device\b|\b(rand|srand|drand48|getrandom|arc4random\w*)\s*\(",
    "logs": r"\bspdlog\b|\bstd::(cout|cerr|clog)\b|(?<![\w:])(f?printf|puts|syslog)\s*\(",
    "uses the network": r"<(sys/socket|netdb|sys/epoll)\.h>|::(socket|connect|bind|sendto|recvfrom)\s*\(",
    "waits": r"\bsleep(_for|_until)?\s*\(|\busleep\s*\(",
}


@functools.lru_cache(maxsize=None)
def files():
    """The project's files, relative to its top: what git tracks or would, or everything where this is no checkout."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP,
                            capture_output=True, check=False) if (TOP / ".git").exists() else None
    if listed and listed.returncode == 0:
        names = {os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
        return sorted(name for name in names if (TOP / name).is_file())
    names = []
    for folder, folders, here in os.walk(TOP):
        folders[:] = [f for f in folders if not f.startswith("build") and f not in (".git", "__pycache__")]
        names += [os.path.relpath(os.path.join(folder, name), TOP) for name in here if not name.endswith(".pyc")]
    return sorted(names)


@functools.lru_cache(maxsize=None)
def text(name):
    return (TOP / name).read_text(encoding="utf-8", errors="replace")


@functools.lru_cache(maxsize=None)
def code(name):
    """A C++ text with comments and the content of literals blanked; lines stay where they are."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)
    kept = re.compile(r'^\s*#\s*include\s*"[^"]*"', re.M)

    def blank(match):
        found = match.group(0)
        begin_of_line = match.string.rfind("\n", 0, match.start()) + 1
        if kept.match(match.string, begin_of_line, match.end()):
            return found
        return re.sub(r"[^\n]", " ", found)

    return token.sub(blank, text(name))


def cpp():
    return [f for f in files() if f.endswith((".h", ".cc"))]


def sources():
    return [f for f in cpp() if f.startswith(tuple(p + "/" for p in PARTS))]


def headers():
    return [f for f in sources() if f.endswith(".h")]


def includes(name):
    """(line, target) of each #include, target with its brackets."""
    return [(number, match.group(1)) for number, line in enumerate(code(name).splitlines(), 1)
            if (match := re.match(r'\s*#\s*include\s*(<[^>]*>|"[^"]*")', line))]


def project_file(name, target):
    """The file of the project that a quoted include means: by its path from the top. Files beside main.cc belong to no
    part and so have no include root; they name each other without a folder."""
    path = target.strip('"')
    beside = os.path.join(os.path.dirname(name), path)
    is_part = os.path.dirname(name) in {call[""][0] for call in cmake_calls("part")}
    return beside if "/" not in path and not is_part else path


def cmake_calls(function):
    """The arguments of each call of a function in CMakeLists.txt, split by keyword: {"": [...], "SOURCES": [...]}."""
    plain = re.sub(r"#[^\n]*", "", text("CMakeLists.txt"))
    calls = []
    for body in re.findall(r"^\s*" + function + r"\(([^)]*)\)", plain, re.M):
        call = {"": []}
        key = ""
        for word in body.split():
            if re.fullmatch(r"[A-Z][A-Z_]+", word):
                key = word
                call[key] = []
            else:
                call[key].append(word)
        calls.append(call)
    return calls


class Rules(unittest.TestCase):
    maxDiff = None

    def check(self, rule, broken):
        if broken:
            self.fail(f"{rule}:\n  " + "\n  ".join(broken))

    def grep(self, names, pattern, reader=text):
        """name:line: text of each match of a pattern."""
        expression = re.compile(pattern)
        found = []
        for name in names:
            for number, line in enumerate(reader(name).splitlines(), 1):
                if expression.search(line):
                    found.append(f"{name}:{number}: {text(name).splitlines()[number - 1].strip()[:100]}")
        return found

    def test_there_is_something_to_check(self):
        self.assertGreater(len(sources()), 20)
        self.assertGreater(len(cmake_calls("part")), 3)

    def test_includes_begin_at_the_top(self):
        broken = [f"{name}:{number}: {target}" for name in cpp() for number, target in includes(name)
                  if "../" in target or "./" in target]
        self.check('write #include "folder/file.h"', broken)

    def test_quoted_includes_name_files_of_the_project(self):
        broken = [f"{name}:{number}: {target}" for name in sources() for number, target in includes(name)
                  if target.startswith('"') and not (TOP / project_file(name, target)).is_file()]
        self.check("quotes are for the project's own headers, by their path from the top", broken)

    def test_libraries_stay_where_they_belong(self):
        broken = []
        for name in sources():
            for number, target in includes(name):
                for library, allowed in LIBRARIES.items():
                    if re.match(library, target[1:]) and not re.fullmatch(allowed, name):
                        broken.append(f"{name}:{number}: {target} (only in {allowed})")
        self.check("this library is for other folders", broken)

    def test_pure_folders_read_no_clock_and_draw_no_number(self):
        pure = [name for name in sources() if name.startswith(PURE)]
        for what, pattern in IMPURE.items():
            self.check(f"time and randomness are parameters here, but this {what}", self.grep(pure, pattern, code))

    def test_headers_are_contracts(self):
        broken = []
        for name in headers():
            lines = text(name).splitlines()
            if not lines or not lines[0].startswith("//"):
                broken.append(f"{name}:1: begins without a comment")
            if "#pragma once" not in lines:
                broken.append(f"{name}:1: has no #pragma once")
        self.check("a header says first what it is for", broken)

    def test_a_source_includes_its_own_header_first(self):
        broken = []
        for name in sources():
            own = name[:-3] + ".h"
            if name.endswith(".cc") and (TOP / own).is_file():
                found = includes(name)
                if not found or project_file(name, found[0][1]) != own:
                    broken.append(f'{name}: the first #include is not "{own}"')
        self.check("so the build proves that each header stands alone", broken)

    def test_headers_without_a_source_stand_alone(self):
        alone = [name for name in headers() if not (TOP / (name[:-2] + ".cc")).is_file()]

        def compiled(name):
            run = subprocess.run([*os.environ.get("CXX", "c++").split(), "-std=c++20", "-fsyntax-only", "-x", "c++", "-I",
                                  TOP, "-"], input=f'#include "{name}"\n', capture_output=True, text=True, check=False)
            return f"{name}:\n{run.stderr}" if run.returncode else ""

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            self.check("a header includes what it uses", [b for b in pool.map(compiled, alone) if b])

    def test_files_hold_one_idea(self):
        broken = [f"{name}: {count} lines" for name in sources()
                  if (count := len(text(name).splitlines())) > MOST_LINES]
        self.check(f"more than {MOST_LINES} lines", broken)

    def test_lines_fit(self):
        broken = [f"{name}:{number}: {len(line)} columns" for name in cpp()
                  for number, line in enumerate(text(name).splitlines(), 1) if len(line) > MOST_COLUMNS]
        self.check(f"lines of more than {MOST_COLUMNS} columns", broken)

    def test_no_tabs_and_no_spaces_at_the_end(self):
        self.check("tabs, or spaces at the end", self.grep(cpp(), r"\t|[ \r]$"))

    def test_nothing_is_left_undone(self):
        marks = "TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK"
        self.check("do it, or say it in an issue", self.grep(
            [n for n in files() if n.endswith((".h", ".cc", ".py", ".txt", ".cmake", ".md"))], rf"\b({marks})\b"))

    def test_no_test_is_switched_off(self):
        off = "GTEST" + r"_SKIP|\bDIS" + r"ABLED_|^\s*#\s*if 0|unittest\.skip|\bskip" + "Test"
        self.check("a test that does not run proves nothing", self.grep(
            [n for n in files() if n.endswith((".h", ".cc", ".py"))], off))

    def test_every_source_and_test_is_built(self):
        built = set()
        for call in cmake_calls("part"):
            built |= {f"{call[''][0]}/{name}" for name in call.get("SOURCES", [])}
        for call in cmake_calls("program") + cmake_calls("add_executable") + cmake_calls("add_library"):
            built |= {name for names in call.values() for name in names}
        for call in cmake_calls("part_test"):
            built |= {f"tests/{call[''][0].split('/')[-1]}/{name}" for name in call.get("TESTS", [])}
        candidates = [name for name in files() if name.endswith(".cc")
                      and (name in sources() or re.fullmatch(r"tests/.*_test\.cc", name))]
        self.check("no line of CMakeLists.txt has this file",
                   [name for name in candidates if name not in built])

    def test_folders_have_no_cycles(self):
        may = {call[""][0]: set(call.get("MAY_INCLUDE", [])) for call in cmake_calls("part")}
        broken = [f"{folder} may include {other}, which no part() line defines" for folder, others in may.items()
                  for other in others if other not in may]
        order = list(may)
        broken += [f"{folder} may include {other}, which stands below it in CMakeLists.txt" for folder in order
                   for other in may[folder] if other in may and order.index(other) >= order.index(folder)]
        self.check("parts stand from the ground up", broken)

    def test_parts_include_only_what_their_line_allows(self):
        """The build enforces this for part() folders; here also for folders that share a part's include root."""
        may = {call[""][0]: set(call.get("MAY_INCLUDE", [])) for call in cmake_calls("part")}

        def part_of(path):
            return next((f for f in sorted(may, key=len, reverse=True) if path.startswith(f + "/")), None)

        broken = []
        for name in sources():
            folder = part_of(name)
            for number, target in includes(name) if folder else []:
                other = part_of(target.strip('"')) if target.startswith('"') else None
                if other and other != folder and other not in may[folder]:
                    broken.append(f"{name}:{number}: {folder} may not include {other}")
        self.check("see the part() lines of CMakeLists.txt", broken)

    def test_each_fuzz_target_is_listed_and_has_seeds(self):
        listed = set(re.findall(r"^fuzz_target\((\w+)", text("tests/fuzz/CMakeLists.txt"), re.M))
        there = {pathlib.Path(n).name[:-len("_fuzz.cc")] for n in files() if re.fullmatch(r"tests/fuzz/\w+_fuzz\.cc", n)}
        self.assertEqual(listed, there)
        for target in sorted(listed):
            seeds = [n for n in files() if n.startswith(f"tests/fuzz/seeds/{target}/")]
            self.assertTrue(seeds, f"tests/fuzz/seeds/{target}/ is empty")

    def test_packet_seeds_are_what_their_script_writes(self):
        seeds = TOP / "tests/fuzz/seeds"
        namespace = {"__name__": "seeds", "__file__": str(seeds / "make_packets.py")}
        exec(compile(text("tests/fuzz/seeds/make_packets.py"), "make_packets.py", "exec"), namespace)  # pylint: disable=exec-used
        for folder, content in namespace["FILES"].items():
            for stem, octets in content.items():
                self.assertEqual((seeds / folder / f"{stem}.bin").read_bytes(), octets, f"{folder}/{stem}.bin: run the script")

    def test_no_paths_of_a_machine(self):
        folders = "|".join(("work", "root", "farm", "home/[a-z]", "Users"))
        binary = (".bin", ".png", ".ico")
        self.check("this path exists on one machine only", self.grep(
            [n for n in files() if not n.endswith(binary)], rf"(?<![\w.$}}-])/({folders})/"))

    def test_scripts_can_be_run(self):
        broken = [n for n in files() if text(n).startswith("#!") and not os.access(TOP / n, os.X_OK)]
        self.check("begins with #! but has no run bit", broken)


if __name__ == "__main__":
    unittest.main()
