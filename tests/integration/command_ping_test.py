"""`pentad ping` beside the ping of iputils: the same host, the same results."""

import json
import os
import re
import signal
import unittest

import namespaces
from command_programs import PENTAD, CommandTest, on_each_stack, require

ALIVE = {4: "10.9.1.2", 6: "fd09:1::2"}
WITHOUT_RAW = ("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw")


def results(text):
    """Sent, received, percent lost."""
    found = re.search(r"(\d+) (?:packets transmitted|sent), (\d+) received,.*? ([\d.]+) ?% "
                      r"(?:packet loss|lost)", text)
    return tuple(float(each) for each in found.groups())


def answers(text):
    """Size, address, sequence number and TTL of each answer."""
    return re.findall(r"(\d+) bytes from ([\w.:]+): (?:icmp_)?seq=(\d+) ttl=(\d+) time=[\d.]+ ms",
                      text)


class Ping:
    def setUp(self):
        super().setUp()
        self.here, self.there = namespaces.Host("a"), namespaces.Host("b")
        self.addCleanup(self.here.remove)
        self.addCleanup(self.there.remove)
        namespaces.join(self.here, self.there, 1)
        self.here.route("10.9.9.0/24", "via", "10.9.1.2")
        self.there.route("unreachable", "10.9.9.0/24")

    def ping(self, *arguments, under=()):
        return self.here.program(self, *under, PENTAD, "ping", "--stack", self.stack, *arguments)

    def lines_of(self, program):
        return [json.loads(line) for line in program.output.decode().splitlines()]

    def test_its_results_are_those_of_iputils(self):
        for version, address in ALIVE.items():
            for size in 0, 56, 1400, 20000:
                with self.subTest(version=version, size=size):
                    options = "-c", "3", "-i", "0.01", "-s", str(size)
                    ours = self.ping(*options, address)
                    self.assert_ends(ours)
                    theirs = self.here.program(self, "ping", *options, address)
                    self.assert_ends(theirs)
                    ours, theirs = ours.output.decode(), theirs.output.decode()
                    self.assertEqual(results(ours), (3, 3, 0))
                    self.assertEqual(results(theirs), results(ours))
                    self.assertEqual(len(re.findall(r" bytes from ", ours)), 3)
                    if size >= 16:  # iputils needs room for a time
                        self.assertEqual(answers(theirs), answers(ours))

    def test_a_dead_address_ends_with_1(self):
        dead = self.ping("-c", "2", "-i", "0.01", "--timeout", "0.3", "10.9.1.77")
        self.assert_ends(dead, 1)
        self.assertEqual(results(dead.output.decode()), (2, 0, 100))
        theirs = self.here.program(self, "ping", "-c", "2", "-i", "0.01", "-W", "0.3", "10.9.1.77")
        self.assert_ends(theirs, 1)
        self.assertEqual(results(theirs.output.decode()), (2, 0, 100))

    def test_says_who_reports_an_error(self):
        refused = self.ping("-c", "2", "-i", "0.01", "10.9.9.9")
        self.assert_ends(refused, 1)
        self.assertIn(b"from 10.9.1.2: seq=1 host unreachable\n"
                      b"from 10.9.1.2: seq=2 host unreachable\n", refused.output)
        as_json = self.ping("-c", "1", "--json", "10.9.9.9")
        self.assert_ends(as_json, 1)
        error, statistics = self.lines_of(as_json)
        self.assertEqual(error, {"event": "error", "from": "10.9.1.2", "sequence": 1,
                                 "error": "host unreachable", "type": 3, "code": 1})
        self.assertEqual(statistics, {"event": "statistics", "sent": 1, "received": 0, "lost": 1,
                                      "duplicates": 0, "errors": 1})

    def test_says_when_no_route_leads_there(self):
        lost = self.ping("-c", "1", "192.0.2.1")
        self.assert_ends(lost, 1)
        self.assertIn(b"here: seq=1 Network is unreachable\n", lost.output)

    def test_json_has_times_in_nanoseconds(self):
        as_json = self.ping("-c", "2", "-i", "0.01", "--json", ALIVE[6])
        self.assert_ends(as_json)
        *replies, statistics = self.lines_of(as_json)
        times = [reply.pop("round_trip") for reply in replies]
        self.assertEqual(replies, [
            {"event": "reply", "from": ALIVE[6], "sequence": number, "bytes": 64, "hop_limit": 64,
             "duplicate": False} for number in (1, 2)])
        self.assertEqual([statistics["min"], statistics["max"]], sorted(times))
        self.assertEqual(statistics["avg"], round(sum(times) / 2 + 0.1))
        self.assertEqual((statistics["sent"], statistics["received"], statistics["lost"]),
                         (2, 2, 0))

    def test_prints_the_statistics_when_it_is_interrupted(self):
        for number in signal.SIGINT, signal.SIGTERM:
            endless = self.ping("-i", "0.01", ALIVE[4])
            endless.await_output(b"seq=3 ")
            endless.signal(number)
            self.assert_ends(endless)
            sent, received, _ = results(endless.output.decode())
            self.assertGreaterEqual(sent, 3)
            self.assertGreaterEqual(received, 3)
            self.assertIn(b"\nround trip min/avg/max/stddev = ", endless.output)

    def test_takes_an_address_of_the_wanted_version(self):
        for option, other in (("-4", ALIVE[6]), ("-6", ALIVE[4])):
            wrong = self.ping(option, "-c", "1", other)
            self.assert_ends(wrong, 1, "cannot find .*: host name not found")

    def test_reaches_a_link_local_address(self):
        shown = self.there.do("ip", "-6", "-o", "address", "show", "dev", "eth-a", "scope", "link")
        address = re.search(r"inet6 (fe80:\S+)/64", shown).group(1)
        near = self.ping("-c", "1", f"{address}%eth-b")
        self.assert_ends(near)
        self.assertIn(f"64 bytes from {address}%eth-b: seq=1".encode(), near.output)

    def test_needs_a_capability_or_a_group(self):
        for address in ALIVE.values():
            forbidden = self.ping("-c", "1", address, under=WITHOUT_RAW)
            self.assert_ends(forbidden, 1, "^pentad ping: cannot ask for echoes: needs the "
                             "capability CAP_NET_RAW, or a group in net.ipv4.ping_group_range\n"
                             "  Run it as root.* setcap cap_net_raw")
        self.here.set("ipv4.ping_group_range", "0 0")
        for address in ALIVE.values():
            allowed = self.ping("-c", "2", "-i", "0.01", address, under=WITHOUT_RAW)
            self.assert_ends(allowed)
            self.assertEqual(results(allowed.output.decode()), (2, 2, 0))

    def test_hears_errors_without_privilege(self):
        self.here.set("ipv4.ping_group_range", "0 0")
        refused = self.ping("-c", "1", "10.9.9.9", under=WITHOUT_RAW)
        self.assert_ends(refused, 1)
        self.assertIn(b"from 10.9.1.2: seq=1 host unreachable\n", refused.output)

    def test_refuses_what_makes_no_sense(self):
        for wrong in (("-c", "0"), ("-i", "0"), ("-s", "70000"), ("-4", "-6"), ("--timeout", "x")):
            self.assert_ends(self.ping(*wrong, ALIVE[4]), 2, "See pentad ping --help")

    def test_ends_when_nobody_reads(self):
        reader, writer = os.pipe()
        os.close(reader)
        unread = self.here.program(self, PENTAD, "ping", "--stack", self.stack, "-i", "0.01",
                                   ALIVE[4], stdout=writer)
        os.close(writer)
        self.assert_ends(unread, 1, "cannot write to standard output: Broken pipe")


if __name__ == "__main__":
    require("ping", "ip", "setpriv")
    namespaces.enter()
    on_each_stack(Ping)
    unittest.main(verbosity=2)
