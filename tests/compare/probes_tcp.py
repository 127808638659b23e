"""Rows about TCP: what a connection takes, in which pieces, and when it ends."""
import socket
import struct
import time

from probing import APEX, Connection, Outcome, Probe, SILENCE, tell
from wire import QR, message, opt, question

WWW = question(f"www.{APEX}")
LONGEST_WAIT = 15  # seconds for a server to end an idle connection


def framed(octets):
    return struct.pack("!H", len(octets)) + octets


def query(ident=0x1234, about=WWW):
    return message(about, ident=ident)


def then_another(connection, first=None):
    """What became of the connection, told by a good query after what was sent."""
    try:
        connection.send(query(0x4321))
    except ConnectionError:
        return "closed"
    answer = connection.take()
    if answer is None:
        return "closed" if connection.ended else "silence"
    if answer[:2] == b"\x43\x21":
        return "ignored, next answered"
    words = tell(answer, first or b"").text
    answer = connection.take()
    return words + (", next answered" if answer else ", closed" if connection.ended else ", next in silence")


def after(octets):
    """The row of a message that is no query, framed by its length."""
    def ask(port):
        with Connection(port) as connection:
            connection.send(octets)
            return then_another(connection, octets)
    return ask


def in_pieces(*pieces):
    """The row of a query whose octets come in segments of their own."""
    def ask(port):
        with Connection(port) as connection:
            connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.socket.sendall(piece)
                time.sleep(0.1)
            return tell(connection.take(), query()).text
    return ask


def pipelined(count, *abouts):
    def ask(port):
        with Connection(port, SILENCE * 3) as connection:
            connection.send(*[query(i, abouts[i % len(abouts)]) for i in range(count)])
            found = []
            while len(found) < count and (answer := connection.take()) is not None:
                found.append(int.from_bytes(answer[:2], "big"))
            order = "in order" if found == sorted(found) else "in another order"
            return f"{len(set(found))} answers, {order}"
    return ask


def counted(answers):
    return f"{answers} answer" + "s" * (answers != 1)


def half_closed(port):
    with Connection(port) as connection:
        connection.send(query(1), query(2))
        connection.socket.shutdown(socket.SHUT_WR)
        answers = sum(connection.take() is not None for _ in range(2))
        connection.take()
        return counted(answers) + ", " + ("closed" if connection.ended else "open")


def half_closed_in_a_message(port):
    with Connection(port) as connection:
        connection.socket.sendall(framed(query(1)) + framed(query(2))[:9])
        connection.socket.shutdown(socket.SHUT_WR)
        answers = sum(connection.take() is not None for _ in range(2))
        return counted(answers) + ", " + ("closed" if connection.ended else "open")


def largest(port):
    with Connection(port, SILENCE * 3) as connection:
        connection.send(message(question(f"huge.{APEX}", "TXT")))
        answer = connection.take()
        return tell(answer) if answer is None else Outcome(tell(answer).text + f" + {len(answer)} octets")


def beyond_the_largest(port):
    """The same RRset with an OPT record, for which there is no room."""
    with Connection(port, SILENCE * 3) as connection:
        asked = message(question(f"huge.{APEX}", "TXT"), opt(), counts=(1, 0, 0, 1))
        connection.send(asked)
        return tell(connection.take(), asked)


def payload_over_tcp(port):
    with Connection(port) as connection:
        asked = message(question(f"large.{APEX}", "TXT"), opt(payload=512), counts=(1, 0, 0, 1))
        connection.send(asked)
        return tell(connection.take(), asked).text


def idle(*before, partial=b""):
    """How long a connection stays that says nothing more after `before`."""
    def ask(port):
        with Connection(port, LONGEST_WAIT) as connection:
            connection.send(*before)
            for _ in before:
                connection.take()
            connection.socket.sendall(partial)
            began = time.monotonic()
            connection.take()
            took = time.monotonic() - began
            return f"closed after {took:.0f} s" if connection.ended else f"open after {LONGEST_WAIT} s"
    return ask


def not_read(port):
    """Whether a server goes on to take queries from a client that takes no answer."""
    asked = framed(message(question(f"huge.{APEX}", "TXT"))) * 100
    sent = 0
    with Connection(port, SILENCE * 2) as connection:
        try:
            while sent < 8 << 20:
                sent += connection.socket.send(asked)
        except TimeoutError:
            return "stops reading"
        except ConnectionError:
            return "closed"
    return "reads on"


ROWS = [Probe("TCP", name, ask, clause) for name, ask, clause in (
    ("100 queries in one segment", pipelined(100, WWW), "12.6"),
    ("mixed queries in one segment, large and small",
     pipelined(40, question(f"large.{APEX}", "TXT"), WWW, question("www.elsewhere.example")), "12.6"),
    ("the length prefix split", in_pieces(framed(query())[:1], framed(query())[1:]), "12.6"),
    ("a query in three segments", in_pieces(framed(query())[:2], framed(query())[2:9], framed(query())[9:]), "12.6"),
    ("length 0", after(b""), "12.7"),
    ("a message of 1 octet", after(b"x"), "12.7"),
    ("a message of 11 octets", after(query()[:11]), "12.7"),
    ("a header alone", after(message()), "1.4"),
    ("QR set", after(message(WWW, flags=QR)), "12.7"),
    ("QDCOUNT 2", after(message(WWW, WWW, counts=(2, 0, 0, 0))), "1.3"),
    ("60 octets of ff", after(b"\xff" * 60), "12.7"),
    ("opcode 5", after(message(question(APEX, "SOA"), opcode=5)), "1.7"),
    ("text of HTTP", in_pieces(b"GET / HTTP/1.1\r\nHost: compare.example\r\n\r\n"), "12.8"),
    ("half closed after two queries", half_closed, "12.10"),
    ("half closed within a query", half_closed_in_a_message, "12.10"),
    ("an answer of 65,535 octets", largest, "3.6"),
    ("the same with an OPT record, too large by 11", beyond_the_largest, "10.1"),
    ("payload 512, an RRset of 3,000 octets", payload_over_tcp, "3.6"),
    ("AXFR", after(message(question(APEX, "AXFR"))), "4.5"),
    ("IXFR", after(message(question(APEX, "IXFR"))), "4.5"),
    ("idle from the beginning", idle(), "12.8"),
    ("idle after an answer", idle(query()), "12.8"),
    ("idle within a query", idle(partial=framed(query())[:5]), "12.8"),
    ("a client that does not read", not_read, "12.10"),
)]
