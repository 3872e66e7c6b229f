"""A bot on python3-irc, a bouncer (ZNC) and `pentad chat` write to each other through `pentad serve`,
across a network: the server on host B, the others on host A."""

import unittest

from chat_bots import PythonIrc, Znc, need_python_irc
from chat_people import Pentad, all_write_to_all
from chat_programs import ChatTest, NetworkPair, rule_networks
from command_programs import require, skip_if_sanitized

require("znc", "tmux", "unshare", "nsenter", "ip")
need_python_irc()
rule_networks()


class Bots(ChatTest):
    def setUp(self):
        super().setUp()
        self.networks = NetworkPair(self)
        address = self.serve(prefix=self.networks.in_b, listen=self.networks.b + ":0")
        self.host, self.port = address.removeprefix("irc://").split(":")

    def test_write_to_each_other(self):
        there = self.networks.in_a, self.host, self.port
        all_write_to_all(self, [PythonIrc(self, *there), Pentad(self, *there)])

    def test_a_bouncer_keeps_what_is_said_while_nobody_is_attached(self):
        there = self.networks.in_a, self.host, self.port
        bouncer = Znc(self, *there)
        ann = PythonIrc(self, *there, "ann")
        ann.join()
        zoe = bouncer.attach()
        zoe.join()
        zoe.say("hello from behind the bouncer")
        ann.sees("zoe", "hello from behind the bouncer")
        ann.say("hello zoe")
        zoe.sees("ann", "hello zoe")
        zoe.program.end()
        ann.say("said while zoe was away")
        ann.write_to("zoe", "and in person")
        back = bouncer.attach()
        back.sees("ann", "said while zoe was away")
        back.reads("ann", "and in person")


if __name__ == "__main__":
    skip_if_sanitized("other programs' timeouts do not allow for the sanitizers")
    unittest.main(verbosity=2)
