#!/usr/bin/env python3
"""The crowd of tests/bench/slow_http: many HTTP connections that do little, kept up until SIGTERM.

usage: http_crowd.py PORT CONNECTIONS [--tls]

A quarter says nothing; a quarter sends an octet of an endless request every 4 s; a quarter asks for the feed and takes an
octet of it every 4 s; a quarter asks every 4 s and reads the answers. They come from 120 addresses of the loopback
network. Whoever is cut off comes back at once. Prints "connected" when all are, and at the end a line of JSON.
"""
import select
import socket
import sys

import crowd

SOURCES = [f"127.0.2.{n}" for n in range(1, 121)]
ROLES = ("idle", "dribble", "sip", "ask")
ASKS = b"GET /ip-ranges.json HTTP/1.1\r\nHost: feed\r\n\r\n"
ENDLESS = b"GET /ip-ranges.json HTTP/1.1\r\nX: "
crowd.PERIOD = 4.0  # within the 5 s of inactivity that dnsd suffers


class Member(crowd.Member):
    def __init__(self, number):
        super().__init__(number)
        self.role = ROLES[number % len(ROLES)]

    def octets(self):
        self.sent += 1
        if self.role == "ask":
            return ASKS
        return ENDLESS[self.sent - 1:self.sent] or b"x"


class Crowd(crowd.Crowd):
    def __init__(self, port, count, context):
        super().__init__(port, count, context, SOURCES, Member)
        self.told["octets sipped"] = 0

    def connected(self, member):
        if member.role == "sip" and not self.context:
            member.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        super().connected(member)
        if member.ready and member.role == "sip":
            member.socket.send(ASKS)
            self.epoll.modify(member.socket.fileno(), select.EPOLLRDHUP)  # not when there is something to read

    def read(self, member):
        if member.role == "sip":
            self.give_up(member, "closed by dnsd")
        else:
            super().read(member)

    def do_its_part(self, member):
        if member.role != "sip":
            return super().do_its_part(member)
        if not member.socket.recv(1):
            raise ConnectionError("closed")
        return "octets sipped"


def main():
    port, count = map(int, sys.argv[1:3])
    crowd.keep_up(Crowd(port, count, crowd.context_of(sys.argv)))


if __name__ == "__main__":
    main()
