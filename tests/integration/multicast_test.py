"""Multicast between two hosts: who joins is seen in the kernel's tables, hears what is sent to the
group, and is gone from the tables when it ends."""

import signal
import subprocess
import unittest

import namespaces
from command_programs import PENTAD, STACKS, CommandTest, require

PORT = 7000
# A group, as `%IF` of the listener has it, and as /proc/net/igmp and igmp6 write it.
GROUPS = (("0.0.0.0", "239.1.2.3", "igmp", "030201EF"),
          ("[::]", "ff15::1:2", "igmp6", "ff150000000000000000000000010002"))


def bracketed(group):
    return f"[{group}]" if ":" in group else group


class Multicast(CommandTest):
    def setUp(self):
        super().setUp()
        self.near, self.far = namespaces.hosts(self, "near", "far")
        namespaces.join(self.near, self.far, 1)

    def is_member(self, table, group):
        return group in self.far.do("cat", f"/proc/net/{table}")

    def test_the_group_is_joined_heard_and_left(self):
        for stack in STACKS:
            for any_address, group, table, entry in GROUPS:
                with self.subTest(stack=stack, group=group):
                    listen = self.far.program(
                        self, PENTAD, "listen", "--keep", "--stack", stack,
                        f"udp://{any_address}:{PORT}", "--multicast", f"{group}%eth-near")
                    listen.address()
                    self.assertTrue(self.is_member(table, entry))
                    connect = self.near.program(
                        self, PENTAD, "connect", "--stack", stack, "--wait", "0",
                        f"udp://{bracketed(group)}:{PORT}", "--multicast", f"{group}%eth-far")
                    # Datagrams may be lost, the more so on a cable that is new.
                    while b"to all\n" not in listen.output:
                        connect.write(b"to all\n")
                        listen.await_change(0.2)
                    connect.close_input()
                    self.assert_ends(connect)
                    listen.signal(signal.SIGINT)
                    self.assert_ends(listen)
                    self.assertFalse(self.is_member(table, entry))

    def test_hears_and_is_heard_by_other_programs(self):
        require("socat")
        listen = self.far.program(self, PENTAD, "listen", "--keep", f"udp://0.0.0.0:{PORT}",
                                  "--multicast", "239.1.2.3%eth-near")
        listen.address()
        self.near.program(self, "socat", "-u", "STDIN",
                          f"UDP4-DATAGRAM:239.1.2.3:{PORT},ip-multicast-if=10.9.1.1").write(b"socat\n")
        listen.await_output(b"socat\n")

        hears = self.near.program(
            self, "socat", "-u",
            f"UDP4-RECV:{PORT},ip-add-membership=239.1.2.3:10.9.1.1", "STDOUT",
            stdin=subprocess.DEVNULL)
        while "030201EF" not in self.near.do("cat", "/proc/net/igmp"):
            self.assertIsNone(hears.process.poll())
        connect = self.far.program(self, PENTAD, "connect", f"udp://239.1.2.3:{PORT}",
                                   "--multicast", "239.1.2.3%eth-near")
        connect.write(b"pentad\n")
        hears.await_output(b"pentad\n")


if __name__ == "__main__":
    namespaces.enter()
    unittest.main(verbosity=2)
