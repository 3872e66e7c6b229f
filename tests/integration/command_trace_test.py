"""`pentad trace` over three routers in a row, in each of its ways and with both versions of IP."""

import json
import os
import pty
import re
import signal
import unittest

import namespaces
from command_programs import PENTAD, CommandTest, on_each_stack, require

# From a, by r and s and t, to b: who reports the death of a probe, and who is reached.
ROUTE = {4: ["10.9.1.2", "10.9.2.2", "10.9.3.2", "10.9.4.2"],
         6: ["fd09:1::2", "fd09:2::2", "fd09:3::2", "fd09:4::2"]}
WITHOUT_RAW = ("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw")


def setUpModule():
    global hosts
    hosts = [namespaces.Host(name) for name in "arstb"]
    for network, (one, other) in enumerate(zip(hosts, hosts[1:]), 1):
        namespaces.join(one, other, network)
    for place, host in enumerate(hosts):
        for network in range(1, 5):
            if network > place + 1:
                host.route(f"10.9.{network}.0/24", "via", f"10.9.{place + 1}.2")
                host.do("ip", "-6", "route", "add", f"fd09:{network}::/64", "via",
                        f"fd09:{place + 1}::2")
            elif network < place:
                host.route(f"10.9.{network}.0/24", "via", f"10.9.{place}.1")
                host.do("ip", "-6", "route", "add", f"fd09:{network}::/64", "via",
                        f"fd09:{place}::1")
    hosts[0].route("10.9.9.0/24", "via", "10.9.1.2")
    hosts[1].route("10.9.9.0/24", "via", "10.9.2.2")
    hosts[2].route("unreachable", "10.9.9.0/24")


class Trace:
    def trace(self, *arguments, under=()):
        return hosts[0].program(self, *under, PENTAD, "trace", "--stack", self.stack, *arguments)

    def lines_of(self, program):
        return [json.loads(line) for line in program.output.decode().splitlines()]

    def server(self, version, port):
        """Somebody who listens on the last host."""
        listen = hosts[-1].program(self, PENTAD, "listen", "--keep", "--echo",
                                   f"tcp://[{ROUTE[6][-1]}]:{port}" if version == 6 else
                                   f"tcp://{ROUTE[4][-1]}:{port}")
        listen.address()
        return listen

    def assert_route(self, lines, version, said, queries=3):
        self.assertEqual(len(lines), 5, lines)
        for number, (line, address) in enumerate(zip(lines, ROUTE[version]), 1):
            self.assertEqual((line["hop"], line["sent"], line["lost"]), (number, queries, 0), line)
            self.assertEqual({each["from"] for each in line["answers"]}, {address})
            self.assertEqual({each["said"] for each in line["answers"]},
                             {said if number == 4 else "time exceeded"})
            for each in line["answers"]:
                self.assertGreater(each["round_trip"], 0)
        self.assertEqual(lines[-1], {"target": ROUTE[version][-1], "reached": True, "hops": 4})

    def test_finds_each_router_and_the_host(self):
        for version, route in ROUTE.items():
            for how, said in ((("--udp",), "port unreachable"), ((), "port unreachable"),
                              (("--icmp",), "echo reply"), (("--tcp", "81"), "closed")):
                with self.subTest(how=how, version=version):
                    trace = self.trace(*how, "--json", route[-1])
                    self.assert_ends(trace)
                    self.assertEqual(trace.errors, "")
                    self.assert_route(self.lines_of(trace), version, said)

    def test_tcp_says_whether_the_port_is_open(self):
        for version, route in ROUTE.items():
            server = self.server(version, 80)
            trace = self.trace("--tcp", "80", "--json", route[-1])
            self.assert_ends(trace)
            self.assert_route(self.lines_of(trace), version, "open")
            server.signal(signal.SIGTERM)
            self.assert_ends(server)

    def test_prints_a_line_for_each_hop(self):
        trace = self.trace(ROUTE[4][-1])
        self.assert_ends(trace)
        text = rf"trace to {ROUTE[4][-1]} \({ROUTE[4][-1]}\) by UDP, 30 hops at most\n"
        time = r"\d+\.\d+"
        for number, address in enumerate(ROUTE[4], 1):
            said = "   port unreachable" if number == 4 else ""
            text += (rf"  {number}  {re.escape(address)} +  +0 % lost"
                     rf"   {time} / {time} / {time} ms{said}\n")
        self.assertRegex(trace.output.decode(), f"^{text}{ROUTE[4][-1]}: reached, 4 hops\n$")

    def test_stops_at_as_many_hops_as_it_may(self):
        trace = self.trace("--max-hops", "2", "--queries", "1", "--json", ROUTE[4][-1])
        self.assert_ends(trace, 1)
        *hops, end = self.lines_of(trace)
        self.assertEqual([each["answers"][0]["from"] for each in hops], ROUTE[4][:2])
        self.assertEqual(end, {"target": ROUTE[4][-1], "reached": False})

    def test_shows_who_drops_the_rest(self):
        # Few probes, for Linux says this only so often, whatever its settings are.
        trace = self.trace("--queries", "1", "--max-hops", "2", "--json", "10.9.9.9")
        self.assert_ends(trace, 1)
        *hops, end = self.lines_of(trace)
        self.assertEqual(len(hops), 2)
        self.assertEqual([(each["from"], each["said"]) for each in hops[1]["answers"]],
                         [("10.9.2.2", "host unreachable")])
        self.assertFalse(end["reached"])

    def test_a_hop_that_says_nothing_is_a_star(self):
        hosts[0].route("10.9.7.0/24", "via", "10.9.1.2")
        self.addCleanup(hosts[0].do, "ip", "route", "del", "10.9.7.0/24")
        hosts[1].route("blackhole", "10.9.7.0/24")
        self.addCleanup(hosts[1].do, "ip", "route", "del", "10.9.7.0/24")
        trace = self.trace("--max-hops", "2", "--timeout", "0.2", "10.9.7.7")
        self.assert_ends(trace, 1)
        self.assertRegex(trace.output.decode(),
                         r"\n  1  \* + 100 % lost\n  2  \* + 100 % lost\n10\.9\.7\.7: not reached\n$")

    def test_needs_privilege_but_for_udp(self):
        route = ROUTE[4]
        tcp = self.trace("--tcp", "80", route[-1], under=WITHOUT_RAW)
        self.assert_ends(tcp, 1, "^pentad trace: cannot send probes by TCP to port 80: needs the "
                         "capability CAP_NET_RAW\n  Run it as root")
        icmp = self.trace("--icmp", route[-1], under=WITHOUT_RAW)
        self.assert_ends(icmp, 1, "by ICMP: needs the capability CAP_NET_RAW, or a group in "
                         "net.ipv4.ping_group_range\n")
        udp = self.trace("--json", route[-1], under=WITHOUT_RAW)
        self.assert_ends(udp)
        self.assert_route(self.lines_of(udp), 4, "port unreachable")
        hosts[0].set("ipv4.ping_group_range", "0 0")
        self.addCleanup(hosts[0].set, "ipv4.ping_group_range", "1 0")
        for version in ROUTE:
            icmp = self.trace("--icmp", "--json", ROUTE[version][-1], under=WITHOUT_RAW)
            self.assert_ends(icmp)
            self.assert_route(self.lines_of(icmp), version, "echo reply")

    def test_says_when_no_route_leads_there(self):
        lost = self.trace("192.0.2.1")
        self.assert_ends(lost, 1, "^pentad trace: cannot send to 192.0.2.1: Network is unreachable")

    def test_draws_a_table_on_a_terminal(self):
        terminal, end = pty.openpty()
        trace = hosts[0].program(self, PENTAD, "trace", "--stack", self.stack, ROUTE[4][-1],
                                 stdout=end)
        self.assert_ends(trace)
        os.close(end)
        drawn = b""
        try:
            while data := os.read(terminal, 65536):
                drawn += data
        except OSError:  # so Linux says that nobody has the other end
            pass
        os.close(terminal)
        shown = drawn.decode().rpartition("\x1b[J")[2]
        for number, address in enumerate(ROUTE[4], 1):
            self.assertRegex(shown, rf"(?m)^  {number}  {re.escape(address)} ")
        self.assertIn("reached, 4 hops", shown)

    def test_what_is_known_is_printed_when_it_is_interrupted(self):
        hosts[0].route("10.9.7.0/24", "via", "10.9.1.2")
        self.addCleanup(hosts[0].do, "ip", "route", "del", "10.9.7.0/24")
        hosts[1].route("10.9.7.0/24", "via", "10.9.2.2")
        self.addCleanup(hosts[1].do, "ip", "route", "del", "10.9.7.0/24")
        hosts[2].route("blackhole", "10.9.7.0/24")
        self.addCleanup(hosts[2].do, "ip", "route", "del", "10.9.7.0/24")
        trace = self.trace("--timeout", "1000", "10.9.7.7")
        trace.await_output(b"\n  1  10.9.1.2 ")
        trace.signal(signal.SIGINT)
        self.assert_ends(trace, 1)
        self.assertTrue(trace.output.endswith(b"10.9.7.7: not reached\n"))

    def test_refuses_what_makes_no_sense(self):
        for wrong in (("--udp", "--icmp"), ("--tcp", "80", "--udp"), ("--tcp", "0"),
                      ("--max-hops", "0"), ("--queries", "11")):
            self.assert_ends(self.trace(*wrong, ROUTE[4][-1]), 2, "See pentad trace --help")


if __name__ == "__main__":
    require("ip", "setpriv")
    namespaces.enter()
    on_each_stack(Trace)
    unittest.main(verbosity=2)
