"""dnsd and the four reference servers on loopback, all with the same zone: each in a folder and on a port of its own.

    with Farm({"compare.example": text}) as farm:
        farm.ports -> {"dnsd": 10301, "NSD": 10302, ...}

The reference servers are configured as configurations.py has it, dnsd alike.
"""
import contextlib
import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
import support  # pylint: disable=wrong-import-position
import wire  # pylint: disable=wrong-import-position
from configurations import ADDRESS, ID, VERSION, bind, knot, nsd, powerdns  # pylint: disable=wrong-import-position


def dnsd(folder, port, zones):
    for number, (origin, file) in enumerate(zones):
        shutil.copyfile(file, folder / f"zones/{number}.zone")
        (folder / f"zones/{number}.yaml").write_text(f'zone: "{origin}"\nrecords: {number}.zone\n')
    (folder / "dnsd.yaml").write_text(
        f"listen: ['{ADDRESS}:{port}']\nworkers: 1\nlog: {{level: warn}}\n"
        f"tcp: {{max_per_client: 500}}\nidentity: {{id: {ID}, version: {VERSION}}}\n")
    return [support.DNSD, "--config", folder / "dnsd.yaml"]


# In the order of the table's columns.
SERVERS = {"dnsd": dnsd, "NSD": nsd, "Knot": knot, "BIND": bind, "PowerDNS": powerdns}


class Farm:
    """All servers, ready inside and gone after."""

    def __init__(self, zones, names=tuple(SERVERS)):
        """`zones`: {origin without final dot: text of the master file}."""
        self.zones, self.names, self.ports = zones, names, {}

    def __enter__(self):
        with contextlib.ExitStack() as held:
            top = pathlib.Path(held.enter_context(tempfile.TemporaryDirectory(prefix="dnsd-compare-")))
            files = []
            for number, (origin, text) in enumerate(self.zones.items()):
                (top / f"{number}.zone").write_text(text, encoding="utf-8")
                files.append((origin, top / f"{number}.zone"))
            for server in self.names:
                self.ports[server] = self._start(held, top / server, server, files)
            for server, port in self.ports.items():
                support.wait_for(lambda p=port: self._answers(p, files[-1][0]), f"{server} is ready; "
                                 + (top / server / "log").read_text(errors="replace")[-2000:], patience=30)
            self.held = held.pop_all()
        return self

    def __exit__(self, *failure):
        self.held.close()

    @staticmethod
    def _start(held, folder, server, files):
        for made in ("zones", "pinned_ips"):
            (folder / made).mkdir(parents=True)
        port = support.free_port()
        command = SERVERS[server](folder, port, files)
        with open(folder / "log", "wb") as log:
            process = support.start(command, cwd=folder, stdin=support.subprocess.DEVNULL, stdout=log, stderr=log,
                                    env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
        held.callback(support.end, process)
        return port

    @staticmethod
    def _answers(port, origin):
        with contextlib.suppress(OSError), support.UdpClient(port, ADDRESS, patience=0.3) as client:
            client.socket.send(wire.message(wire.question(origin, "SOA")))
            return wire.read(client.socket.recv(65535)).rcode == "NOERROR"
        return False
