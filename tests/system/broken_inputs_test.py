#!/usr/bin/env python3
"""Broken data folders, and every word that `dnsd --check` says about each.

usage: broken_inputs_test.py            runs the test
       broken_inputs_test.py --show     prints what each case changes and what dnsd says about it
       broken_inputs_test.py --write    takes what dnsd says now as expected; look at the difference before you keep it

A case is a file in broken/: a line that says what is wrong, then files of the data folder that differ from those of
broken/base.txt, each below a line "==== PATH" (one line "==== without PATH" takes a file away), then "==== expected".
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import DNSD

CASES = pathlib.Path(__file__).resolve().parent / "broken"
LEAST = 20


def read_case(path):
    """(title, {path: text or None}, expected)"""
    title, *parts = path.read_text(encoding="utf-8").split("\n==== ")
    files = {}
    for part in parts:
        name, _, text = part.partition("\n")
        files[name] = text + "\n" if text else ""
    expected = files.pop("expected", "").rstrip("\n") + "\n"
    gone = {name.removeprefix("without "): None for name in files if name.startswith("without ")}
    return title, {name: text for name, text in files.items() if not name.startswith("without ")} | gone, expected


def check(changes):
    """Runs dnsd --check on the base with these changes: (exit code, what it says)."""
    files = read_case(CASES / "base.txt")[1] | changes
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dnsd-broken-"))
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            if text is not None:
                (folder / name).write_text(text, encoding="utf-8")
        done = subprocess.run([DNSD, "--config", "dnsd.yaml", "--check"], cwd=folder, capture_output=True, text=True,
                              timeout=20, check=False)
        return done.returncode, done.stdout + done.stderr
    finally:
        shutil.rmtree(folder)


def cases():
    return sorted(path for path in CASES.glob("*.txt") if path.name != "base.txt")


class BrokenInputs(unittest.TestCase):
    maxDiff = None

    def test_the_base_is_sound(self):
        self.assertEqual(check({}), (0, read_case(CASES / "base.txt")[2]))

    def test_each_case(self):
        self.assertGreaterEqual(len(cases()), LEAST)
        for path in cases():
            with self.subTest(path.stem):
                _, changes, expected = read_case(path)
                code, said = check(changes)
                self.assertEqual(said, expected)
                self.assertEqual(code, 1)

    def test_defects_of_several_files_are_listed_together(self):
        """Cases that touch different files, in one folder: nothing that one of them says is missing."""
        together, changes = ["bad_date", "two_soa", "unknown_setting"], {}
        for name in together:
            changes |= read_case(CASES / f"{name}.txt")[1]
        said = check(changes | {"dnsd.yaml": read_case(CASES / "base.txt")[1]["dnsd.yaml"]})[1]
        for name in ("bad_date", "two_soa"):
            expected = read_case(CASES / f"{name}.txt")[2].splitlines()[:-1]
            self.assertIn("\n".join(expected), said)


def show():
    for path in cases():
        title, changes, _ = read_case(path)
        print(f"# {path.stem}: {title}")
        for name, text in changes.items():
            print(f"#   {'changes' if text is not None else 'takes away'} {name}")
        code, said = check(changes)
        print(f"{said}# exit code {code}\n")


def write():
    for path in [CASES / "base.txt", *cases()]:
        said = check(read_case(path)[1])[1]
        path.write_text(path.read_text(encoding="utf-8").partition("\n==== expected\n")[0] + "\n==== expected\n" + said,
                        encoding="utf-8")


if __name__ == "__main__":
    if "--show" in sys.argv:
        show()
    elif "--write" in sys.argv:
        write()
    else:
        unittest.main(verbosity=2)
