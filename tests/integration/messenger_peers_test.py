"""Real IRC clients and `pentad chat` write to each other through `pentad serve`, across a network:
the server on host B, two people on host A, one on B."""

import sys
import os
import unittest

from chat_people import Irssi, Pentad, WeeChat, all_write_to_all
from chat_programs import ChatTest, NetworkPair, rule_networks
from command_programs import require

require("irssi", "weechat-headless", "tmux", "unshare", "nsenter", "ip")
rule_networks()


class Peers(ChatTest):
    def test_write_to_each_other(self):
        networks = NetworkPair(self)
        address = self.serve(prefix=networks.in_b, listen=networks.b + ":0")
        host, port = address.removeprefix("irc://").split(":")
        people = [Irssi(self, networks.in_a, host, port),
                  WeeChat(self, networks.in_a, host, port),
                  Pentad(self, networks.in_b, host, port)]
        all_write_to_all(self, people)


if __name__ == "__main__":
    with open(os.environ["PENTAD"], "rb") as program:
        if b"__asan_init" in program.read():
            print("skipped: other programs' timeouts do not allow for the sanitizers")
            sys.exit(77)
    unittest.main(verbosity=2)
