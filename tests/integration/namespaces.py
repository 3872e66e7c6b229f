"""Hosts that are network namespaces, and cables between them. All of it is inside namespaces of the
test, and goes with it."""

import subprocess

from command_programs import Program
from own_namespaces import go_on_inside


def enter():
    """Goes on where the test may make networks, or skips the test where that is not allowed."""
    go_on_inside("--net", "--mount")
    # Where iproute2 keeps namespaces; nobody outside of this mount namespace sees them.
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)


class Host:
    """A host with a network of its own. It forwards packets, and does not limit its ICMP errors."""

    def __init__(self, name):
        self.name = name
        subprocess.run(["ip", "netns", "add", name], check=True)
        self.do("ip", "link", "set", "lo", "up")
        for setting, value in (("ipv4.ip_forward", 1), ("ipv6.conf.all.forwarding", 1),
                               ("ipv4.icmp_ratemask", 0), ("ipv6.icmp.ratelimit", 0),
                               ("ipv6.conf.default.accept_dad", 0)):
            self.set(setting, value)

    def inside(self, *command):
        """The command line that runs `command` on this host."""
        return ["ip", "netns", "exec", self.name, *command]

    def do(self, *command):
        """What a command that succeeds on this host writes."""
        return subprocess.run(self.inside(*command), check=True, stdout=subprocess.PIPE,
                              text=True).stdout

    def set(self, setting, value):
        self.do("sysctl", "-qw", f"net.{setting}={value}")

    def program(self, test, *command, **options):
        return Program(test, *self.inside(*command), **options)

    def route(self, *route):
        self.do("ip", "route", "add", *route)

    def remove(self):
        subprocess.run(["ip", "netns", "del", self.name], check=True)


def hosts(test, *names):
    """Hosts of these names, which end with the test."""
    made = []
    for name in names:
        made.append(Host(name))
        test.addCleanup(made[-1].remove)
    return made


def join(one, other, network):
    """A cable between two hosts, eth-OTHER at `one` and eth-ONE at `other`. Their addresses are .1
    and .2 in 10.9.`network`, and 1 and 2 in fd09:`network`."""
    names = [f"eth-{other.name}", f"eth-{one.name}"]
    one.do("ip", "link", "add", names[0], "type", "veth", "peer", "name", names[1], "netns",
           other.name)
    for number, (host, name) in enumerate(zip((one, other), names), 1):
        host.do("ip", "address", "add", f"10.9.{network}.{number}/24", "dev", name)
        host.do("ip", "address", "add", f"fd09:{network}::{number}/64", "dev", name, "nodad")
        host.do("ip", "link", "set", name, "up")
