"""`pentad bench`: what it measures adds up, on each stack; it says when it cannot."""

import json
import signal
import subprocess
import unittest

from command_programs import PENTAD, STACKS, CommandTest, server_of


class Bench(CommandTest):
    def serve(self, stack="kernel", address="tcp://127.0.0.1:0"):
        server = self.program(PENTAD, "bench", "tcp", "--stack", stack, "--server", address,
                              stdin=subprocess.DEVNULL)
        return server, server.address()

    def measure(self, address, *arguments, stack="kernel"):
        return self.program(PENTAD, "bench", "tcp", "--stack", stack, "--client", address,
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
                self.assertEqual(list(told["latency"]), ["min", "p50", "p90", "p99", "p999", "max"])
                percentiles = list(told["latency"].values())
                self.assertEqual(percentiles, sorted(percentiles))
                self.assertGreater(percentiles[0], 0)
                server.signal(signal.SIGTERM)
                self.assert_ends(server)

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
                                  (("tcp", "--client", "tcp://127.0.0.1:1", "--size", "0"), "--size"),
                                  (("tcp", "--client", "tcp://127.0.0.1:1", "--server",
                                    "tcp://127.0.0.1:0"), "excludes")):
            with self.subTest(arguments):
                self.assert_ends(self.program(PENTAD, "bench", *arguments), 2, reason)


if __name__ == "__main__":
    unittest.main(verbosity=2)
