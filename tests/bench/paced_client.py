#!/usr/bin/env python3
"""One client of tests/bench/many_connections and tests/bench/slow_http: asks at a steady pace.

Prints how long answers took, as JSON.

usage: paced_client.py udp|persistent|new|http|waking PORT QUERIES RATE [--tls]

An answer that is late makes the next query late: then its time counts from when it should have been asked, so that one
long wait is not hidden by the queries that were not asked meanwhile. `waking` asks nothing: it tells how late the machine
wakes a process up, which is in every other figure too.
"""
import gc
import json
import pathlib
import socket
import ssl
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
import dns_message  # pylint: disable=wrong-import-position

NAME, PATIENCE = "us-street.api.example.com", 10
QUERY = dns_message.query(NAME, "A", edns=1232, ident=0x5151)
SERVER = "127.0.0.1"
SOURCES = [f"127.1.0.{n}" for n in range(1, 201)]  # so that ports of ended connections do not run out


def tls_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["dot"])
    return context


class DnsClient:
    @staticmethod
    def is_right(answer):
        return answer[:2] == QUERY[:2] and answer[3] & 15 == 0 and int.from_bytes(answer[6:8], "big") == 8


class Udp(DnsClient):
    def __init__(self, port, _):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE)
        self.socket.connect((SERVER, port))

    def ask(self):
        self.socket.send(QUERY)
        return self.socket.recv(4096)


class Persistent(DnsClient):
    def __init__(self, port, context):
        self.port, self.context = port, context
        self.socket = self.connect(SOURCES[0])

    def connect(self, source):
        stream = socket.socket()
        stream.settimeout(PATIENCE)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream.bind((source, 0))
        stream.connect((SERVER, self.port))
        return self.context.wrap_socket(stream) if self.context else stream

    def ask(self):
        return self.ask_over(self.socket)

    @staticmethod
    def ask_over(stream):
        stream.sendall(len(QUERY).to_bytes(2, "big") + QUERY)
        answer = b""
        while len(answer) < 2 or len(answer) < 2 + int.from_bytes(answer[:2], "big"):
            part = stream.recv(4096)
            if not part:
                raise ConnectionError("closed")
            answer += part
        return answer[2:]


class New(Persistent):
    def __init__(self, port, context):
        super().__init__(port, context)
        self.socket.close()
        self.next = 0

    def ask(self):
        self.next += 1
        with self.connect(SOURCES[self.next % len(SOURCES)]) as stream:
            return self.ask_over(stream)


class Http(New):
    """Reads the feed over a new connection each time."""

    def ask_over(self, stream):
        stream.sendall(b"GET /ip-ranges.json HTTP/1.1\r\nHost: feed\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: stream.recv(65536), b""))

    @staticmethod
    def is_right(answer):
        return answer.startswith(b"HTTP/1.1 200 OK\r\n") and answer.endswith(b"}\n")


CLIENTS = {"udp": Udp, "persistent": Persistent, "new": New, "http": Http}


def measure(client, queries, rate):
    """Seconds of each answer, and how many did not come or were wrong."""
    took, failed, ended = [], 0, 0.0
    began = time.monotonic()
    for i in range(queries):
        planned, now = began + i / rate, time.monotonic()
        late = ended > planned
        if now < planned:
            time.sleep(planned - now)
        asked = planned if late else time.monotonic()
        try:
            failed += not client.is_right(client.ask())
        except OSError:
            failed += 1
        ended = time.monotonic()
        took.append(ended - asked)
    return sorted(took), failed


def lateness(times, rate):
    took = []
    for _ in range(times):
        wanted = time.monotonic() + 1 / rate
        time.sleep(1 / rate)
        took.append(time.monotonic() - wanted)
    return sorted(took), 0


def tell(took, failed):
    figures = {name: took[min(len(took) - 1, int(q * len(took)))] for name, q in
               (("p50", .5), ("p99", .99), ("p999", .999))}
    print(json.dumps({"answered": len(took) - failed, "failed": failed, **figures, "max": took[-1]}))


def main():
    kind, port, queries, rate = sys.argv[1], *map(int, sys.argv[2:5])
    gc.disable()
    if kind == "waking":
        tell(*lateness(queries, rate))
        return
    client = CLIENTS[kind](port, tls_context() if "--tls" in sys.argv else None)
    for _ in range(20):
        client.ask()
    tell(*measure(client, queries, rate))


if __name__ == "__main__":
    main()
