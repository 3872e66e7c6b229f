"""The examples: the steps of the textbooks in order, and the echo server of the README."""

import os
import re
import socket
import time
import unittest

from command_programs import LIMIT, CommandTest

EXAMPLES = os.environ.get("PENTAD_EXAMPLES", "build/release/examples")


def example(name):
    return os.path.join(EXAMPLES, name)


def free_port(family, host):
    """A port that nobody has now."""
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def connected_to(address):
    """A connection to a server that may be about to start."""
    end = time.monotonic() + LIMIT
    while True:
        try:
            return socket.create_connection(address, LIMIT)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def steps_of(program):
    """What it printed: each step, and what it returned."""
    return [tuple(line.split(maxsplit=1)) for line in program.output.decode().splitlines()]


class Steps(CommandTest):
    def check(self, address, kind):
        server = self.program(example("steps_server"), address)
        server.await_output(b"\nlisten")
        at = re.search(r"listen +(\S+)", server.output.decode()).group(1)
        client = self.program(example("steps_client"), at, "hello, server")
        self.assert_ends(client)
        self.assert_ends(server)

        mine = dict(steps_of(client))["connect"].removeprefix("tcp ").split(" > ")[0]
        self.assertEqual(steps_of(server), [
            ("socket", f"a TCP socket for {kind}"),
            ("bind", at),
            ("listen", at),
            ("accept", f"tcp {at} > {mine}"),
            ("receive", "13 bytes: hello, server"),
            ("send", "13 bytes"),
            ("receive", "0 bytes: the client has sent all"),
            ("close", "done"),
        ])
        self.assertEqual(steps_of(client), [
            ("socket", f"a TCP socket for {kind}"),
            ("connect", f"tcp {mine} > {at}"),
            ("send", "13 bytes"),
            ("receive", "13 bytes: hello, server"),
            ("close", "done"),
        ])

    def test_over_ipv4(self):
        self.check("127.0.0.1:0", "IPv4")

    def test_over_ipv6(self):
        self.check("[::1]:0", "IPv6")

    def test_say_which_step_failed(self):
        address = f"127.0.0.1:{free_port(socket.AF_INET, '127.0.0.1')}"
        client = self.program(example("steps_client"), address)
        self.assert_ends(client, 1)
        self.assertEqual(steps_of(client)[-1], ("connect", "error: Connection refused"))

    def test_say_how_they_are_used(self):
        for name in ("steps_server", "steps_client"):
            self.assert_ends(self.program(example(name), "nonsense"), 2, f"usage: {name} ADDRESS")


class EchoServer(CommandTest):
    def test_sends_back_what_many_clients_say(self):
        address = ("127.0.0.1", free_port(socket.AF_INET, "127.0.0.1"))
        server = self.program(example("echo_server"), "%s:%d" % address)
        peers = [connected_to(address) for _ in range(20)]
        for number, peer in enumerate(peers):
            self.addCleanup(peer.close)
            peer.sendall(b"I am %d" % number)
        for number, peer in enumerate(peers):
            self.assertEqual(peer.recv(100), b"I am %d" % number)
        self.assertIsNone(server.process.poll())

    def test_says_why_it_cannot_listen(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            server = self.program(example("echo_server"), "127.0.0.1:%d" % taken.getsockname()[1])
            self.assert_ends(server, 1)
            self.assertIn(b"Address already in use", server.output)


class TwoHosts(CommandTest):
    def test_talk_over_a_bad_cable_in_one_process(self):
        first = self.program(example("two_hosts"))
        self.assert_ends(first)
        self.assertRegex(first.output, rb"^tcp 10\.0\.0\.2:7 > 10\.0\.0\.1:\d+\nhello\n$")
        again = self.program(example("two_hosts"))
        self.assert_ends(again)
        self.assertEqual(again.output, first.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
