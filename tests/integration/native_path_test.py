"""`pentad path` between two hosts on Pentad's own stack: every hop of the line from program to
program and back has its time, behind TAP devices and on interfaces of Linux."""

import json
import os
import subprocess
import unittest

import namespaces
from chat_programs import skip
from command_programs import PENTAD, CommandTest, require

require("ip", "unshare", "mount", "sysctl")

HOPS = ("near_socket_to_stack", "near_stack_to_nic", "wire_there_and_back", "far_nic_to_stack",
        "far_nic_to_program", "far_program", "far_socket_to_stack", "far_stack_to_nic",
        "near_nic_to_stack", "near_nic_to_program", "round_trip")
NEAR, FAR = "10.9.1.11", "10.9.1.12"


class EveryHop(CommandTest):
    def setUp(self):
        super().setUp()
        self.near, self.far = namespaces.hosts(self, "near", "far")
        namespaces.join(self.near, self.far, 1)

    def behind_tap(self, host, device):
        """A TAP device that a bridge joins to the cable."""
        host.do("ip", "link", "add", "bridge0", "type", "bridge")
        host.do("ip", "tuntap", "add", "tap0", "mode", "tap")
        for each in device, "tap0":
            host.do("ip", "link", "set", each, "master", "bridge0", "up")
        host.do("ip", "link", "set", "bridge0", "up")

    def check_every_hop(self, near_stack, far_stack):
        for scheme in "tcp", "udp":
            with self.subTest(scheme):
                listen = self.far.program(self, PENTAD, "listen", "--echo", "--path", "--stack",
                                          far_stack, f"{scheme}://{FAR}:7000",
                                          stdin=subprocess.DEVNULL)
                listen.address()
                path = self.near.program(self, PENTAD, "path", "--stack", near_stack, "--json",
                                         "--count", "20", f"{scheme}://{FAR}:7000")
                self.assertEqual(path.wait(), 0, path.errors)
                lines = [json.loads(line) for line in path.output.splitlines()]
                messages = [line for line in lines if line["type"] == "message"]
                self.assertEqual(len(messages), 20)
                for hop in HOPS:
                    for each in messages:
                        self.assertIsNotNone(each[hop], hop)
                    self.assertGreaterEqual(lines[-1][hop]["p50"], 0, hop)
                listen.signal(2)
                listen.wait()

    def test_on_interfaces_of_linux(self):
        self.check_every_hop(f"native:packet=eth-far,ip={NEAR}/24",
                             f"native:packet=eth-near,ip={FAR}/24")

    def test_behind_tap_devices(self):
        self.behind_tap(self.near, "eth-far")
        self.behind_tap(self.far, "eth-near")
        self.check_every_hop(f"native:tap=tap0,ip={NEAR}/24", f"native:tap=tap0,ip={FAR}/24")


if __name__ == "__main__":
    namespaces.enter()
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        skip("/dev/net/tun is missing or forbidden")
    unittest.main(verbosity=2)
