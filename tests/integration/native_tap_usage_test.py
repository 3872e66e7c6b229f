"""`--stack native:...`: what it makes, what it attaches to, and what it says when it cannot."""

import os
import re
import shutil
import socket
import subprocess
import unittest

from command_programs import LIMIT, PENTAD, CommandTest, require
from native_programs import LINUX, NATIVE, PORT, STACK, enter_own_network, receive_exactly

require("ip", "unshare")
enter_own_network()

ADDRESS = f"tcp://{NATIVE}:{PORT}"
BARE = f"native:tap=pentad0,ip={NATIVE}/24"  # without an address for Linux's end


def ip(*arguments):
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


class Stack(CommandTest):
    def listen_on(self, stack, *arguments, prefix=(), **options):
        return self.program(*prefix, PENTAD, "listen", "--echo", "--stack", stack, ADDRESS,
                            *arguments, **options)

    def assert_echoes(self, host=NATIVE):
        with socket.create_connection((host, PORT), LIMIT) as peer:
            peer.sendall(b"hello")
            self.assertEqual(receive_exactly(peer, 5), b"hello")

    def test_makes_a_device_and_takes_it_away(self):
        listen = self.listen_on(STACK)
        listen.address()
        self.assertIn(f"inet {LINUX}/24", ip("address", "show", "pentad0"))
        self.assert_echoes()
        self.assert_ends(listen)
        self.assertNotIn("pentad0", ip("link"))

    def test_prints_the_commands_that_are_left_to_do(self):
        listen = self.listen_on(BARE)
        listen.address()
        self.assertRegex(listen.errors, "have root type:\n(ip .*\n){2}listening")
        for command in re.findall("^ip (.*)$", listen.errors, re.M):
            ip(*command.split())
        self.assert_echoes()
        self.assert_ends(listen)

    def test_attaches_to_a_device_that_is_there(self):
        ip("tuntap", "add", "pentad0", "mode", "tap")
        self.addCleanup(ip, "link", "delete", "pentad0")
        ip("address", "add", f"{LINUX}/24", "dev", "pentad0")
        ip("link", "set", "pentad0", "up")
        listen = self.listen_on(BARE)
        listen.address()
        self.assertNotIn("have root type", listen.errors)
        self.assert_echoes()
        self.assert_ends(listen)
        self.assertIn("pentad0", ip("link"))

    def test_is_a_host_of_both_versions(self):
        listen = self.program(PENTAD, "listen", "--echo", "--keep", "--stack",
                              STACK + ",ip6=fd09::2/64,host=fd09::1/64", f"tcp://[::]:{PORT}")
        listen.address()
        for host in (NATIVE, "fd09::2"):
            self.assert_echoes(host)
        listen.signal(15)
        self.assert_ends(listen)

    def connect_fails(self, status, errors, stack, address=f"tcp://{LINUX}:9", *arguments, prefix=()):
        connect = self.program(*prefix, PENTAD, "connect", "--stack", stack, address, *arguments,
                               stdin=subprocess.DEVNULL)
        self.assert_ends(connect, status, errors)

    def test_says_what_is_wrong_with_its_text(self):
        self.connect_fails(2, "tap=NAME or packet=INTERFACE is missing", f"native:ip={NATIVE}/24")
        self.connect_fails(2, "is no address with the length", "native:tap=t,ip=10.9.2")
        self.connect_fails(2, "there is no option 'lossy'", BARE + ",lossy=1%")
        self.connect_fails(2, "such as .*native:tap=", "native")

    def test_says_why_it_cannot_use_a_device(self):
        self.listen_on(STACK).address()
        self.connect_fails(1, "is used by another program", STACK)
        self.connect_fails(1, "lo is not the name of a TAP device", f"native:tap=lo,ip={NATIVE}/24")

    def test_says_why_it_cannot_record(self):
        self.connect_fails(1, "cannot record to /nowhere/x: No such file", STACK + ",record=/nowhere/x")

    def test_says_how_the_network_fails(self):
        self.connect_fails(1, "Connection refused", STACK)
        self.connect_fails(1, "Network is unreachable\n.*gw=ADDRESS", STACK, "tcp://10.77.0.1:9")
        self.connect_fails(124, "timed out", STACK, "tcp://10.9.2.77:9", "--timeout", "0.3")
        other = self.program(PENTAD, "listen", "--stack", STACK, f"tcp://{LINUX}:{PORT}")
        self.assert_ends(other, 1, "Cannot assign requested address\n.* ip= and ip6=")

    def test_has_no_unix_sockets(self):
        self.connect_fails(1, "use --stack kernel", STACK, "unix:/tmp/nothing")

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "not root")
    def test_says_what_root_can_do_for_others(self):
        as_nobody = ("setpriv", "--reuid=65534", "--clear-groups")
        copy = shutil.copy(PENTAD, self.folder)
        os.chmod(self.folder, 0o755)
        refused = self.program(*as_nobody, copy, "listen", "--stack", STACK, ADDRESS)
        self.assert_ends(refused, 1, "ip tuntap add pentad0 mode tap user|chmod 666 /dev/net/tun")

    def test_explains_itself(self):
        for command in ("listen", "connect", "serve", "chat"):
            manual = self.program(PENTAD, command, "--help")
            self.assert_ends(manual)
            for word in (b"native:OPTIONS", b"dhcp ", b"slaac ", b"host=ADDRESS/LENGTH", b"loss=1%", b"record=FILE"):
                self.assertIn(word, manual.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
