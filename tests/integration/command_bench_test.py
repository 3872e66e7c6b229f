"""`pentad bench`: what it measures adds up, on each stack; it says when it cannot."""

import json
import os
import signal
import socket
import subprocess
import unittest

from command_programs import LIMIT, PENTAD, STACKS, CommandTest, server_of


class Bench(CommandTest):
    def serve(self, stack="kernel", address="tcp://127.0.0.1:0"):
        server = self.program(PENTAD, "bench", address[:3], "--stack", stack, "--server", address,
                              stdin=subprocess.DEVNULL)
        return server, server.address()

    def measure(self, address, *arguments, stack="kernel"):
        return self.program(PENTAD, "bench", address[:3], "--stack", stack, "--client", address,
                            "--time", "0.2", *arguments, stdin=subprocess.DEVNULL)

    def test_measures_on_each_engine(self):
        for stack in STACKS:
            with self.subTest(stack):
                server, address = self.serve(stack)
                client = self.measure(address, "--json", "--size", "100", stack=stack)
                self.assert_ends(client)
                told = json.loads(client.output)
                self.assertEqual((told["protocol"], told["size"]), ("tcp", 100))
                self.assertGreater(told["messages"], 0)
                self.assertLessEqual(told["messages_per_second"], told["messages"] / 0.2)
                self.assertGreater(told["bytes"], 0)
                self.assertLessEqual(told["bytes_per_second"], told["bytes"] / 0.2)
                self.assert_are_percentiles(told["latency"])
                server.signal(signal.SIGTERM)
                self.assert_ends(server)

    def assert_are_percentiles(self, latency):
        self.assertEqual(list(latency), ["min", "p50", "p90", "p99", "p999", "max"])
        times = list(latency.values())
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[0], 0)

    def test_measures_datagrams_on_each_engine(self):
        for stack in STACKS:
            for address in "udp://127.0.0.1:0", "udp://[::1]:0":
                with self.subTest(stack=stack, address=address):
                    server, address = self.serve(stack, address)
                    client = self.measure(address, "--json", "--size", "100", stack=stack)
                    self.assert_ends(client)
                    told = json.loads(client.output)
                    self.assertEqual((told["protocol"], told["size"]), ("udp", 100))
                    self.assertGreater(told["messages"], 0)
                    self.assert_are_percentiles(told["latency"])
                    self.assertGreater(told["received_one_way"], 0)
                    self.assertLessEqual(told["received_one_way"], told["sent_one_way"])
                    self.assertEqual(told["bytes"], 100 * told["received_one_way"])
                    server.signal(signal.SIGTERM)
                    self.assert_ends(server)

    def test_measures_datagrams_larger_than_a_packet(self):
        server, address = self.serve(address="udp://127.0.0.1:0")
        client = self.measure(address, "--json", "--size", "65507")
        self.assert_ends(client)
        told = json.loads(client.output)
        self.assertEqual(told["bytes"], 65507 * told["received_one_way"])
        self.assertGreater(told["bytes"], 0)

    def test_a_server_of_datagrams_does_not_answer_noise(self):
        server, address = self.serve(address="udp://127.0.0.1:0")
        peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(peer.close)
        peer.settimeout(LIMIT)
        host, _, port = address.removeprefix("udp://").rpartition(":")
        peer.connect((host, int(port)))
        question = bytearray(b"BENC" + (1).to_bytes(4, "big") + bytes(32))
        for kind in 0, 2, 3, 5, 6:  # no kind, an answer, one way, told, no kind
            question[4:8] = kind.to_bytes(4, "big")
            peer.send(question)
        for noise in b"", b"BENC", os.urandom(1000):
            peer.send(noise)
        question[4:8] = (1).to_bytes(4, "big")
        peer.send(question)
        self.assertEqual(peer.recv(1000)[4:8], (2).to_bytes(4, "big"))
        peer.setblocking(False)
        with self.assertRaises(BlockingIOError):
            peer.recv(1000)
        server.signal(signal.SIGTERM)
        self.assert_ends(server)

    def test_says_when_nobody_answers_datagrams(self):
        peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(peer.close)
        peer.bind(("127.0.0.1", 0))
        address = f"udp://127.0.0.1:{peer.getsockname()[1]}"
        self.assert_ends(self.measure(address), 1, "timed out")
        peer.close()
        self.assert_ends(self.measure(address), 1, "refused\n.*pentad bench udp --server")

    def test_serves_many(self):
        server, address = self.serve()
        clients = [self.measure(address) for _ in range(3)]
        for client in clients:
            self.assert_ends(client)
            self.assertRegex(client.output.decode(), r"p50 [\d.]+[um]?s .*\n.*\n  [\d.]+[kMGT]?bit/s\n$")
        server.signal(signal.SIGINT)
        self.assert_ends(server)

    def test_says_why_it_cannot_measure(self):
        server, address = server_of(self, "tcp://127.0.0.1:0")
        server.close()
        self.assert_ends(self.measure(address), 1, "Connection refused\n.*pentad bench tcp --server")

    def test_does_not_measure_with_another_program(self):
        listen = self.program("sh", "-c", f"yes | {PENTAD} listen tcp://127.0.0.1:0")
        self.assert_ends(self.measure(listen.address()), 1, "Something else than pentad bench")

    def test_refuses_wrong_usage(self):
        for arguments, reason in ((("tcp",), "give --server ADDRESS or --client"),
                                  (("sctp", "--server", "tcp://127.0.0.1:0"), "sctp"),
                                  (("tcp", "--server", "unix:x"), "is not tcp://"),
                                  (("udp", "--server", "tcp://127.0.0.1:0"), "is not udp://"),
                                  (("udp", "--client", "udp://127.0.0.1:1", "--size", "39"),
                                   "40 to 65507"),
                                  (("tcp", "--client", "tcp://127.0.0.1:1", "--size", "0"), "--size"),
                                  (("tcp", "--client", "tcp://127.0.0.1:1", "--server",
                                    "tcp://127.0.0.1:0"), "excludes")):
            with self.subTest(arguments):
                self.assert_ends(self.program(PENTAD, "bench", *arguments), 2, reason)


if __name__ == "__main__":
    unittest.main(verbosity=2)
