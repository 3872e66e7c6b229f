"""People who chat, each with another client: they join #lobby, write, and see what others wrote."""

import os
import re

from chat_programs import Terminal, await_that
from command_programs import PENTAD


class Irssi:
    """irssi in a terminal."""

    nick = "irina"

    def __init__(self, test, there, host, port):
        home = os.path.join(test.folder, "irssi")
        os.mkdir(home)
        self.terminal = Terminal(test, *there, "irssi", f"--home={home}", "--connect", host,
                                 "--port", port, "--nick", self.nick, columns=120, HOME=home)
        self.terminal.await_line(r".*End of message of the day.*|.*MOTD File is missing.*|"
                                 r".*Welcome to .*")

    def join(self):
        self.terminal.enter("/join #lobby")
        self.terminal.await_line(r".*Join to #lobby was synced.*")

    def say(self, text):
        self.terminal.enter("/window goto #lobby")
        self.terminal.enter(text)

    def write_to(self, nick, text):
        self.terminal.enter(f"/msg {nick} {text}")

    def sees(self, nick, text):
        self.terminal.enter("/window goto #lobby")
        self.terminal.await_line(rf"<.{nick}> {text}")

    def reads(self, nick, text):
        self.terminal.enter(f"/window goto {nick}")
        self.terminal.await_line(rf"<{nick}> {text}")


class WeeChat:
    """WeeChat without a terminal: typed to through a pipe, its screen is its log."""

    nick = "wendy"

    def __init__(self, test, there, host, port):
        self.home = os.path.join(test.folder, "weechat")
        self.pipe = os.path.join(self.home, "pipe")
        commands = (f"/set fifo.file.path {self.pipe}", "/set logger.file.flush_delay 0",
                    "/set logger.file.mask $plugin.$name.log", "/set irc.look.smart_filter off",
                    f"/server add pentad {host}/{port} -notls -nicks={self.nick} "
                    f"-username={self.nick} -realname={self.nick}", "/connect pentad")
        arguments = [part for command in commands for part in ("--run-command", command)]
        test.program(*there, "weechat-headless", "--dir", self.home, *arguments,
                     env=dict(os.environ, HOME=test.folder, LC_ALL="C.UTF-8"))
        await_that(lambda: os.path.exists(self.pipe), "WeeChat")
        self._await_log("server.pentad", r"Welcome to ")

    def _type(self, buffer, text):
        with open(self.pipe, "w") as pipe:
            pipe.write(f"irc.{buffer} *{text}\n")

    def _log(self, buffer):
        path = os.path.join(self.home, "logs", f"irc.{buffer}.log")
        if not os.path.exists(path):
            return ""
        with open(path) as log:
            return log.read()

    def _await_log(self, buffer, pattern):
        await_that(lambda: re.search(pattern, self._log(buffer), re.M),
                   lambda: f"{pattern} in WeeChat's log:\n{self._log(buffer)}")

    def join(self):
        self._type("server.pentad", "/join #lobby")
        self._await_log("pentad.#lobby", r"wendy.* has joined #lobby")

    def say(self, text):
        self._type("pentad.#lobby", text)

    def write_to(self, nick, text):
        self._type("server.pentad", f"/query {nick} {text}")

    def sees(self, nick, text):
        self._await_log("pentad.#lobby", rf"\t[@+]?{nick}\t{text}$")

    def reads(self, nick, text):
        self._await_log(f"pentad.{nick}", rf"\t{nick}\t{text}$")


class Pentad:
    """`pentad chat` in a terminal."""

    nick = "pia"
    arguments = ()

    def __init__(self, test, there, host, port):
        self.terminal = Terminal(test, *there, PENTAD, "chat", f"irc://{host}:{port}/lobby",
                                 "--nick", self.nick, *self.arguments, columns=120)

    def join(self):
        self.terminal.await_line(r"\[pia #lobby\]")

    def say(self, text):
        self.terminal.enter(text)

    def write_to(self, nick, text):
        self.terminal.enter(f"/msg {nick} {text}")

    def sees(self, nick, text):
        self.terminal.await_line(f"#lobby <{nick}> {text}")

    def reads(self, nick, text):
        self.terminal.await_line(f"<{nick} to pia> {text}")


def all_write_to_all(test, people):
    """Each writes to all on a channel, and to each other one in person; all see what is for them."""
    for person in people:
        person.join()

    for sender in people:
        text = f"hello all from {sender.nick}, caf\u00e9 \u65e5\u672c"
        sender.say(text)
        for reader in people:
            if reader is not sender:
                with test.subTest("on a channel", sender=sender.nick, reader=reader.nick):
                    reader.sees(sender.nick, text)

    for sender in people:
        for reader in people:
            if reader is not sender:
                with test.subTest("in person", sender=sender.nick, reader=reader.nick):
                    text = f"hello {reader.nick} from {sender.nick}"
                    sender.write_to(reader.nick, text)
                    reader.reads(sender.nick, text)
