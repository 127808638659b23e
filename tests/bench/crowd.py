#!/usr/bin/env python3
"""The crowd of tests/bench/many_connections: many connections that do little, kept up until SIGTERM.

usage: crowd.py PORT CONNECTIONS [--tls]

A quarter says nothing, a quarter sends an octet of a query every 5 s, half asks every 5 s and reads the answer. They come
from 20 addresses of the loopback network. Prints "connected" when all are, and at the end a line of JSON.
"""
import collections
import heapq
import json
import pathlib
import random
import select
import signal
import socket
import ssl
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
import dns_message  # pylint: disable=wrong-import-position

SERVER, SOURCES, PERIOD = "127.0.0.1", [f"127.0.1.{n}" for n in range(1, 21)], 5.0
AT_ONCE = 100  # connections being made
QUERY = dns_message.query("us-street.api.example.com", "A", edns=1232)
FRAMED = len(QUERY).to_bytes(2, "big") + QUERY
ROLES = ("idle", "dribble", "ask", "ask")


class Member:
    """One connection. `sent`: octets of its query that are out."""

    def __init__(self, number):
        self.number, self.role, self.sent, self.ready, self.socket = number, ROLES[number % 4], 0, False, None

    def octets(self):
        """What it sends next."""
        if self.role == "ask":
            return FRAMED
        octet = FRAMED[self.sent:self.sent + 1]
        self.sent = (self.sent + 1) % len(FRAMED)
        return octet


class Crowd:
    def __init__(self, port, count, context, sources=tuple(SOURCES), member=Member):
        self.port, self.context, self.sources = port, context, sources
        self.epoll = select.epoll()
        self.by_descriptor = {}
        self.waiting = collections.deque(map(member, range(count)))
        self.under_way = 0
        self.due = []  # (when, number, member)
        self.told = collections.Counter({"asked": 0, "answers": 0, "octets dribbled": 0, "closed by dnsd": 0, "errors": 0})
        self.random = random.Random(1)

    def connect_some(self):
        while self.waiting and self.under_way < AT_ONCE:
            member = self.waiting.popleft()
            stream = socket.socket()
            stream.setblocking(False)
            stream.setsockopt(socket.SOL_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: ports count for each address and server
            stream.bind((self.sources[member.number % len(self.sources)], 0))
            stream.connect_ex((SERVER, self.port))
            member.socket, member.ready = stream, False
            self.by_descriptor[stream.fileno()] = member
            self.epoll.register(stream.fileno(), select.EPOLLOUT)
            self.under_way += 1

    def connected(self, member):
        """TCP is; whether TLS is too, where it is wanted."""
        if self.context and not isinstance(member.socket, ssl.SSLSocket):
            descriptor = member.socket.fileno()
            member.socket = self.context.wrap_socket(member.socket, do_handshake_on_connect=False)
            if member.socket.fileno() != descriptor:
                raise OSError("another descriptor")
        if self.context:
            try:
                member.socket.do_handshake()
            except ssl.SSLWantReadError:
                self.epoll.modify(member.socket.fileno(), select.EPOLLIN)
                return
            except ssl.SSLWantWriteError:
                self.epoll.modify(member.socket.fileno(), select.EPOLLOUT)
                return
        member.ready = True
        self.under_way -= 1
        self.epoll.modify(member.socket.fileno(), select.EPOLLIN)
        if member.role != "idle":
            heapq.heappush(self.due, (time.monotonic() + self.random.random() * PERIOD, member.number, member))

    def read(self, member):
        try:
            octets = member.socket.recv(65536)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        if octets:
            self.told["answers"] += 1
        else:
            self.give_up(member, "closed by dnsd")

    def give_up(self, member, why):
        """Its connection is over; it comes back with another one."""
        self.told[why] += 1
        del self.by_descriptor[member.socket.fileno()]
        self.epoll.unregister(member.socket.fileno())
        member.socket.close()
        self.under_way -= not member.ready
        member.ready, member.sent = False, 0
        self.waiting.append(member)

    def act(self):
        """Sends what is due."""
        now = time.monotonic()
        while self.due and self.due[0][0] <= now:
            when, number, member = heapq.heappop(self.due)
            if not member.ready:
                continue
            try:
                self.told[self.do_its_part(member)] += 1
                heapq.heappush(self.due, (when + PERIOD, number, member))
            except OSError:
                self.give_up(member, "errors")

    def do_its_part(self, member):
        """As what it counts."""
        member.socket.send(member.octets())
        return "asked" if member.role == "ask" else "octets dribbled"

    def turn(self):
        self.connect_some()
        wait = max(0.0, min(0.1, self.due[0][0] - time.monotonic())) if self.due else 0.1
        for descriptor, events in self.epoll.poll(wait, 512):
            member = self.by_descriptor[descriptor]
            try:
                if member.ready:
                    self.read(member)
                elif events & (select.EPOLLERR | select.EPOLLHUP):
                    self.give_up(member, "errors")
                else:
                    self.connected(member)
            except OSError:
                self.give_up(member, "errors")
        self.act()

    def is_whole(self):
        return not self.waiting and not self.under_way


def context_of(arguments):
    if "--tls" not in arguments:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def keep_up(crowd):
    """Until SIGTERM."""
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    said = False
    while not ended:
        crowd.turn()
        if not said and crowd.is_whole():
            said = True
            print("connected", flush=True)
    print(json.dumps(crowd.told))


def main():
    port, count = map(int, sys.argv[1:3])
    keep_up(Crowd(port, count, context_of(sys.argv)))


if __name__ == "__main__":
    main()
