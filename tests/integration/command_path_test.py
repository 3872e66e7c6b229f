"""`pentad path` against `pentad listen --echo --path`: hops are ordered and told apart, a slow wire
and a stopped receiver show where they are and nowhere else."""

import json
import signal
import socket
import threading
import time
import unittest

from command_programs import LIMIT, PENTAD, on_each_stack

HOPS = ("near_socket_to_stack", "near_stack_to_nic", "wire_there_and_back", "far_nic_to_program",
        "far_program", "far_socket_to_stack", "far_stack_to_nic", "near_nic_to_program")


def queue_of(port):
    """The length of the receive queue of a UDP port, which counts what it has given back, too."""
    with open("/proc/net/udp", encoding="ascii") as table:
        for line in table.readlines()[1:]:
            _, local, _, _, queues = line.split()[:5]
            if int(local.split(":")[1], 16) == port:
                return int(queues.split(":")[1], 16)
    raise LookupError(port)


class SlowRelay:
    """Passes datagrams between two hosts, each of them late."""

    def __init__(self, test, to, delay):
        self.to, self.delay = to, delay
        self.near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.near.bind(("127.0.0.1", 0))
        self.far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.far.connect(to)
        self.asker = None
        for work in self._pass_on, self._bring_back:
            threading.Thread(target=work, daemon=True).start()
        test.addCleanup(self.near.close)
        test.addCleanup(self.far.close)

    def address(self):
        return "udp://127.0.0.1:%d" % self.near.getsockname()[1]

    def _pass_on(self):
        while True:
            data, self.asker = self.near.recvfrom(65536)
            time.sleep(self.delay)
            self.far.send(data)

    def _bring_back(self):
        while True:
            data = self.far.recv(65536)
            time.sleep(self.delay)
            self.near.sendto(data, self.asker)


@on_each_stack
class Path:
    def path(self, address, *arguments):
        program = self.program(PENTAD, "path", "--stack", self.stack, address, "--json", *arguments)
        self.assertEqual(program.wait(), 0, program.errors)
        lines = [json.loads(line) for line in program.output.splitlines()]
        return [line for line in lines if line["type"] == "message"], lines[-1]

    def listener(self, scheme):
        listen = self.listen("--echo", "--path", "--keep", f"{scheme}://127.0.0.1:0")
        return listen, listen.address()

    def test_every_hop_that_linux_knows_is_there(self):
        for scheme in "tcp", "udp":
            with self.subTest(scheme):
                _, address = self.listener(scheme)
                messages, summary = self.path(address, "--count", "50", "--size", "1000")
                self.assertEqual(len(messages), 50)
                self.assertEqual(summary["count"], 50)
                self.assertEqual(summary["tuple"]["protocol"], scheme)
                self.assertEqual(f"{scheme}://127.0.0.1:%d" % summary["tuple"]["remote"]["port"],
                                 address)
                for hop in HOPS:
                    self.assertGreaterEqual(summary[hop]["p50"], 0, hop)
                # One stamp is all that Linux has on the way in.
                self.assertIsNone(summary["far_nic_to_stack"]["p50"])
                for message in messages:
                    known = [message[hop] for hop in HOPS]
                    if None not in known:  # the clock may have been set in between
                        self.assertLessEqual(sum(known), message["round_trip"] * 1.001)

    def test_a_slow_wire_is_on_the_wire_alone(self):
        listen, address = self.listener("udp")
        host, port = address.removeprefix("udp://").split(":")
        relay = SlowRelay(self, (host, int(port)), 0.01)
        _, summary = self.path(relay.address(), "--count", "10")
        wire = summary["wire_there_and_back"]["p50"]
        self.assertGreaterEqual(wire, 20_000_000)
        for hop in HOPS:
            if hop != "wire_there_and_back":
                self.assertLess(summary[hop]["p50"], 10_000_000, hop)

    def test_a_stopped_receiver_is_at_the_receiver_alone(self):
        listen, address = self.listener("udp")
        self.path(address, "--count", "1")  # Linux begins to stamp what arrives
        listen.signal(signal.SIGSTOP)
        port = int(address.rpartition(":")[2])

        empty = queue_of(port)

        def go_on_when_it_has_waited():
            while queue_of(port) == empty:
                time.sleep(0.001)
            time.sleep(0.05)
            listen.signal(signal.SIGCONT)

        threading.Thread(target=go_on_when_it_has_waited, daemon=True).start()
        messages, _ = self.path(address, "--count", "1")
        stopped = messages[0]["far_nic_to_program"]
        self.assertGreaterEqual(stopped, 50_000_000)
        for hop in HOPS:
            if hop != "far_nic_to_program":
                self.assertLess(messages[0][hop], stopped, hop)

    def test_the_table_has_the_line_of_the_path(self):
        _, address = self.listener("tcp")
        program = self.program(PENTAD, "path", "--stack", self.stack, address)
        self.assert_ends(program)
        text = program.output.decode()
        self.assertRegex(text, r"^tcp 127\.0\.0\.1:\d+ > 127\.0\.0\.1:\d+\nprogram -> socket")
        self.assertRegex(text, r"100 messages +median +90 % +99 %\n")
        self.assertRegex(text, r"wire, there and back +[\d.]+ us +[\d.]+ us +[\d.]+ us\n")
        self.assertNotIn("nic to stack ", text.replace("stack to nic", ""))

    def test_nobody_there_is_told(self):
        holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(holder.close)
        holder.bind(("127.0.0.1", 0))
        silent = "udp://127.0.0.1:%d" % holder.getsockname()[1]
        program = self.program(PENTAD, "path", "--stack", self.stack, silent, "--timeout", "0.1")
        self.assert_ends(program, 124, "no answer .*\n  On the far host: pentad listen --echo --path")

    def test_noise_does_not_disturb_it(self):
        listen, address = self.listener("udp")
        host, port = address.removeprefix("udp://").split(":")
        noise = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(noise.close)
        for data in b"", b"x", b"PATH", b"PATH" + 100 * b"\xff", 60_000 * b"\0":
            noise.sendto(data, (host, int(port)))
        peer = socket.create_connection(self.tcp_listener())
        self.addCleanup(peer.close)
        peer.settimeout(LIMIT)
        peer.sendall(1000 * b"noise")
        try:
            self.assertEqual(peer.recv(100), b"")
        except ConnectionResetError:
            pass  # disconnected with bytes unread
        self.path(address, "--count", "3")

    def tcp_listener(self):
        _, address = self.listener("tcp")
        host, port = address.removeprefix("tcp://").split(":")
        return host, int(port)


if __name__ == "__main__":
    unittest.main()
