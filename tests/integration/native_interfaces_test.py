"""A host on Pentad's own stack with two network cards, each on the network of another host: packets
leave by the card whose subnet is the most specific, and programs are reached by both."""

import os
import subprocess
import unittest

import namespaces
from chat_programs import skip
from command_programs import PENTAD, CommandTest, require

require("ip", "unshare", "mount", "sysctl", "tshark")

STACK = ("native:tap=pentad1,ip=10.9.1.9/24,ip6=fd09:1::9/64,"
         "tap=pentad2,ip=10.9.2.9/24,ip6=fd09:2::9/64,gw=10.9.2.1")


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


class Interfaces(CommandTest):
    def setUp(self):
        super().setUp()
        self.hosts = namespaces.hosts(self, "near", "far")
        for number, host in enumerate(self.hosts, 1):
            ip("link", "add", f"bridge{number}", "type", "bridge")
            self.addCleanup(ip, "link", "delete", f"bridge{number}")
            ip("tuntap", "add", f"pentad{number}", "mode", "tap")
            self.addCleanup(ip, "link", "delete", f"pentad{number}")
            ip("link", "add", f"leg{number}", "type", "veth", "peer", "name", "eth0", "netns",
               host.name)
            # Linux may end a namespace, and what is in it, only later.
            self.addCleanup(ip, "link", "delete", f"leg{number}")
            for device in (f"leg{number}", f"pentad{number}"):
                ip("link", "set", device, "master", f"bridge{number}", "up")
            ip("link", "set", f"bridge{number}", "up")
            host.do("ip", "address", "add", f"10.9.{number}.1/24", "dev", "eth0")
            host.do("ip", "address", "add", f"fd09:{number}::1/64", "dev", "eth0", "nodad")
            host.do("ip", "link", "set", "eth0", "up")
        self.hosts[1].do("ip", "address", "add", "192.0.2.1/32", "dev", "lo")

    def test_each_network_is_reached_by_its_card_and_all_others_by_the_gateway(self):
        for target in ("10.9.1.1", "10.9.2.1", "fd09:1::1", "fd09:2::1", "192.0.2.1"):
            with self.subTest(target):
                self.assert_ends(self.program(PENTAD, "ping", "--count", "1", "--stack", STACK,
                                              target, stdin=subprocess.DEVNULL))

    def test_a_program_is_reached_by_both(self):
        listen = self.program(PENTAD, "listen", "--echo", "--keep", "--stack", STACK,
                              "tcp://0.0.0.0:7000", stdin=subprocess.DEVNULL)
        listen.address()
        for number, host in enumerate(self.hosts, 1):
            connect = host.program(self, PENTAD, "connect", f"tcp://10.9.{number}.9:7000")
            connect.write(b"hello\n")
            connect.await_output(b"hello\n")
            connect.close_input()
            self.assert_ends(connect)
        listen.signal(2)
        self.assert_ends(listen)

    def test_a_recording_has_each_frame_under_its_card(self):
        file = os.path.join(self.folder, "both.pcapng")
        for number in (1, 2):
            self.assert_ends(self.program(PENTAD, "ping", "--count", "1", "--stack",
                                          f"{STACK},record={file}{number}", f"10.9.{number}.1",
                                          stdin=subprocess.DEVNULL))
            seen = subprocess.run(
                ["tshark", "-r", f"{file}{number}", "-Y", "icmp", "-T", "fields", "-e",
                 "frame.interface_name", "-e", "icmp.type"], check=True, capture_output=True,
                text=True).stdout
            self.assertEqual(seen, f"pentad{number}\t8\npentad{number}\t0\n")


if __name__ == "__main__":
    namespaces.enter()
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        skip("/dev/net/tun is missing or forbidden")
    unittest.main(verbosity=2)
