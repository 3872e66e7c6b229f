"""Pentad's own stack on the link of an interface of Linux (`--stack native:packet=...`): it talks to
another machine's Linux, beside this machine's, and says what is wrong when it cannot."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import unittest

import namespaces
from command_programs import MEBIBYTE, PENTAD, CommandTest, require

require("ip", "unshare", "ping")

PORT = 7000
NATIVE, NATIVE_6 = "10.9.1.11", "fd09:1::11"
STACK = f"native:packet=eth-far,ip={NATIVE}/24,ip6={NATIVE_6}/64"


class OnAnInterface(CommandTest):
    def setUp(self):
        super().setUp()
        self.near, self.far = namespaces.hosts(self, "near", "far")
        self.near.set("ipv4.ip_forward", 0)
        self.near.set("ipv6.conf.all.forwarding", 0)
        namespaces.join(self.near, self.far, 1)

    def native(self, command, *arguments, stack=STACK, **options):
        return self.near.program(self, PENTAD, command, "--stack", stack, *arguments, **options)

    def linux(self, command, *arguments, **options):
        return self.far.program(self, PENTAD, command, *arguments, **options)

    def carry(self, sender, receiver, mebibytes=64):
        """From a program to another that listens at its address already."""
        digest = hashlib.sha256()
        for _ in range(mebibytes):
            piece = os.urandom(MEBIBYTE)
            digest.update(piece)
            sender.write(piece)
        sender.close_input()
        self.assert_ends(sender)
        self.assert_ends(receiver)
        self.assertEqual(receiver.digest.digest(), digest.digest())

    def test_carries_bytes_both_ways(self):
        for native, linux in ((NATIVE, "10.9.1.2"), (f"[{NATIVE_6}]", "[fd09:1::2]")):
            with self.subTest(to=native):
                listen = self.native("listen", f"tcp://{native}:{PORT}", stdin=subprocess.DEVNULL)
                self.carry(self.linux("connect", listen.address()), listen)
            with self.subTest(to=linux):
                listen = self.linux("listen", f"tcp://{linux}:{PORT}", stdin=subprocess.DEVNULL)
                listen.address()
                self.carry(self.native("connect", f"tcp://{linux}:{PORT}"), listen)

    def test_says_how_frames_come_in(self):
        listen = self.native("listen", "--verbose", f"tcp://{NATIVE}:{PORT}",
                             stdin=subprocess.DEVNULL)
        self.carry(self.linux("connect", listen.address()), listen, mebibytes=1)
        self.assertIn("eth-far: frames come in by a ring", listen.errors)

    def test_linux_goes_on_beside_it(self):
        native = self.native("listen", "--echo", "--keep", f"tcp://{NATIVE}:{PORT}")
        native.address()
        linux = self.near.program(self, PENTAD, "listen", "--echo", "--keep",
                                  f"tcp://10.9.1.1:{PORT}")
        linux.address()
        for address in NATIVE, "10.9.1.1":
            peer = self.linux("connect", f"tcp://{address}:{PORT}")
            peer.write(b"hello")
            peer.await_output(b"hello")
            peer.close_input()
            self.assert_ends(peer)
        for address in NATIVE, NATIVE_6, "10.9.1.1":
            self.assertIn(" 0% packet loss", self.far.do("ping", "-c", "3", "-i", "0.2", address))
        native.signal(signal.SIGINT)
        self.assert_ends(native)

    def test_two_stacks_share_a_link(self):
        others = "10.9.1.12"
        first = self.native("listen", "--echo", f"tcp://{NATIVE}:{PORT}")
        second = self.native("listen", "--echo", f"tcp://{others}:{PORT}",
                             stack=f"native:packet=eth-far,ip={others}/24")
        for listen in first, second:
            peer = self.linux("connect", listen.address())
            peer.write(b"hello")
            peer.await_output(b"hello")
            peer.close_input()
            self.assert_ends(peer)
            self.assert_ends(listen)

    def test_does_not_take_an_address_of_linux(self):
        for address in "ip=10.9.1.1/24", "ip6=fd09:1::1/64":
            with self.subTest(address):
                refused = self.native("listen", "tcp://0.0.0.0:0", stack=f"native:packet=eth-far,{address}")
                bare = re.search("=(.*)/", address).group(1)
                self.assert_ends(refused, 1, f"{bare} is Linux's own address on this machine")

    def test_says_what_linux_must_not_do(self):
        self.near.set("ipv4.ip_forward", 1)
        self.near.set("ipv6.conf.all.forwarding", 1)
        listen = self.native("listen", f"tcp://{NATIVE}:{PORT}")
        listen.address()
        self.assertRegex(listen.errors, "have root type:\n"
                                        "sysctl -w net.ipv4.conf.eth-far.forwarding=0\n"
                                        "sysctl -w net.ipv6.conf.eth-far.forwarding=0\n")

    def test_says_why_it_cannot_use_an_interface(self):
        for interface, reason in (("nothing0", "no network interface nothing0"),
                                  ("lo", "lo is no Ethernet")):
            with self.subTest(interface):
                refused = self.native("listen", f"tcp://{NATIVE}:{PORT}",
                                      stack=f"native:packet={interface},ip={NATIVE}/24")
                self.assert_ends(refused, 1, reason)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "not root")
    def test_says_which_privilege_is_missing(self):
        as_nobody = ("setpriv", "--reuid=65534", "--clear-groups", "--inh-caps=-all")
        copy = shutil.copy(PENTAD, self.folder)
        os.chmod(self.folder, 0o755)
        refused = self.near.program(self, *as_nobody, copy, "listen", "--stack", STACK,
                                    f"tcp://{NATIVE}:{PORT}")
        self.assert_ends(refused, 1, "needs CAP_NET_RAW.*setcap")


if __name__ == "__main__":
    namespaces.enter()
    unittest.main(verbosity=2)
