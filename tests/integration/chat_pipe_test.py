"""`pentad chat` with its lines from a pipe: they arrive, or it says so."""

import re
import signal
import socket
import unittest

from chat_programs import LETS_IN, SEES_OFF, ChatTest
from command_programs import PENTAD, STACKS

FAST = "[limits]\nmessages_per_second = 0\n"


def said(chat):
    """The messages that it shows, each as `WHERE <WHO> TEXT`."""
    return re.findall(r"^\d\d:\d\d:\d\d ((?:#\S+ )?<.*?> .*)$", chat.output.decode(), re.M)


class PipedChat(ChatTest):
    def fast_server(self, **options):
        """Without the limit to the rate of messages."""
        path = self.folder + "/server.toml"
        with open(path, "w") as file:
            file.write(FAST)
        return self.serve("--config", path, **options)

    def test_says_each_line_and_quits(self):
        address = self.serve()
        for stack in STACKS:
            with self.subTest(stack):
                chat = self.chat(address, "--nick", "alice", "--stack", stack)
                chat.write("hello\nw\u00f6rld\n\n/quit is no command here".encode())
                chat.close_input()
                self.assert_ends(chat, 0, "^$")
                self.assertEqual(said(chat), ["#lobby <alice> hello", "#lobby <alice> w\u00f6rld",
                                              "#lobby <alice> /quit is no command here"])

    def test_prints_its_quintuple(self):
        address = self.serve()
        chat = self.says(address, "alice", "hello\n")
        port = address.rpartition(":")[2]
        self.assertRegex(chat.output.decode().splitlines()[0],
                         rf"^connected: tcp 127\.0\.0\.1:\d+ > 127\.0\.0\.1:{port}$")

    def test_reaches_servers_by_ipv6_and_by_name(self):
        address = self.serve(listen="[::1]:0")
        self.assertIn(b"tcp [::1]:", self.says(address, "alice", "hello\n").output)
        by_name = self.serve().replace("127.0.0.1", "localhost")
        self.says(by_name, "alice", "hello\n")

    def test_others_read_it_on_the_same_channel(self):
        address = self.serve()
        bob = self.chat(address, "--nick", "bob")
        bob.await_output(b"bob has joined")
        carol = self.chat(address, "--nick", "carol", channel="elsewhere")
        carol.await_output(b"carol has joined")
        self.says(address, "alice", "hello\n")
        bob.await_output(b"alice has quit")
        for program in (bob, carol):
            program.close_input()
            self.assert_ends(program)
        self.assertEqual(said(bob), ["#lobby <alice> hello"])
        self.assertEqual(said(carol), [])

    def test_many_lines_arrive_in_order(self):
        address = self.fast_server()
        lines = [f"line {number}" for number in range(1000)]
        alice = self.says(address, "alice", "\n".join(lines))
        self.assertEqual(said(alice), ["#lobby <alice> " + line for line in lines])

    def test_does_not_exceed_the_rate_that_the_server_allows(self):
        alice = self.says(self.serve(), "alice", "\n".join("12345678"))
        self.assertEqual(said(alice), ["#lobby <alice> " + digit for digit in "12345678"])

    def test_long_lines_arrive_in_pieces(self):
        words = " ".join(f"word{number}" for number in range(1000))
        euros = "\u20ac" * 4000
        alice = self.says(self.fast_server(), "alice", words + "\n" + euros + "\n")
        pieces = [line.removeprefix("#lobby <alice> ") for line in said(alice)]
        self.assertEqual(" ".join(piece for piece in pieces if "w" in piece), words)
        self.assertEqual("".join(piece for piece in pieces if "w" not in piece), euros)

    def test_a_taken_nick_gets_a_tail(self):
        address = self.serve()
        first = self.chat(address, "--nick", "alice")
        first.await_output(b"you are alice\n")
        second = self.says(address, "alice", "hello\n")
        self.assertIn(b"alice is taken, trying alice_", second.output)
        self.assertEqual(said(second), ["#lobby <alice_> hello"])

    def test_control_characters_of_others_do_not_reach_the_terminal(self):
        address = self.serve()
        bob = self.chat(address, "--nick", "bob")
        bob.await_output(b"bob has joined")
        self.says(address, "alice", "\x1b[2J\x07\x02bold\x02 \u009b1m\n")
        bob.await_output(b"alice has quit")
        self.assertEqual(said(bob), ["#lobby <alice> \u241b[2J\u2407bold \ufffd1m"])

    def test_a_line_that_is_not_utf8_fails_and_the_others_arrive(self):
        chat = self.chat(self.serve(), "--nick", "alice")
        chat.write(b"one\ncaf\xe9\ntwo\n")
        chat.close_input()
        self.assert_ends(chat, 1, "a line that is not UTF-8 was not sent")
        self.assertEqual(said(chat), ["#lobby <alice> one", "#lobby <alice> two"])

    def test_nothing_to_say_is_fine(self):
        self.says(self.serve(), "alice", "")
        with open("/dev/null") as nothing:
            self.assert_ends(self.chat(self.serve(), stdin=nothing))

    def test_lines_may_come_from_a_file(self):
        with open(self.folder + "/lines", "w+") as file:
            file.write("one\ntwo\n")
            file.seek(0)
            chat = self.chat(self.serve(), "--nick", "alice", stdin=file)
            self.assert_ends(chat)
        self.assertEqual(said(chat), ["#lobby <alice> one", "#lobby <alice> two"])


class Failures(ChatTest):
    def fails(self, address, errors, status=1, text=b"hello\n"):
        with open(self.folder + "/lines", "w+b") as lines:
            lines.write(text)
            lines.seek(0)
            chat = self.chat(address, "--nick", "alice", stdin=lines)
            self.assert_ends(chat, status, errors)
        return chat

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.fails(f"irc://127.0.0.1:{port}", "cannot reach .*Connection refused\n.*pentad serve")

    def test_the_server_confirms_nothing(self):
        address = self.imagine((r"CAP REQ :(.*)", r":srv CAP * NAK :\1"), *LETS_IN[1:], *SEES_OFF)
        self.fails(address, "does not confirm messages")
        self.assertFalse([line for line in self.heard if line.startswith("PRIVMSG")])

    def test_the_server_sends_back_something_else(self):
        changes = (r"PRIVMSG (\S+) :one", r":alice!a@127.0.0.1 PRIVMSG \1 :ONE")
        keeps = (r"PRIVMSG (\S+) :two", r":alice!a@127.0.0.1 PRIVMSG \1 :two")
        self.fails(self.imagine(*LETS_IN, changes, keeps, *SEES_OFF),
                   "1 message was not confirmed", text=b"one\ntwo\n")

    def test_the_server_refuses_a_message(self):
        refuses = (r"PRIVMSG (\S+) .*", r":srv 404 alice \1 :Cannot send to channel")
        self.fails(self.imagine(*LETS_IN, refuses, *SEES_OFF),
                   "#lobby: Cannot send to channel\n.*1 message was not confirmed")

    def test_the_server_goes_before_it_has_sent_back(self):
        self.fails(self.imagine(*LETS_IN, ("PRIVMSG.*", None)), "ended the connection")

    def test_the_channel_is_closed(self):
        closed = (r"JOIN (.*)", r":srv 475 alice \1 :Cannot join channel (+k)")
        self.fails(self.imagine(*LETS_IN[:2], closed, *SEES_OFF), r"Cannot join channel \(\+k\)")

    def test_the_server_wants_a_password(self):
        wants = (r"CAP END", ":srv 464 alice :Password incorrect")
        self.fails(self.imagine(LETS_IN[0], wants, *SEES_OFF), "Password incorrect")

    def test_the_server_stops(self):
        address = self.serve()
        chat = self.chat(address, "--nick", "alice")
        chat.await_output(b"alice has joined")
        self.server.signal(signal.SIGTERM)
        self.assert_ends(chat, 1, "the server ended the connection|shutting down")
        self.assertEqual(self.server.wait(), 0)

    def test_control_characters_of_the_server_do_not_reach_the_terminal(self):
        evil = (r"CAP END", ":srv 464 alice :\x1b[2J no")
        chat = self.fails(self.imagine(LETS_IN[0], evil, *SEES_OFF), "\u241b\\[2J no")
        self.assertNotIn("\x1b", chat.errors)

    def test_usage(self):
        for arguments in (("irc://127.0.0.1:6667",), ("tcp://127.0.0.1:6667",), ("nonsense",), (),
                          ("irc://127.0.0.1:6667/a", "--nick", "two words"),
                          ("irc://127.0.0.1:6667/a", "--nick", "")):
            with self.subTest(arguments):
                self.assert_ends(self.program(PENTAD, "chat", *arguments), 2)

    def test_it_answers_ping(self):
        address = self.imagine(*LETS_IN, ("PRIVMSG.*", "PING :token"),
                               ("PONG :token", ":alice!a@127.0.0.1 PRIVMSG #lobby :hello"),
                               *SEES_OFF)
        self.says(address, "alice", "hello\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
