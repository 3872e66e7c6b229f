"""`pentad demo`: what a stranger sees first, on whatever the machine allows."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from command_programs import PENTAD, STACKS, CommandTest

# Ports that Linux chose and numbers of bytes differ from run to run.
TEXT = """\
Two hosts on this machine{where}:

    host A  {a}  <-{cable}->  {b}  host B
            alice {space} bob, and the messaging server

The server on host B, and what each step of its socket returned:

    socket    a TCP socket for IPv4
    bind      {server}
    listen    {server}
    accept    tcp {server} > {alice}
    receive   NUMBER bytes +PRIVMSG #lobby :Hello host B, this is Alice on A.
    send      NUMBER bytes +PRIVMSG #lobby :Hello host A, this is Bob on B.
    close     done

Alice's chat, a client on host A, and what its steps returned:

    socket    a TCP socket for IPv4
    connect   tcp {alice} > {server}
    send      NUMBER bytes +PRIVMSG #lobby :Hello host B, this is Alice on A.
    receive   NUMBER bytes +PRIVMSG #lobby :Hello host A, this is Bob on B.
    close     done

The messages, and the quintuple that names their connection at each end:

    alice on A --> bob on B   Hello host B, this is Alice on A.
        at A  tcp {alice} > {server}
        at B  tcp {server} > {alice}

    alice on A <-- bob on B   Hello host A, this is Bob on B.
        at A  tcp {alice} > {server}
        at B  tcp {server} > {alice}

Both messages arrived.
"""


def pattern(where, cable, a, b, server_port):
    """A regular expression for the text, in which each port is the same wherever it stands."""
    seen = set()

    def port_of(name, number):
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{number})"

    text = re.escape(TEXT).replace("NUMBER", r"[1-9]\d*").replace(r"\ \+", " +")
    for field, value in (("where", where), ("cable", cable), ("a", a), ("b", b)):
        text = text.replace(r"\{" + field + r"\}", re.escape(value))
    text = text.replace(r"\{space\}", " +")
    for field, host, number in (("server", b, server_port), ("alice", a, r"\d+")):
        while (mark := r"\{" + field + r"\}") in text:
            text = text.replace(mark, re.escape(host) + ":" + port_of(field, number), 1)
    return re.compile(text)


APART = pattern(", each with a network of its own, joined by a cable", "------ cable ------",
                "10.9.0.1", "10.9.0.2", "6667")


def is_allowed(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


def networks():
    """All interfaces and addresses of this machine."""
    with open("/proc/net/dev") as devices, open("/proc/net/fib_trie") as addresses:
        names = [line.split(":")[0] for line in devices if ":" in line]
        return names, addresses.read()


OWN = pattern(", each on Pentad's own stack, joined by a cable of memory", "------ cable ------",
              "10.9.0.1", "10.9.0.2", "6667")


class Demo(CommandTest):
    def check(self, text, *command):
        demo = self.program(*command)
        self.assert_ends(demo)
        self.assertEqual(demo.errors, "")
        self.assertRegex(demo.output.decode(), text)

    @unittest.skipUnless(is_allowed("unshare", "--net", "true") or
                         is_allowed("unshare", "--user", "--net", "true"),
                         "network namespaces are not allowed here")
    def test_hosts_are_apart_where_that_is_allowed(self):
        before = networks()
        for stack in STACKS:
            with self.subTest(stack):
                self.check(APART, PENTAD, "demo", "--stack", stack)
        self.assertEqual(networks(), before)

    def test_hosts_on_pentad_s_own_stack_need_nothing_of_linux_s(self):
        self.check(OWN, PENTAD, "demo", "--stack", "native")
        if is_allowed("unshare", "--user", "--net", "true"):
            self.check(OWN, "unshare", "--user", "--net", PENTAD, "demo", "--stack", "native")

    def test_says_which_stacks_it_takes(self):
        demo = self.program(PENTAD, "demo", "--stack", "native:tap=tap0,ip=10.0.0.2/24")
        self.assert_ends(demo, 2, "is not a stack for two hosts: kernel, .* or native")

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv") and
                         is_allowed("setpriv", "--reuid=65534", "--clear-groups", "unshare",
                                    "--user", "--net", "true"),
                         "not root, or nobody else may make user namespaces")
    def test_needs_no_rights_where_user_namespaces_are_allowed(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            copy = shutil.copy(PENTAD, folder)
            self.check(APART, "setpriv", "--reuid=65534", "--clear-groups", copy, "demo")

    @unittest.skipUnless(is_allowed("unshare", "--user", "--map-root-user", "true"),
                         "user namespaces are not allowed here")
    def test_hosts_are_on_loopback_where_they_cannot_be_apart(self):
        text = pattern("'s loopback interface: networks of their own cannot be\n"
                       "made here (No space left on device)",
                       "---- loopback ----", "127.0.0.1", "127.0.0.2", r"\d+")
        forbidden = ("echo 0 > /proc/sys/user/max_net_namespaces && "
                     "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$0\" demo")
        self.check(text, "unshare", "--user", "--map-root-user", "sh", "-c", forbidden, PENTAD)


if __name__ == "__main__":
    unittest.main(verbosity=2)
