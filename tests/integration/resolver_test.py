"""Names, as the commands turn them into addresses: with a real name server, with one that lies,
fails or is silent, and with addresses behind which nobody answers."""

import os
import socket
import struct
import subprocess
import unittest

from command_programs import LIMIT, Program, on_each_stack, require
from dns_programs import (A, AAAA, CNAME, NO_NAME, REPLY, SERVER_FAILURE, TRUNCATED, Machine,
                          NamesTest, Record, enter_own_machine, labels, reply)

require("dnsmasq", "ip", "mount", "unshare")
enter_own_machine()
NamesTest.machine = Machine()


class Dnsmasq:
    """A name server as people have it at home."""

    def name_server(self):
        hosts = os.path.join(self.folder, "more-hosts")
        with open(hosts, "w") as file:
            file.write("127.0.0.2 host.example\n::1 host.example\n")
            file.writelines(f"127.0.1.{i} many.example\n" for i in range(1, 100))
        server = Program(
            self, "dnsmasq", "--no-daemon", "--no-resolv", "--no-hosts", "--conf-file=/dev/null",
            "--pid-file=", "--listen-address=127.0.0.1", "--bind-interfaces", "--local=/example/",
            f"--addn-hosts={hosts}", "--cname=alias.example,host.example",
            "--txt-record=bare.example,text")
        server.await_errors(r"read .*more-hosts")
        return server

    def test_names_are_found(self):
        self.name_server()
        port = self.listener("127.0.0.2")
        self.assertEqual(self.reached("host.example", port), "127.0.0.2")
        self.assertEqual(self.reached("alias.example", port), "127.0.0.2")
        self.assertEqual(self.reached("HOST.Example.", port), "127.0.0.2")
        self.machine.configure("nameserver 127.0.0.1\nsearch nowhere.example example\n")
        self.assertEqual(self.reached("host", port), "127.0.0.2")

    def test_ipv6_comes_first(self):
        self.name_server()
        port = self.listener("::1")
        self.listener("127.0.0.2", port)
        self.assertEqual(self.reached("host.example", port), "::1")

    def test_more_addresses_than_fit_into_a_datagram(self):
        self.name_server()
        port = self.listener("0.0.0.0")
        self.assertRegex(self.reached("many.example", port), r"^127\.0\.1\.\d+$")

    def test_no_such_name_and_no_such_address(self):
        self.name_server()
        self.assertIn("host name not found", self.failure("none.example"))
        self.assertIn("host name has no address", self.failure("bare.example"))


class Hosts:
    def test_the_table_of_hosts_needs_no_server(self):
        self.machine.configure(hosts="127.0.0.3 printer printer.example\n")
        self.assertEqual(self.reached("Printer.example", self.listener("127.0.0.3")), "127.0.0.3")

    def test_localhost_needs_nothing(self):
        self.machine.configure("", "")
        self.assertEqual(self.reached("localhost", self.listener()), "127.0.0.1")

    def test_nobody_answers(self):
        error = self.failure("host.example")
        self.assertIn("no name server answers", error)
        self.assertIn("/etc/resolv.conf", error)


class ScriptedServer:
    def test_a_truncated_answer_comes_whole_over_tcp(self):
        def answer(question):
            if not question.over_tcp:
                return [reply(question, flags=REPLY | TRUNCATED)]
            return [reply(question, "127.0.0.1")]
        server = self.server(answer)
        self.assertEqual(self.reached("host.example", self.listener()), "127.0.0.1")
        self.assertIn("host.example/A/TCP", server.questions())

    def test_a_slow_server_is_asked_again(self):
        self.machine.configure("nameserver 127.0.0.1\noptions timeout:1 attempts:2\n")
        seen = set()

        def answer(question):
            if question.type in seen:
                return [reply(question, "127.0.0.1")]
            seen.add(question.type)
            return []
        server = self.server(answer)
        self.assertEqual(self.reached("host.example", self.listener()), "127.0.0.1")
        self.assertEqual(sorted(server.questions()),
                         2 * ["host.example/A"] + 2 * ["host.example/AAAA"])

    def test_after_a_silent_server_the_next_is_asked(self):
        self.machine.configure(
            "nameserver 127.0.0.1\nnameserver 127.0.0.9\noptions timeout:1 attempts:1\n")
        self.server(lambda question: [])
        self.server(lambda question: [reply(question, "127.0.0.1")], "127.0.0.9")
        self.assertEqual(self.reached("host.example", self.listener()), "127.0.0.1")

    def test_lies_are_not_believed(self):
        # Whoever believes one is led to the trap.
        other_address = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        other_address.bind(("127.0.0.9", 53))
        other_port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        other_port.bind(("127.0.0.1", 0))
        for each in (other_address, other_port):
            self.addCleanup(each.close)
        trap = "127.0.0.66"

        def answer(question):
            lie = reply(question, trap)
            other = Record("other.example", question.type, b"\x7f\0\0\x42")
            return [(other_address, lie),
                    (other_port, lie),
                    reply(question, trap, id=question.id ^ 1),
                    reply(question, trap, name="other.example"),
                    reply(question, trap, flags=0x0100),
                    b"", b"\0" * 11, lie[:20],
                    reply(question, "127.0.0.1", records=[other])]
        self.server(answer)
        port = self.listener("127.0.0.1")
        self.listener(trap, port)
        self.assertEqual(self.reached("host.example", port), "127.0.0.1")

    def test_malformed_answers_are_a_failure_of_the_service(self):
        def with_record(question, record):
            return reply(question, records=[record])

        def pointer(to):
            return struct.pack("!H", 0xc000 | to)

        broken = {
            "a short address": lambda q: [with_record(q, Record(q.name, q.type, b"\x7f"))],
            "a name that ends nowhere": lambda q: [with_record(q, Record(q.name, CNAME, b"\x3fx"))],
            "a name that points to itself": lambda q: [
                with_record(q, Record(pointer(len(reply(q))), q.type, bytes(16)))],
            "records that are not there": lambda q: [
                reply(q)[:6] + struct.pack("!H", 9) + reply(q)[8:]],
            "a circle of aliases": lambda q: [with_record(q, Record(q.name, CNAME, labels(q.name)))],
            "a failure": lambda q: [reply(q, flags=REPLY | SERVER_FAILURE)],
        }
        server = self.server(None)
        for what, answer in broken.items():
            with self.subTest(what):
                server.answer = answer
                self.assertIn("name service failed", self.failure("host.example"))

    def test_domains_are_searched_in_order(self):
        self.machine.configure("nameserver 127.0.0.1\nsearch a.example b.example\noptions ndots:2\n")
        server = self.server(lambda question: [reply(question, flags=REPLY | NO_NAME)])
        self.assertIn("host name not found", self.failure("host.lab"))
        asked = [question for question in server.questions() if question.endswith("/A")]
        self.assertEqual(asked, ["host.lab.a.example/A", "host.lab.b.example/A", "host.lab/A"])

    def test_names_of_any_script(self):
        server = self.server(lambda question: [reply(question, "127.0.0.1")])
        self.assertEqual(self.reached("bücher.example", self.listener()), "127.0.0.1")
        self.assertIn("xn--bcher-kva.example/A", server.questions())


class HappyEyeballs:
    """A network in which IPv6 leads nowhere: what goes there is neither answered nor refused."""

    BLACK_HOLE = "2001:db8::1"

    def setUp(self):
        super().setUp()
        for command in ("link add hole type veth peer bottom", "link set hole up",
                        "link set bottom up", "address add 2001:db8::2/64 dev hole nodad",
                        f"neighbour add {self.BLACK_HOLE} lladdr 02:00:00:00:00:99 dev hole"):
            subprocess.run(["ip", *command.split()], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "delete", "hole"], check=True)
        self.hole = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x86dd))
        self.hole.bind(("bottom", 0x86dd))
        self.hole.settimeout(LIMIT)
        self.addCleanup(self.hole.close)

    def await_attempt(self):
        """Waits for a segment that falls into the hole."""
        destination = socket.inet_pton(socket.AF_INET6, self.BLACK_HOLE)
        while True:
            packet = self.hole.recv(2048)
            if packet[6] == socket.IPPROTO_TCP and packet[24:40] == destination:
                return

    def test_an_address_that_leads_nowhere_does_not_matter(self):
        self.server(lambda question: [reply(question, self.BLACK_HOLE, "127.0.0.1")])
        self.assertEqual(self.reached("host.example", self.listener()), "127.0.0.1")
        self.await_attempt()

    def test_an_answer_about_ipv6_that_never_comes_does_not_matter(self):
        self.server(lambda question: [] if question.type == AAAA else
                    [reply(question, "127.0.0.1")])
        self.assertEqual(self.reached("host.example", self.listener()), "127.0.0.1")

    def test_the_error_that_tells_most_is_reported(self):
        self.server(lambda question: [reply(question, "2001:db9::1", "127.0.0.1")])
        self.assertIn("Connection refused", self.failure("host.example"))

    def test_a_deadline_ends_all_attempts(self):
        self.server(lambda question: [reply(question, self.BLACK_HOLE, "2001:db8::3")])
        connect = self.connect("--timeout", "0.5", "tcp://host.example:7",
                               stdin=subprocess.DEVNULL)
        self.assert_ends(connect, 124)
        self.await_attempt()


for tests in (Dnsmasq, Hosts, ScriptedServer, HappyEyeballs):
    on_each_stack(tests, NamesTest)

if __name__ == "__main__":
    unittest.main(verbosity=2)
