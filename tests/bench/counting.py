"""Instructions of one respond(), by callgrind, for tests/bench/instructions and tests/bench/growth.

Each run counts the same: addresses are not random under valgrind, the environment is empty, and the C library takes the
copying functions that every x86-64 has (GLIBC_TUNABLES), not those of the machine's own processor. What a code itself
chooses by the processor is as valgrind shows it: up to AVX2, where the machine has it.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from building import BIN, build

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-ERMS,-FSRM"}


def prepare():
    if not shutil.which("valgrind"):
        sys.exit("valgrind is not installed: apt-get install valgrind (or tools/setup)")
    build("respond_calls")


def kinds():
    return subprocess.run([BIN / "respond_calls", "--list"], check=True, capture_output=True, text=True).stdout.splitlines()


def count(names, calls):
    """{kind: instructions of a call}, the mean of so many calls."""
    with tempfile.TemporaryDirectory(prefix="dnsd-instructions-") as folder:
        subprocess.run(["valgrind", "--tool=callgrind", "--quiet", "--instr-atstart=no", "--toggle-collect=dnsd::respond(*",
                        f"--callgrind-out-file={folder}/out", BIN / "respond_calls", str(calls), *names],
                       check=True, stdin=subprocess.DEVNULL, env=ENVIRONMENT)
        found = {}
        for dump in pathlib.Path(folder).glob("out.*"):
            text = dump.read_text(encoding="utf-8")
            kind = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.M)
            total = re.search(r"^(?:summary|totals): (\d+)", text, re.M)
            if kind and total:
                found[int(dump.suffix[1:])] = (kind[1], round(int(total[1]) / calls, 1))
    return {kind: instructions for _, (kind, instructions) in sorted(found.items())}
