"""What the tests of the documents share: the tree, the built programs, a daemon on free ports, console examples."""
import contextlib
import dataclasses
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests/system"))
from support import free_port  # noqa: E402
BIN = pathlib.Path(os.environ.get("DNSD_BIN", TOP / "build/bin"))
DNS_PORT, HTTP_PORT = "5300", "8053"  # as the documents have them


def read(path):
    return (TOP / path).read_text(encoding="utf-8")


def documents():
    """All Markdown of the project, as paths from its top."""
    found = []
    for folder, folders, names in os.walk(TOP):
        folders[:] = [f for f in folders if not f.startswith(("build", ".")) and f != "__pycache__"]
        found += [str(pathlib.Path(folder, n).relative_to(TOP)) for n in names if n.endswith(".md")]
    return sorted(found)


# ---- the daemon ----------------------------------------------------------------------------------------------------

def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


@contextlib.contextmanager
def data_directory():
    """A copy of examples/ that listens on free ports, with one worker so that windows follow each other."""
    with tempfile.TemporaryDirectory(prefix="dnsd-docs-") as folder:
        path = pathlib.Path(folder, "examples")
        shutil.copytree(TOP / "examples", path)
        ports = {DNS_PORT: str(free_port()), HTTP_PORT: str(free_port())}
        config = path / "dnsd.yaml"
        text = config.read_text().replace("workers: auto", "workers: 1").replace(HTTP_PORT, ports[HTTP_PORT])
        listen = f'[127.0.0.1:{ports[DNS_PORT]}, "[::1]:{ports[DNS_PORT]}"]' if has_ipv6() \
            else f"[127.0.0.1:{ports[DNS_PORT]}]"
        config.write_text(re.sub(r"^listen: \[.*\]", f"listen: {listen}", text, flags=re.M))
        yield path, ports


@contextlib.contextmanager
def daemon(path, ports):
    """dnsd on a data directory, ready; ended by SIGTERM."""
    log = open(path.parent / "dnsd.log", "w+", encoding="utf-8")
    process = subprocess.Popen([BIN / "dnsd", "--config", "dnsd.yaml"], cwd=path, stderr=log, stdin=subprocess.DEVNULL)
    try:
        wait_until_ready(process, ports, log)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def wait_until_ready(process, ports, log):
    for _ in range(200):
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{ports[HTTP_PORT]}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    log.seek(0)
    raise AssertionError("dnsd is not ready:\n" + log.read())


# ---- console examples ----------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Step:
    command: str
    expected: list
    line: int


@dataclasses.dataclass
class Block:
    document: str
    line: int
    with_daemon: bool
    steps: list


def console_blocks(document):
    """The ```console blocks of a document: lines of "$ command", each followed by what it prints. "\\" at the end of a
    command joins the next line. A block is ```console or ```console daemon."""
    blocks, block, fence = [], None, False
    for number, line in enumerate(read(document).splitlines(), 1):
        if line.startswith("```"):
            words = line[3:].split()
            block = None
            if not fence and words[:1] == ["console"]:
                block = Block(document, number, "daemon" in words[1:], [])
                blocks.append(block)
            fence = not fence
        elif block is not None:
            add_line(block, line, number)
    return blocks


def add_line(block, line, number):
    last = block.steps[-1] if block.steps else None
    if last and not last.expected and last.command.endswith("\\"):
        last.command = last.command[:-1] + line.strip()
    elif line.startswith("$ "):
        block.steps.append(Step(line[2:], [], number))
    elif last:
        last.expected.append(line)
    else:
        raise AssertionError(f"{block.document}:{number}: output before the first command")


def with_ports(text, ports, back=False):
    for shown, real in ports.items():
        text = text.replace(real, shown) if back else re.sub(rf"(?<!\d){shown}(?!\d)", real, text)
    return text


def matches(expected, got):
    """Line by line, blanks at the end apart. "…" stands for any text within a line; a line of "…" alone for any lines."""
    pattern = ""
    for line in expected:
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += r"[^\n]*".join(re.escape(part) for part in line.rstrip().split("…")) + r"\n"
    got = "".join(line.rstrip() + "\n" for line in got.splitlines())
    return re.fullmatch(pattern, got) is not None


def run_block(block):
    """What is wrong with the block, a text for each step that does not do what the document says."""
    with data_directory() as (path, ports), contextlib.ExitStack() as stack:
        if block.with_daemon:
            stack.enter_context(daemon(path, ports))
        return [wrong for step in block.steps if (wrong := run_step(block, step, path, ports))]


def run_step(block, step, path, ports):
    environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", LC_ALL="C.UTF-8", TZ="UTC")
    done = subprocess.run(["bash", "-c", with_ports(step.command, ports)], cwd=path, env=environment, timeout=60,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    got = with_ports(done.stdout.decode("utf-8", "replace"), ports, back=True)
    where = f"{block.document}:{step.line}: $ {step.command}"
    if done.returncode != 0:
        return f"{where}\nends with {done.returncode} and prints:\n{got}"
    if not matches(step.expected, got):
        return f"{where}\nis said to print:\n" + "\n".join(step.expected) + f"\nbut prints:\n{got}"
    return ""
