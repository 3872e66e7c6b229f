"""Groups that programs on Pentad's own stack are in: what a bridge of Linux, as a querier that
listens, learns of them, and what tshark reads of the reports."""

import os
import shutil
import signal
import subprocess
import unittest

from chat_programs import await_that
from command_programs import PENTAD, CommandTest, require
from native_programs import enter_own_network

require("ip", "bridge", "unshare", "tshark")
enter_own_network()

NATIVE = "native:tap=pentad0,ip=10.9.2.2/24,ip6=fd09::2/64"
GROUPS = (("0.0.0.0", "239.1.2.3", "igmp"), ("[::]", "ff15::1:2", "icmpv6"))


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


def members():
    """What the bridge knows of groups, a line each."""
    return subprocess.run(["bridge", "mdb", "show"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout


class Groups(CommandTest):
    def bridge(self):
        ip("link", "add", "bridge0", "type", "bridge", "mcast_snooping", "1", "mcast_querier", "1",
           "mcast_igmp_version", "3", "mcast_mld_version", "2",
           "mcast_query_response_interval", "100", "mcast_last_member_interval", "50",
           "mcast_startup_query_interval", "100")
        self.addCleanup(ip, "link", "delete", "bridge0")
        ip("address", "add", "10.9.2.1/24", "dev", "bridge0")
        ip("tuntap", "add", "pentad0", "mode", "tap")
        self.addCleanup(ip, "link", "delete", "pentad0")
        ip("link", "set", "pentad0", "master", "bridge0", "up")
        ip("link", "set", "bridge0", "up")

    def member(self, any_address, group, record):
        """A program that is in the group, once the bridge knows."""
        listen = self.program(PENTAD, "listen", "--keep", "--stack", f"{NATIVE},record={record}",
                              f"udp://{any_address}:7000", "--multicast", f"{group}%pentad0")
        listen.address()
        await_that(lambda: group in members(), lambda: f"{group} on the bridge: {listen.errors}")
        return listen

    def end(self, listen, group):
        listen.signal(signal.SIGINT)
        self.assert_ends(listen)
        # The bridge asks whether anybody is left.
        await_that(lambda: group not in members(), f"the end of {group}")

    def messages(self, record, display_filter, *fields):
        lines = subprocess.run(
            ["tshark", "-r", record, "-Y", display_filter, "-T", "fields",
             *(argument for field in fields for argument in ("-e", field))],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        return [line.split("\t") for line in lines.splitlines()]

    def test_an_interface_is_one_of_the_stack(self):
        listen = self.program(PENTAD, "listen", "--stack", NATIVE, "udp://0.0.0.0:0",
                              "--multicast", "239.1.2.3%lo1")
        self.assert_ends(listen, 1, "(?s).*The stack has no interface of that name.*")

    def test_a_bridge_learns_of_groups(self):
        self.bridge()
        for any_address, group, protocol in GROUPS:
            with self.subTest(group):
                record = os.path.join(self.folder, protocol)
                self.end(self.member(any_address, group, record), group)
                self.assertEqual(self.messages(record, "_ws.malformed", "frame.number"), [])
        igmp = self.messages(os.path.join(self.folder, "igmp"), "igmp.type == 0x22 "
                             "&& igmp.maddr == 239.1.2.3", "igmp.record_type", "ip.ttl", "ip.opt.ra",
                             "igmp.checksum.status")
        self.assertIn(["4", "1", "0", "1"], igmp)
        self.assertEqual(igmp[-1][0], "3")
        mld = self.messages(os.path.join(self.folder, "icmpv6"), "icmpv6.type == 143 && "
                            "icmpv6.mldr.mar.multicast_address == ff15::1:2",
                            "icmpv6.mldr.mar.record_type", "ipv6.hlim", "icmpv6.checksum.status")
        self.assertTrue(any(record.startswith("4") for record, hops, good in mld
                            if (hops, good) == ("1", "1")), mld)
        self.assertIn("3", mld[-1][0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
