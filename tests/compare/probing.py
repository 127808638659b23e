"""What a row of the table of behaviours is, how it is sent, and how its outcome is told in a few words.

An outcome is text. What differs between servers by configuration alone (the ID in NSID, the octets of a cookie, a
timeout in keepalive) is left out of it, so that equal behaviour gives equal text; the size of the answer is beside it.
"""
import contextlib
import dataclasses
from typing import Callable, Optional, Union

import support
import wire

ADDRESS = "127.0.0.1"
SILENCE = 1.0     # seconds without an answer that count as silence; asked twice
APEX = "compare.example"


@dataclasses.dataclass
class Outcome:
    text: str
    size: Optional[int] = None


@dataclasses.dataclass(frozen=True)
class Probe:
    """`ask`: octets to send, or a function of the port that does it all and gives an Outcome or text. `show`: names of
    SHOWN, what to tell beside RCODE and kind of answer. `clause` of dnsd/BEHAVIOUR.md. `sized`: tell the size."""
    group: str
    name: str
    ask: Union[bytes, Callable]
    clause: str
    show: tuple = ()
    tcp: bool = False
    sized: bool = False

    def run(self, port):
        if callable(self.ask):
            outcome = self.ask(port)
            return outcome if isinstance(outcome, Outcome) else Outcome(outcome)
        exchange = over_tcp if self.tcp else over_udp
        outcome = tell(exchange(port, self.ask), self.ask, self.show)
        return outcome if self.sized else Outcome(outcome.text)


# ---- sending --------------------------------------------------------------------------------------------------------


def over_udp(port, octets):
    """The answer with the ID of the query, or None."""
    for _ in range(2):
        with support.UdpClient(port, ADDRESS, patience=SILENCE) as client, contextlib.suppress(OSError):
            client.socket.send(octets)
            while True:
                answer = client.socket.recv(65535)
                if answer[:2] == octets[:2] or len(octets) < 2:
                    return answer
    return None


class Connection(support.TcpClient):
    """A TCP client that takes whatever happens for a result."""

    def __init__(self, port, patience=SILENCE):
        super().__init__(port, ADDRESS, patience=patience)

    def take(self):
        """An answer, or None where none comes; `ended` then tells whether the server has closed."""
        self.ended = False
        octets = b""
        try:
            octets = self.octets(2)
            if len(octets) == 2:
                length = int.from_bytes(octets, "big")
                octets = self.octets(length)
                return octets if len(octets) == length else None
            self.ended = True
        except ConnectionError:
            self.ended = True
        except TimeoutError:
            pass
        return None


def over_tcp(port, octets):
    for _ in range(2):
        with Connection(port) as connection:
            connection.send(octets)
            answer = connection.take()
            if answer is not None or connection.ended:
                return answer if answer is not None else "closed"
    return None


# ---- telling --------------------------------------------------------------------------------------------------------


def tell(answer, asked=b"", show=()):
    if answer is None:
        return Outcome("silence")
    if answer == "closed":
        return Outcome("closed")
    reply = wire.read(answer)
    words = [reply.rcode + kind(reply)]
    if reply.flags & wire.TC:
        words.append("TC")
    words += ede(reply) + oddities(reply, asked)
    for shown in show:
        words += SHOWN[shown](reply)
    return Outcome(" + ".join(words), len(answer))


def kind(reply):
    """What a NOERROR holds."""
    if reply.rcode != "NOERROR" or reply.flags & wire.TC:
        return ""
    if reply.answer:
        return f" {len(reply.answer)} RR"
    delegates = wire.TYPES["NS"] in reply.authority and not reply.flags & wire.AA
    return " referral" if delegates else " NODATA" if wire.TYPES["SOA"] in reply.authority else " empty"


def ede(reply):
    return [f"EDE {int.from_bytes(data[:2], 'big')}" for code, data in reply.options if code == wire.EDE]


def oddities(reply, asked):
    """What no client expects of an answer to what it asked."""
    found = []
    if not reply.flags & wire.QR:
        found.append("QR clear")
    if not reply.whole:
        found.append("malformed")
    if asked[4:6] != b"\0\0" and reply.counts[0] == 0:
        found.append("no question")
    asked_opt = asked[10:12] != b"\0\0" and b"\0\0\x29" in asked
    if asked_opt != reply.has_opt:
        found.append("no OPT" if asked_opt else "OPT unasked")
    return found


def shown_options(reply):
    """All options but extended errors, which are told anyway."""
    for code, data in reply.options:
        if code == wire.COOKIE:
            yield f"cookie {len(data)}"
        elif code == wire.ECS:
            yield f"ECS family {int.from_bytes(data[:2], 'big')} /{data[2]}/{data[3]}" if len(data) >= 4 else "ECS"
        elif code != wire.EDE:
            yield wire.OPTIONS.get(code, f"option {code}")


def shown_flags(reply):
    yield " ".join(word for word, bit in wire.FLAGS.items() if reply.flags & bit) or "no flags"


def shown_opt(reply):
    yield f"DO {int(bool(reply.opt_flags & wire.DO))}, Z {reply.opt_flags & 0x7FFF:#x}" if reply.has_opt else "no OPT"


def shown_opcode(reply):
    yield f"opcode {reply.flags >> 11 & 15}"


SHOWN = {"options": shown_options, "flags": shown_flags, "opt": shown_opt,
         "opcode": shown_opcode}
