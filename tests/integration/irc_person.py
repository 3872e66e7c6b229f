"""A person on a messenger, who speaks IRC by hand."""

import socket

from command_programs import LIMIT


class Person:
    """A client that reads lines until the one that it waits for."""

    def __init__(self, test, address, nick):
        self.nick = nick
        host, port = address.removeprefix("irc://").rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), LIMIT)
        test.addCleanup(self.socket.close)
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\r\n")
        test.addCleanup(self.lines.close)
        self.say(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}")

    def say(self, line):
        self.socket.sendall(line.encode() + b"\r\n")

    def await_line(self, part):
        """The next line with this in it; `self.passed` are those before it."""
        self.passed = []
        for line in self.lines:
            if part in line:
                return line
            self.passed.append(line)
        raise AssertionError(f"the connection ended without '{part}'")

    def hears_nothing_more(self):
        """That the server has nothing more to say until it answers a PING."""
        self.say("PING fence")
        self.await_line(" PONG ")
        if self.passed:
            raise AssertionError(f"heard: {self.passed}")


def meet(*people):
    """They hear each other, each from the one before."""
    for speaker, listener in zip(people, people[1:] + people[:1]):
        speaker.say(f"PRIVMSG {listener.nick} :hello")
        listener.await_line(f":{speaker.nick}!")
