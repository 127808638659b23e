#!/usr/bin/env python3
"""DNS over TCP (RFC 7766) with clients that are slow, hasty, rude or many."""
import socket
import threading
import time

import dns_message
from support import LOOPBACKS, PATIENCE, SystemTest, main, run, wait_for

NAME = "www.api.example.com."
IDLE = 2  # seconds
LIMITS = f"tcp: {{max_connections: 8, max_per_client: 4, idle_timeout: {IDLE}s}}"


def framed(message):
    return len(message).to_bytes(2, "big") + message


class Tcp(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.dnsd = cls.share(workers=1, settings=f"tcp: {{idle_timeout: {IDLE}s}}")

    def counters(self):
        return self.dnsd.control("status")["queries"]

    def check(self, message, ident=None):
        self.assertEqual(message.data("A"), ["192.0.2.80"])
        if ident is not None:
            self.assertEqual(message.id, ident)

    def test_octet_by_octet(self):
        """A client that dribbles is answered, if it comes to an end within the time."""
        wanted = framed(dns_message.query(NAME, ident=7))
        with self.dnsd.tcp() as client:
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for octet in wanted:
                client.socket.sendall(bytes([octet]))
                time.sleep(IDLE * 0.5 / len(wanted))
            self.check(client.message(), 7)

    def test_octet_by_octet_for_ever(self):
        """One that does not is cut: an octet now and then holds no connection."""
        wanted = framed(dns_message.query(NAME))
        began = time.monotonic()
        with self.dnsd.tcp() as client, self.assertRaises(OSError):
            for octet in wanted:
                client.socket.sendall(bytes([octet]))
                time.sleep(IDLE * 3 / len(wanted))
            client.octets(1)
            raise AssertionError("the connection was not ended")
        self.assertLess(time.monotonic() - began, IDLE * 3)
        self.assertGreater(time.monotonic() - began, IDLE * 0.9)

    def test_slow_clients_delay_nobody(self):
        slow = [self.enterContext(self.dnsd.tcp()) for _ in range(50)]
        for client in slow:
            client.socket.sendall(framed(dns_message.query(NAME))[:5])
        began = time.monotonic()
        for _ in range(20):
            self.check(self.dnsd.ask_tcp(NAME))
            self.check(self.dnsd.ask(NAME))
        self.assertLess(time.monotonic() - began, IDLE)

    def test_a_hundred_queries_in_one_segment(self):
        queries = [dns_message.query(f"agent-{i % 12 + 1}.api.example.com.", ident=i) for i in range(100)]
        with self.dnsd.tcp() as client:
            client.send(*queries)
            answers = {}
            for _ in queries:
                message = client.message()
                answers[message.id] = message.data("A")
        self.assertEqual(answers, {i: [f"192.0.2.{100 + i % 12 + 1}"] for i in range(100)})

    def test_many_more_than_fit_at_once(self):
        """A client that sends long before it reads: its queries wait, none is lost, and all keep their order."""
        count = 60000
        octets = b"".join(framed(dns_message.query("us-street.api.example.com.", ident=i)) for i in range(count))
        with self.dnsd.tcp() as client:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
            sender = threading.Thread(target=client.socket.sendall, args=(octets,))
            sender.start()
            time.sleep(IDLE / 4)
            waited = sender.is_alive()  # the server takes no more before we read
            stream = client.socket.makefile("rb")
            for i in range(count):
                answer = stream.read(int.from_bytes(stream.read(2), "big"))
                self.assertEqual((answer[:2], answer[6:8]), (i.to_bytes(2, "big"), b"\0\x08"))
            sender.join()
        self.assertTrue(waited)

    def test_half_close(self):
        """A client that has said all it wants still hears the answers (RFC 9293 3.6)."""
        with self.dnsd.tcp() as client:
            client.send(*[dns_message.query(NAME, ident=i) for i in range(10)])
            client.socket.shutdown(socket.SHUT_WR)
            for i in range(10):
                self.check(client.message(), i)
            self.assertTrue(client.is_closed())

    def test_half_close_in_the_middle_of_a_query(self):
        with self.dnsd.tcp() as client:
            client.socket.sendall(framed(dns_message.query(NAME, ident=1)) + framed(dns_message.query(NAME))[:9])
            client.socket.shutdown(socket.SHUT_WR)
            self.check(client.message(), 1)
            self.assertTrue(client.is_closed())

    def test_idle_connections_end(self):
        before = self.counters()["tcp_timed_out"]
        with self.dnsd.tcp() as silent, self.dnsd.tcp() as once:
            once.send(dns_message.query(NAME))
            self.check(once.message())
            began = time.monotonic()
            for client in (silent, once):
                self.assertTrue(client.is_closed(IDLE * 3))
            took = time.monotonic() - began
        self.assertGreater(took, IDLE * 0.8)
        self.assertLess(took, IDLE * 2)
        self.assertEqual(self.counters()["tcp_timed_out"], before + 2)

    def test_a_connection_in_use_stays(self):
        with self.dnsd.tcp() as client:
            for _ in range(5):
                client.send(dns_message.query(NAME))
                self.check(client.message())
                time.sleep(IDLE * 0.6)

    def test_length_zero_ends_the_connection(self):
        with self.dnsd.tcp() as client:
            client.socket.sendall(b"\0\0" + framed(dns_message.query(NAME)))
            self.assertTrue(client.is_closed())
        with self.dnsd.tcp() as client:
            client.socket.sendall(framed(dns_message.query(NAME)) + b"\0\0")
            self.check(client.message())
            self.assertTrue(client.is_closed())

    def test_what_is_no_dns(self):
        """Text of another protocol, frames too short for a header: the connection ends or the query is FORMERR."""
        for octets in (b"GET / HTTP/1.1\r\n\r\n", framed(b"x"), framed(b"\0" * 11), b"\xff" * 70000):
            with self.dnsd.tcp() as client:
                try:
                    client.socket.sendall(octets)
                    self.assertTrue(client.is_closed(IDLE * 2))
                except ConnectionError:
                    pass
            self.check(self.dnsd.ask_tcp(NAME))
        with self.dnsd.tcp() as client:  # a header that announces a question and ends
            client.send(dns_message.query(NAME, ident=9)[:12])
            self.assertEqual(client.message().rcode, "FORMERR")

    def test_rude_ends_leave_nothing(self):
        """Connections that are reset in the middle of anything are forgotten."""
        for cut in (0, 1, 5, 20, 200):
            with self.dnsd.tcp() as client:
                client.socket.sendall(framed(dns_message.query(NAME))[:cut] if cut < 50 else
                                      framed(dns_message.query(NAME)) * 50)
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        wait_for(lambda: self.counters()["tcp_open"] == 0, "no connection is left")

    def test_clients_that_keep_their_connection(self):
        for at in LOOPBACKS:
            output = run("kdig", f"@{at}", "-p", self.dnsd.port, "+tcp", "+keepopen", "+short",
                         *[word for _ in range(20) for word in ("-q", NAME)])
            self.assertEqual(output.split(), ["192.0.2.80"] * 20)
            output = run("dig", f"@{at}", "-p", self.dnsd.port, "+tcp", "+keepopen", "+short", NAME, NAME, NAME)
            self.assertEqual(output.split(), ["192.0.2.80"] * 3)


class Limits(SystemTest):
    def setUp(self):
        super().setUp()
        self.dnsd = self.daemon(workers=1, settings=LIMITS)

    def connect(self, source):
        return self.enterContext(self.dnsd.tcp(source=source))

    def busy(self, source):
        """A connection that has had an answer, so that it is known to have been accepted."""
        client = self.connect(source)
        client.send(dns_message.query(NAME))
        self.assertEqual(client.message().data("A"), ["192.0.2.80"])
        return client

    def open_now(self):
        return self.dnsd.control("status")["queries"]["tcp_open"]

    def test_one_client_cannot_take_all(self):
        """Its fifth connection costs it one of the four it has; others are not touched."""
        other = self.busy("127.0.0.3")
        mine = [self.busy("127.0.0.2") for _ in range(6)]
        wait_for(lambda: self.open_now() == 5, "four of the one, one of the other")
        self.assertEqual([client.is_closed(0.2) for client in mine], [True, True, False, False, False, False])
        other.send(dns_message.query(NAME))
        self.assertEqual(other.message().data("A"), ["192.0.2.80"])

    def test_under_load_the_idle_timeout_shrinks(self):
        """2 s up to half of the connections, 1 s where all are taken; what is idle for longer goes at once."""
        idle = [self.busy(f"127.0.3.{i}") for i in range(1, 5)]
        time.sleep(1.3)
        self.assertEqual(self.open_now(), 4)
        for i in range(5, 9):
            self.busy(f"127.0.3.{i}")
        self.assertTrue(idle[0].is_closed(0.3))
        self.assertEqual(self.dnsd.control("status")["queries"]["tcp_evicted"], 0)
        self.assertGreaterEqual(self.dnsd.control("status")["queries"]["tcp_timed_out"], 1)

    def test_all_together_have_a_limit(self):
        clients = [self.busy(f"127.0.1.{i}") for i in range(1, 13)]
        self.assertEqual(self.open_now(), 8)
        closed = [client.is_closed(0.02) for client in clients]  # soon: at the limit the idle timeout is 1 s
        self.assertEqual(closed, [True] * 4 + [False] * 8)
        self.assertEqual(self.dnsd.ask(NAME).data("A"), ["192.0.2.80"])
        self.assertEqual(self.dnsd.control("status")["queries"]["tcp_evicted"], 4)

    def test_after_the_crowd_everybody_is_served_again(self):
        for _ in range(5):
            crowd = [self.connect(f"127.0.2.{i}") for i in range(1, 20)]
            for client in crowd:
                client.socket.close()
        wait_for(lambda: self.open_now() == 0, "the crowd has gone")
        for _ in range(8):
            self.assertEqual(self.dnsd.ask_tcp(NAME).data("A"), ["192.0.2.80"])


if __name__ == "__main__":
    main()
