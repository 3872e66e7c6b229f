"""Addresses that `--stack native:tap=...` is given: by dnsmasq as a DHCP server and as a router that
advertises a prefix, with the name servers, routes and lifetimes that they tell."""

import os
import subprocess
import unittest

from command_programs import PENTAD, CommandTest, require
from native_programs import enter_own_network

require("dnsmasq", "ip", "sysctl", "unshare")
enter_own_network()

LINUX, LINUX6 = "10.9.2.1", "fd09::1"


def run(*command):
    subprocess.run(command, check=True)


class Autoconfiguration(CommandTest):
    def setUp(self):
        super().setUp()
        run("ip", "tuntap", "add", "pentad0", "mode", "tap")
        self.addCleanup(run, "ip", "link", "delete", "pentad0")
        run("sysctl", "-qw", "net.ipv6.conf.pentad0.accept_dad=0",
            "net.ipv6.conf.pentad0.forwarding=1")
        run("ip", "address", "add", f"{LINUX}/24", "dev", "pentad0")
        run("ip", "address", "add", f"{LINUX6}/64", "dev", "pentad0", "nodad")
        run("ip", "link", "set", "pentad0", "up")
        self.leases = os.path.join(self.folder, "leases")

    def dnsmasq(self, *options):
        server = self.program(
            "dnsmasq", "--no-daemon", "--no-resolv", "--no-hosts", "--conf-file=/dev/null",
            "--pid-file=", "--user=root", "--interface=pentad0", "--except-interface=lo",
            "--bind-interfaces", "--log-dhcp", "--log-facility=-", "--no-ping",
            f"--dhcp-leasefile={self.leases}", "--dhcp-authoritative",
            "--host-record=host.example,10.9.2.1,fd09::1", *options)
        server.await_errors("started, version")
        return server

    def ping(self, options, target):
        return self.program(PENTAD, "ping", "--count", "1", "--stack",
                            f"native:tap=pentad0,{options}", target, stdin=subprocess.DEVNULL)

    def test_an_address_by_dhcp_and_names_by_the_server_that_it_tells(self):
        server = self.dnsmasq("--dhcp-range=10.9.2.50,10.9.2.60,1h",
                              "--dhcp-option=option:mtu,1400", "--domain=example")
        self.assert_ends(self.ping("dhcp", LINUX))
        self.assert_ends(self.ping("dhcp", "host.example"))
        self.assert_ends(self.ping("dhcp", "host"))  # the domain completes it
        for message in ("DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPACK"):
            self.assertIn(message, server.errors)

    def test_a_lease_is_renewed(self):
        server = self.dnsmasq("--dhcp-range=10.9.2.50,10.9.2.60,2m",
                              "--dhcp-option-force=option:T1,4", "--dhcp-option-force=option:T2,60")
        listen = self.program(PENTAD, "listen", "--keep", "--stack", "native:tap=pentad0,dhcp",
                              "tcp://0.0.0.0:41000", stdin=subprocess.DEVNULL)
        listen.address()
        server.await_errors(r"(?s)DHCPACK.*DHCPREQUEST.*DHCPACK")
        self.assertEqual(server.errors.count("DHCPDISCOVER"), 1)
        listen.signal(2)
        self.assert_ends(listen)

    def test_an_address_is_given_back_at_the_end(self):
        server = self.dnsmasq("--dhcp-range=10.9.2.50,10.9.2.60,1h")
        self.assert_ends(self.ping("dhcp", LINUX))
        server.await_errors(r"DHCPRELEASE\(pentad0\) 10\.9\.2\.[56]\d ")
        with open(self.leases) as leases:
            self.assertNotIn("10.9.2.", leases.read())

    def test_an_address_is_remembered_in_a_file_and_asked_for_again(self):
        server = self.dnsmasq("--dhcp-range=10.9.2.50,10.9.2.60,1h")
        file = os.path.join(self.folder, "lease")
        addresses = []
        for _ in range(2):
            self.assert_ends(self.ping(f"dhcp={file}", LINUX))
            with open(file) as lease:
                addresses.append(lease.read())
        self.assertRegex(addresses[0], r"^10\.9\.2\.[56]\d\n$")
        self.assertEqual(addresses[0], addresses[1])
        self.assertEqual(server.errors.count("DHCPDISCOVER"), 1)
        self.assertEqual(server.errors.count("DHCPACK"), 2)
        self.assertNotIn("DHCPRELEASE", server.errors)
        with open(self.leases) as leases:
            self.assertRegex(leases.read(), r" 10\.9\.2\.[56]\d .*00:70:65:6e:74:61:64:")

    def test_an_address_of_another_network_is_forgotten(self):
        server = self.dnsmasq("--dhcp-range=10.9.2.50,10.9.2.60,1h")
        file = os.path.join(self.folder, "lease")
        with open(file, "w") as lease:
            lease.write("192.0.2.7\n")
        self.assert_ends(self.ping(f"dhcp={file}", LINUX))
        self.assertIn("DHCPNAK", server.errors)
        with open(file) as lease:
            self.assertRegex(lease.read(), r"^10\.9\.2\.[56]\d\n$")

    def test_a_file_that_cannot_be_written_is_told(self):
        self.dnsmasq("--dhcp-range=10.9.2.50,10.9.2.60,1h")
        self.assert_ends(self.ping("dhcp=/nowhere/lease", LINUX), 1,
                         "cannot remember the address in /nowhere/lease: No such file or directory")

    def test_the_last_of_many_name_servers_and_domains_is_asked(self):
        self.dnsmasq("--dhcp-range=10.9.2.50,10.9.2.60,1h",
                     "--dhcp-option=option:dns-server,127.0.0.9,127.0.0.8,127.0.0.7,10.9.2.1",
                     "--dhcp-option=option:domain-search,elsewhere,example")
        self.assert_ends(self.ping("dhcp", "host"))

    def test_nobody_answers(self):
        self.assert_ends(self.ping("dhcp", LINUX), 1,
                         "^pentad ping: dhcp on pentad0: no answer within 10 s")

    def test_addresses_of_a_prefix_that_a_router_advertises(self):
        server = self.dnsmasq("--enable-ra", "--dhcp-range=fd09::,ra-only,64,1h",
                              "--ra-param=pentad0,mtu:1400,4,1800",
                              "--dhcp-option=option6:dns-server,[fd09::1]",
                              "--dhcp-option=option6:domain-search,example")
        self.assert_ends(self.ping("slaac", LINUX6))
        self.assertIn("RTR-ADVERT", server.errors)
        self.assert_ends(self.ping("slaac", "host.example"))  # RDNSS
        self.assert_ends(self.ping("slaac", "host"))  # DNSSL

    def test_both(self):
        self.dnsmasq("--dhcp-range=10.9.2.50,10.9.2.60,1h", "--enable-ra",
                     "--dhcp-range=fd09::,ra-only,64,1h")
        for target in (LINUX, LINUX6):
            self.assert_ends(self.ping("dhcp,slaac", target))


if __name__ == "__main__":
    unittest.main(verbosity=2)
