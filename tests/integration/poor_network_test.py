"""Networks that lack something: no IPv6, packets of at most 1,280 bytes, a narrow line behind a full
socket buffer. What can work does, and the rest is told; nothing hangs."""

import hashlib
import json
import os
import subprocess
import unittest

import namespaces
from command_programs import MEBIBYTE, PENTAD, STACKS, CommandTest

PORT = 7000

# What Linux says of an address of IPv6 where the interfaces have none.
UNREACHABLE = "Cannot assign requested address|Network is unreachable|Permission denied"


class PoorNetwork(CommandTest):
    def setUp(self):
        super().setUp()
        self.hosts = namespaces.hosts(self, "near", "router", "far")
        self.near, self.router, self.far = self.hosts
        namespaces.join(self.near, self.router, 1)
        namespaces.join(self.router, self.far, 2)
        self.near.route("default", "via", "10.9.1.2")
        self.far.route("default", "via", "10.9.2.1")
        self.near.route("default", "via", "fd09:1::2")
        self.far.route("default", "via", "fd09:2::1")

    def at(self, host, *arguments, **options):
        return host.program(self, PENTAD, *arguments, **options)

    def test_without_ipv6_the_rest_goes_on(self):
        for host in self.hosts:
            host.set("ipv6.conf.all.disable_ipv6", 1)
        for stack in STACKS:
            with self.subTest(stack):
                self.assert_ends(self.at(self.far, "listen", "--stack", stack, "tcp://[::1]:0"), 1,
                                 "Cannot assign requested address")
                for kind in "tcp", "udp":
                    self.assert_ends(
                        self.at(self.near, "connect", "--stack", stack, f"{kind}://[fd09:2::2]:{PORT}"),
                        1, UNREACHABLE)
                ping = self.at(self.near, "ping", "--stack", stack, "-c", "1", "fd09:2::2")
                self.assert_ends(ping, 1)
                self.assertRegex(ping.output.decode(), UNREACHABLE)
                # All addresses of IPv6 are those of IPv4 as well.
                listen = self.at(self.far, "listen", "--stack", stack, "--echo", "tcp://[::]:0")
                port = listen.address().rpartition(":")[2]
                connect = self.at(self.near, "connect", "--stack", stack, f"tcp://10.9.2.2:{port}")
                connect.write(b"on IPv4\n")
                connect.await_output(b"on IPv4\n")

    def test_small_packets_carry_as_much(self):
        for near, far in ((self.near, self.router), (self.router, self.far)):
            near.do("ip", "link", "set", f"eth-{far.name}", "mtu", "1280")
            far.do("ip", "link", "set", f"eth-{near.name}", "mtu", "1280")
        self.carries_as_much()

    def test_a_narrow_path_behind_a_wide_link_is_found(self):
        self.router.do("ip", "link", "set", "eth-far", "mtu", "1280")
        self.far.do("ip", "link", "set", "eth-router", "mtu", "1280")
        self.carries_as_much()

    def carries_as_much(self):
        for stack in STACKS:
            for address in "tcp://10.9.2.2:0", "tcp://[fd09:2::2]:0":
                with self.subTest(stack=stack, address=address):
                    sent = os.urandom(2 * MEBIBYTE)
                    listen = self.at(self.far, "listen", "--stack", stack, address,
                                     stdin=subprocess.DEVNULL)
                    connect = self.at(self.near, "connect", "--stack", stack, listen.address())
                    connect.write(sent)
                    connect.close_input()
                    self.assert_ends(connect)
                    self.assert_ends(listen)
                    self.assertEqual(listen.digest.digest(), hashlib.sha256(sent).digest())
            for host in "10.9.2.2", "fd09:2::2":
                with self.subTest(stack=stack, host=host):
                    ping = self.at(self.near, "ping", "--stack", stack, "-c", "3", "-i", "0.2", "-s",
                                   "2000", "--json", host)
                    # The first may find out how narrow the path is.
                    self.assert_ends(ping)
                    self.assertGreaterEqual(json.loads(ping.output.splitlines()[-1])["received"], 2)

    def test_a_sender_waits_for_a_full_buffer(self):
        # The queue of the line has more room than the buffer of a socket, so nothing is lost, and a
        # sender that did not wait would send thousands of times as much.
        self.near.do("tc", "qdisc", "add", "dev", "eth-router", "root", "tbf", "rate", "4mbit",
                     "burst", "10k", "limit", "4m")
        for stack in STACKS:
            with self.subTest(stack):
                server = self.at(self.far, "bench", "udp", "--stack", stack, "--server",
                                 "udp://10.9.2.2:0", stdin=subprocess.DEVNULL)
                client = self.at(self.near, "bench", "udp", "--stack", stack, "--client",
                                 server.address(), "--size", "1000", "--time", "0.5", "--json",
                                 stdin=subprocess.DEVNULL)
                self.assert_ends(client)
                told = json.loads(client.output)
                self.assertEqual(told["sent_one_way"], told["received_one_way"])
                self.assertGreater(told["sent_one_way"], 0)
                server.end()


if __name__ == "__main__":
    namespaces.enter()
    unittest.main(verbosity=2)
