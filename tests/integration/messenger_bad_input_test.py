"""`pentad serve` and clients that mean it ill or know no better: it answers or drops the one, serves
the others, and its memory returns."""

import functools
import os
import random
import re
import resource
import signal
import socket
import unittest

from chat_programs import ChatTest, await_that
from command_programs import LIMIT, MEBIBYTE, is_sanitized, on_each_stack, reset

# The limit to the rate of messages would make each test last as long as it asks for.
SETTINGS = """[limits]
messages_per_second = 0
send_queue = 262144
registration_timeout = 600
"""

# What a server may keep of clients that are gone, all together.
KEPT = 4 * MEBIBYTE

SANITIZED = is_sanitized()


def owned_memory(pid):
    """Bytes of memory that are the process's own: Private_Dirty, proc_pid_smaps(5)."""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        return int(re.search(r"^Private_Dirty:\s+(\d+) kB$", rollup.read(), re.M).group(1)) * 1024


def open_descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Client:
    """A client that sends whatever it likes, and keeps what it receives until that was awaited."""

    def __init__(self, test, address, buffer=None):
        host, port = address.removeprefix("irc://").split(":")
        self.socket = socket.socket()
        test.addCleanup(self.socket.close)
        self.socket.settimeout(LIMIT)
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.connect((host, int(port)))
        self.received = b""

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def register(self, nick):
        self.send(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\n")

    def enter(self, nick):
        self.register(nick)
        self.send("JOIN #lobby\r\n")
        self.reads(rf":\S+ 366 {nick} #lobby .*")
        return self

    def reads(self, pattern):
        """Awaits a line that matches; the lines until then."""
        wanted = re.compile(rb"^" + pattern.encode() + rb"\r\n", re.M)
        searched = 0
        while not (found := wanted.search(self.received, searched)):
            searched = self.received.rfind(b"\n") + 1
            if not (data := self.socket.recv(MEBIBYTE)):
                raise AssertionError(f"the end instead of {pattern}: {self.received[-500:]}")
            self.received += data
        lines, self.received = self.received[:found.end()], self.received[found.end():]
        return lines

    def reads_to_the_end(self):
        """All that is left; a reset is an end, too."""
        try:
            while data := self.socket.recv(MEBIBYTE):
                self.received += data
        except ConnectionResetError:
            pass
        return self.received

    def finish(self):
        self.socket.shutdown(socket.SHUT_WR)


@functools.partial(on_each_stack, base=ChatTest)
class BadInput:
    def setUp(self):
        super().setUp()
        self.numbers = random.Random(1)
        path = self.folder + "/server.toml"
        with open(path, "w") as file:
            file.write(SETTINGS)
        self.address = self.serve("--stack", self.stack, "--config", path)
        self.pid = self.server.process.pid
        listening = open_descriptors(self.pid)
        self.alice = self.client().enter("alice")
        self.bob = self.client().enter("bob")
        self.descriptors = listening + 2
        self.said = 0
        # The first of everything is no growth.
        first = self.client().enter("first")
        first.send("QUIT\r\n")
        first.reads_to_the_end()
        first.socket.close()
        self.assert_serves()
        self.memory = owned_memory(self.pid)

    def client(self, **options):
        return Client(self, self.address, **options)

    def clients(self, count):
        return [self.client() for _ in range(count)]

    def assert_serves(self):
        """That a message reaches others; what they have received until then."""
        self.said += 1
        self.alice.send(f"PRIVMSG #lobby :message {self.said}\r\n")
        return self.bob.reads(rf":alice!\S+ PRIVMSG #lobby :message {self.said}")

    def await_departures(self):
        await_that(lambda: open_descriptors(self.pid) == self.descriptors,
                   lambda: f"{open_descriptors(self.pid)} descriptors, not {self.descriptors}")

    def assert_recovers(self):
        """That nothing is left of those who are gone, and that the server ends as it should."""
        self.await_departures()
        self.assert_serves()
        if not SANITIZED:  # it keeps what is freed, to find who uses it still
            await_that(lambda: owned_memory(self.pid) <= self.memory + KEPT,
                       lambda: f"{owned_memory(self.pid)} bytes, {self.memory} before")
        self.server.signal(signal.SIGTERM)
        self.assert_ends(self.server, 0, r"\Alistening on \S+\n\Z")
        self.assertRegex(self.bob.reads_to_the_end(), rb"ERROR :.*\r\n\Z")

    def random_bytes(self, size):
        return self.numbers.randbytes(size)

    def random_words(self, size):
        """Words of the protocol and bytes that mean something in it, in an order without sense."""
        words = (b"NICK ", b"USER ", b"JOIN ", b"PART ", b"PRIVMSG ", b"NAMES ", b"MODE ", b"WHO ",
                 b"WHOIS ", b"TOPIC ", b"CAP REQ ", b"CAP LS 302", b"CAP END", b"PING ", b"NOTICE ",
                 b"@time=1;", b"@", b":", b" ", b",", b"\r", b"\n", b"\r\n", b"#lobby", b"alice",
                 b"*", b"\0", b"\xff\xfe", b"+ov", b"eve", "\u00e9\u65e5".encode(), b"%n%s", b"-1")
        text = b""
        while len(text) < size:
            text += self.numbers.choice(words)
        return text

    def test_random_bytes(self):
        for make in (self.random_bytes, self.random_words):
            for registers in (False, True):
                with self.subTest(make.__name__, registers=registers):
                    clients = self.clients(50)
                    for number, client in enumerate(clients):
                        if registers:
                            client.register(f"noise{number}")
                        try:
                            client.send(make(20_000))
                            client.send(b"\r\n")
                            client.finish()
                        except (BrokenPipeError, ConnectionResetError):
                            pass  # it was dropped, which is an answer
                    for client in clients:
                        self.assertRegex(client.reads_to_the_end(), rb"\r\n\Z")
                    self.assert_serves()
        self.assert_recovers()

    def test_half_lines(self):
        patient, slow, gone = self.clients(3)
        patient.send("NICK pat")
        slow.send("NICK slow\r\nUSER slow 0 * :sl")
        gone.enter("gone")
        gone.send("PRIVMSG #lobby :half a li")
        gone.socket.close()
        self.assertNotIn(b"half a li", self.bob.reads(r":gone!\S+ QUIT .*"))
        for byte in "ow\r\n":
            slow.send(byte)
            self.assert_serves()
        slow.reads(r":\S+ 001 slow .*")
        patient.send("rick\r\nUSER p 0 * :p\r\n")
        patient.reads(r":\S+ 001 patrick .*")
        many = self.clients(500)
        for client in many:
            client.send("PRIVMSG #lobby :" + "x" * 400)
        self.assert_serves()
        for client in (patient, slow, *many):
            client.finish()
        for client in (patient, slow, *many):
            client.reads_to_the_end()
        self.assert_recovers()

    def test_lines_of_a_mebibyte(self):
        for size in (MEBIBYTE, 20 * MEBIBYTE):
            client = self.client().enter("long")
            client.send(b"PRIVMSG #lobby :" + b"x" * size + b"\r\nPING :and now\r\n")
            self.assertRegex(client.reads(r":\S+ PONG \S+ :and now"), rb" 417 long :")
            self.assertNotIn(b"xxx", self.assert_serves())
            client.send("QUIT\r\n")
            client.reads_to_the_end()
        # Those that do not end hold nothing back.
        clients = self.clients(50)
        for client in clients:
            client.send(b"x" * MEBIBYTE)
            client.reads(r":\S+ 417 \* :.*")
            if not SANITIZED:
                self.assertLess(owned_memory(self.pid), self.memory + KEPT)
        self.assert_serves()
        for client in clients:
            client.socket.close()
        self.assert_recovers()

    def test_bytes_that_are_not_utf8(self):
        client = self.client().enter("latin")
        for line in (b"PRIVMSG #lobby :caf\xe9", b"TOPIC #lobby :\xc0\x80", b"NICK \xff",
                     b"JOIN #\xed\xa0\x80", b"PRIVMSG #lobby :\xf5\x80\x80\x80"):
            client.send(line + b"\r\n")
            client.reads(r":\S+ FAIL (?!\*)\S+ INVALID_UTF8 :.*")
        client.send(b"\xff\xfe\xfd\r\n")
        client.reads(r":\S+ (421 latin|FAIL \*) .*")
        client.send("PRIVMSG #lobby :caf\u00e9\r\n")
        self.bob.reads(":latin!\\S+ PRIVMSG #lobby :caf\u00e9").decode()
        client.socket.close()
        self.assert_recovers()

    def test_a_client_that_never_reads(self):
        deaf = self.client(buffer=4096)
        deaf.register("deaf")
        deaf.send("JOIN #lobby\r\n")
        self.bob.reads(r":deaf!\S+ JOIN .*")
        heard = b""
        text = "x" * 400
        for number in range(100):
            burst = "".join(f"PRIVMSG #lobby :{number * 200 + n} {text}\r\n" for n in range(200))
            self.alice.send(burst)
            heard += self.bob.reads(rf":alice!\S+ PRIVMSG #lobby :{number * 200 + 199} {text}")
            if b" QUIT " in heard:
                break
        self.assertRegex(heard, rb"\r\n:deaf!\S+ QUIT :SendQ exceeded\r\n")
        numbers = re.findall(rb"PRIVMSG #lobby :(\d+) ", heard)
        self.assertEqual([int(each) for each in numbers], list(range((number + 1) * 200)))
        # It asks for more than it reads.
        deaf = self.client(buffer=4096)
        deaf.register("deaf")
        deaf.send("JOIN #lobby\r\n")
        with self.assertRaises(ConnectionError):
            while True:
                deaf.send("NAMES #lobby\r\nMOTD\r\nWHO #lobby\r\n" * 1000)
        self.bob.reads(r":deaf!\S+ QUIT .*")
        self.assert_recovers()

    def test_clients_that_reset(self):
        for part in ("", "NICK re", "whole lines"):
            clients = self.clients(100)
            for number, client in enumerate(clients):
                if part == "whole lines":
                    client.enter(f"reset{number}")
                    client.send("NAMES #lobby\r\n" * 5)
                else:
                    client.send(part)
            for client in clients:
                reset(client.socket)
            heard = self.assert_serves()
        while len(set(re.findall(rb"^:(reset\d+)!\S+ QUIT ", heard, re.M))) < len(clients):
            heard += self.bob.reads(r":reset\d+!\S+ QUIT .*")
        self.assert_recovers()

    def test_thousands_at_once(self):
        _, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))
        for _ in range(2):  # the second time, nothing is left of the first
            clients = self.clients(min(5000, allowed - 100))
            for number, client in enumerate(clients):
                client.register(f"one{number}")
            for number, client in enumerate(clients):
                client.reads(rf":\S+ 001 one{number} .*")
            self.assert_serves()
            # Each is reached, and each can speak.
            names = [f"one{number}" for number in range(len(clients))]
            for receiver, client in zip(names, clients[1:] + clients[:1]):
                client.send(f"PRIVMSG {receiver} :hello {receiver}\r\n")
            for receiver, client in zip(names, clients):
                client.reads(rf":one\d+!\S+ PRIVMSG {receiver} :hello {receiver}")
            self.assert_serves()
            for number, client in enumerate(clients):
                if number % 2 == 0:
                    reset(client.socket)
                else:
                    client.socket.close()
            self.await_departures()
        self.assert_recovers()


if __name__ == "__main__":
    unittest.main(verbosity=2)
