"""Real IRC clients and `pentad chat` write to each other through `pentad serve`, across a network:
the server on host B, two people on host A, one on B."""

import unittest

from chat_people import Irssi, Pentad, WeeChat, all_write_to_all
from chat_programs import ChatTest, NetworkPair, rule_networks
from command_programs import require, skip_if_sanitized

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
    skip_if_sanitized("other programs' timeouts do not allow for the sanitizers")
    unittest.main(verbosity=2)
