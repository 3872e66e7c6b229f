"""A bot on irc-framework and `pentad chat` write to each other through `pentad serve`, across a
network."""

import unittest

from chat_bots import IrcFramework, node_modules
from chat_people import Pentad, all_write_to_all
from chat_programs import ChatTest, NetworkPair, rule_networks, skip
from command_programs import require, skip_if_sanitized

require("node", "tmux", "unshare", "nsenter", "ip")
if node_modules() is None:
    skip("irc-framework is not installed: ./dev setup test does that where npm can reach its registry")
rule_networks()


class Framework(ChatTest):
    def test_writes_to_others(self):
        networks = NetworkPair(self)
        address = self.serve(prefix=networks.in_b, listen=networks.b + ":0")
        host, port = address.removeprefix("irc://").split(":")
        all_write_to_all(self, [IrcFramework(self, networks.in_a, host, port),
                                Pentad(self, networks.in_b, host, port)])


if __name__ == "__main__":
    skip_if_sanitized("other programs' timeouts do not allow for the sanitizers")
    unittest.main(verbosity=2)
