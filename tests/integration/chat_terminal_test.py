"""`pentad chat` at a terminal: the line that is being typed, keys, commands, and how it leaves."""

import os
import signal
import unittest

from chat_programs import ChatTest, Terminal
from command_programs import PENTAD, require

require("tmux", "ps")


class TerminalChat(ChatTest):
    def setUp(self):
        super().setUp()
        self.address = self.serve()

    def terminal(self, nick="alice", **options):
        chat = Terminal(self, PENTAD, "chat", self.address + "/lobby", "--nick", nick, **options)
        chat.await_line(r"on #lobby: .*")
        return chat

    def assert_terminal_is_restored(self, chat):
        """After the program has ended: its last line is gone, and the terminal shows what is typed
        and makes lines of it."""
        chat.await_line(r".*\bechok?\b.*")
        settings = " ".join(chat.screen())
        for setting in (" icanon ", " echo ", " isig ", " icrnl ", " ixon "):
            self.assertIn(setting, settings.replace(";", " "))
        self.assertFalse([line for line in chat.screen() if line.startswith("[alice")])

    def test_tells_its_quintuple(self):
        chat = self.terminal()
        port = self.address.rpartition(":")[2]
        chat.await_line(rf"connected: tcp 127\.0\.0\.1:\d+ > 127\.0\.0\.1:{port}")

    def test_keeps_the_line_that_is_being_typed(self):
        chat = self.terminal()
        chat.type("half a li")
        chat.await_line(r"\[alice #lobby\] half a li")
        self.says(self.address, "bob", "first\nsecond\n")
        chat.await_line("bob has quit .*")
        self.assertRegex("\n".join(chat.screen()),
                         r"#lobby <bob> first\n\S+ #lobby <bob> second\n\S+ -- bob has quit \(.*\)"
                         r"\n\[alice #lobby\] half a li$")
        chat.enter("ne")
        chat.await_line("#lobby <alice> half a line")
        chat.await_line(r"\[alice #lobby\]")

    def test_edits_the_line(self):
        chat = self.terminal()
        chat.type("helo w\u00f6rld")
        chat.press(*["Left"] * 7, "l", "Home", "<", "End", ">", "BSpace", "!")
        chat.await_line(r"\] <hello w\u00f6rld!")
        chat.press("C-w")
        chat.await_line(r"\] <hello")
        chat.press("C-a", "DC", "C-e")
        chat.type("\u65e5\u672c\u8a9e")
        chat.press("Left", "BSpace", "Enter")
        chat.await_line("#lobby <alice> hello \u65e5\u8a9e")
        chat.enter("another")
        chat.await_line("<alice> another")
        chat.type("draft")
        chat.press("Up", "Up")
        chat.await_line(r"\] hello \u65e5\u8a9e")
        chat.press("Down", "Down")
        chat.await_line(r"\] draft")
        chat.press("C-u")
        chat.await_line(r"\[alice #lobby\]")

    def test_shows_a_long_line_around_its_cursor(self):
        chat = self.terminal(columns=40)
        chat.type("".join(f"{number:02}" for number in range(50)))
        chat.await_line(r"\] [0-9]{23}")
        chat.press("Home")
        chat.await_line(r"\] 000102[0-9]*")
        chat.resize(60)
        chat.await_line(r"\] 000102[0-9]{38}")
        chat.press("C-u", "C-k")
        chat.await_line(r"\[alice #lobby\]")

    def test_does_what_the_commands_say(self):
        bob = self.chat(self.address, "--nick", "bob")
        bob.await_output(b"bob has joined")
        chat = self.terminal()
        chat.enter("/msg bob between us")
        chat.await_line("<alice to bob> between us")
        bob.await_output(b"<alice to bob> between us")
        chat.enter("/join garden")
        chat.await_line(r"\[alice #garden\]")
        chat.enter("nice here")
        chat.await_line("#garden <alice> nice here")
        chat.enter("/names lobby")
        chat.await_line("on #lobby: .*alice.*|on #lobby: .*bob.*")
        chat.enter("/part")
        chat.await_line("alice has left #garden")
        chat.enter("nobody hears this")
        chat.await_line("you are on no channel.*")
        chat.enter("/join #lobby")
        chat.await_line(r"\[alice #lobby\]")
        chat.enter("/nick eve")
        chat.await_line(r"\[eve #lobby\]")
        chat.enter("//shrug")
        chat.await_line("#lobby <eve> /shrug")
        chat.enter("/msg nobody hello")
        chat.await_line("nobody: No such nick/channel")
        chat.enter("/dance")
        chat.await_line("/dance is no command; see /help")
        chat.enter("/help")
        chat.await_line("/quit .*leave")
        chat.enter("/quit so long")
        chat.await_line(r"\[ended 0\]")
        bob.await_output(b"eve has quit (Quit: so long)")

    def test_leaves_the_terminal_as_it_was(self):
        for leave in (lambda chat: chat.enter("/quit"), lambda chat: chat.press("C-d"),
                      lambda chat: chat.press("C-c"),
                      lambda chat: os.kill(chat.pid_of("pentad"), signal.SIGTERM),
                      lambda chat: os.kill(chat.pid_of("pentad"), signal.SIGINT)):
            chat = self.terminal(columns=100)
            leave(chat)
            chat.await_line(r"\[ended 0\]")
            self.assert_terminal_is_restored(chat)

    def test_leaves_the_terminal_as_it_was_when_the_server_goes(self):
        chat = self.terminal(columns=100)
        self.server.signal(signal.SIGTERM)
        chat.await_line("pentad chat: the server ended the connection")
        chat.await_line(r"\[ended 1\]")
        self.assert_terminal_is_restored(chat)

    def test_lets_itself_be_stopped_and_goes_on(self):
        chat = self.terminal()
        chat.type("half a li")
        chat.await_line(r"\] half a li")
        chat.press("C-z")
        chat.await_line(r"\[stopped\]")
        self.says(self.address, "bob", "hello\n")
        chat.press("Enter")
        chat.await_line("#lobby <bob> hello")
        chat.await_line(r"\[alice #lobby\] half a li")


if __name__ == "__main__":
    unittest.main(verbosity=2)
