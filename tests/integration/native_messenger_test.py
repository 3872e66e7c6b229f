"""The messenger on Pentad's own stack: irssi comes in from Linux's, and `pentad chat` from a second
host on the own stack, with Linux as the router between the two."""

import subprocess
import unittest

from chat_people import Irssi, Pentad, all_write_to_all
from chat_programs import ChatTest
from command_programs import require
from native_programs import LINUX, NATIVE, STACK, enter_own_network

require("irssi", "tmux", "ip", "unshare")
enter_own_network()

OTHER_STACK = "native:tap=pentad1,ip=10.9.3.2/24,gw=10.9.3.1,host=10.9.3.1/24"


class PentadOnItsOwnStack(Pentad):
    arguments = ("--stack", OTHER_STACK)


class Messenger(ChatTest):
    def test_on_the_own_stack_serves_people_on_both_stacks(self):
        subprocess.run(["sysctl", "-qw", "net.ipv4.ip_forward=1"], check=True)
        address = self.serve("--stack", f"{STACK},gw={LINUX}", listen=f"{NATIVE}:0")
        host, port = address.removeprefix("irc://").split(":")
        self.assertEqual(host, NATIVE)
        all_write_to_all(self, [Irssi(self, (), host, port),
                                PentadOnItsOwnStack(self, (), host, port)])

    def test_ends_by_a_signal_although_people_are_there(self):
        address = self.serve("--stack", STACK, listen=f"{NATIVE}:0")
        chat = self.chat(address, "--nick", "ann")
        chat.await_output(b"on #lobby")
        self.server.signal(15)
        self.assert_ends(self.server)
        self.assert_ends(chat, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
