"""What the tests of `pentad chat` share: servers, networks and terminals."""

import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import time

from command_programs import LIMIT, PENTAD, CommandTest


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def await_that(condition, what):
    """Asks again and again; for what happens in programs that do not tell."""
    end = time.monotonic() + LIMIT
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not in time: {what() if callable(what) else what}")
        time.sleep(0.02)
    return found


class ChatTest(CommandTest):
    """A test with a messaging server on this machine, or with one that it imagines."""

    def serve(self, *arguments, prefix=(), listen="127.0.0.1:0"):
        """The address of a new server, `irc://HOST:PORT`."""
        self.server = self.program(*prefix, PENTAD, "serve", "--listen", listen, *arguments)
        return self.server.await_errors(r"listening on (irc://\S+)\n").group(1)

    def chat(self, address, *arguments, channel="lobby", **options):
        return self.program(PENTAD, "chat", f"{address}/{channel}", *arguments, **options)

    def says(self, address, nick, text):
        """Says the lines of `text` as `nick`, and waits until the server has them."""
        chat = self.chat(address, "--nick", nick)
        chat.write(text.encode())
        chat.close_input()
        self.assert_ends(chat)
        return chat

    def imagine(self, *answers):
        """The address of a server for one client. Each answer is a pair: a regular expression for
        a line of the client, and what the server then sends; `None` ends the connection. The lines
        are kept in `self.heard`."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        self.heard = []
        thread = threading.Thread(target=self._play, args=(listener, answers))
        thread.start()
        self.addCleanup(thread.join, LIMIT)
        return "irc://127.0.0.1:%d" % listener.getsockname()[1]

    def _play(self, listener, answers):
        listener.settimeout(LIMIT)
        try:
            client = listener.accept()[0]
        except OSError:
            return
        client.settimeout(LIMIT)
        with client, client.makefile("rb") as lines:
            for line in lines:
                self.heard.append(line.decode(errors="replace").rstrip("\r\n"))
                for pattern, answer in answers:
                    if not (found := re.fullmatch(pattern, self.heard[-1])):
                        continue
                    if answer is None:
                        return
                    client.sendall(found.expand(answer).encode(errors="surrogateescape") + b"\r\n")


# What an imagined server answers to alice: it lets her in, and it sees her off.
LETS_IN = (
    (r"CAP REQ :(.*)", r":srv CAP * ACK :\1"),
    (r"CAP END", ":srv 001 alice :Welcome"),
    (r"JOIN (.*)", r":alice!a@127.0.0.1 JOIN \1"),
)
SEES_OFF = (("QUIT.*", "ERROR :Bye"), ("QUIT.*", None))


class Terminal:
    """A program in a terminal of its own, which tmux provides."""

    def __init__(self, test, *command, columns=80, lines=24, **environment):
        folder = tempfile.TemporaryDirectory(prefix="pentad-")
        test.addCleanup(folder.cleanup)
        self.socket = os.path.join(folder.name, "tmux")
        test.addCleanup(self.tmux, "kill-server")
        # The shell around the program can continue it (Enter) when it was stopped (128 + SIGTSTP),
        # and shows how it left the terminal.
        shell = os.path.join(folder.name, "run")
        with open(shell, "w") as script:
            script.write(f"{shlex.join(command)}\ncode=$?\n"
                         "while [ $code = 148 ]; do echo '[stopped]'; read line; fg; code=$?; done\n"
                         "echo \"[ended $code]\"\nstty -a\nexec cat\n")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines),
                  *(f"-e{name}={value}" for name, value in environment.items()),
                  "env", "LC_ALL=C.UTF-8", "sh", "-m", shell)

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-u", "-S", self.socket, *arguments], timeout=LIMIT,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return done.stdout

    def screen(self):
        """Its lines that are not empty, without spaces at their ends."""
        return [line.rstrip() for line in self.tmux("capture-pane", "-p").splitlines()
                if line.strip()]

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def enter(self, text):
        self.type(text)
        self.press("Enter")

    def resize(self, columns):
        self.tmux("resize-window", "-x", str(columns))

    def await_line(self, pattern):
        """Waits for a line that ends with a match of `pattern`."""
        def found():
            return next((line for line in self.screen() if re.search(f"(?:{pattern})$", line)), None)
        return await_that(found, lambda: f"{pattern} on the screen:\n" + "\n".join(self.screen()))

    def pid_of(self, name):
        """The process of this name that runs in it."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        children = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", shell], text=True,
                                  capture_output=True).stdout
        return next(int(line.split()[0]) for line in children.splitlines() if name in line)


def rule_networks():
    """Goes on as root of a user namespace when not root, or skips the test where that is not
    allowed."""
    if os.geteuid() != 0:
        rule = ("unshare", "--user", "--map-root-user")
        if subprocess.run([*rule, "true"], capture_output=True).returncode == 0:
            os.execvp(rule[0], [*rule, sys.executable, *sys.argv])
    allowed = subprocess.run(["unshare", "--net", "true"], capture_output=True, text=True)
    if allowed.returncode != 0:
        skip("network namespaces are not allowed here: " + allowed.stderr.strip())


class NetworkPair:
    """Two network namespaces, A and B, joined by a veth pair. They go when the test ends. `in_a`
    and `in_b` are to be put before commands."""

    a = "10.9.1.1"
    b = "10.9.1.2"

    def __init__(self, test):
        holders = []
        for _ in range(2):
            holder = test.program("unshare", "--net", "sh", "-c", "echo ready; exec cat")
            holder.await_output(b"ready")
            holders.append(str(holder.process.pid))
        self.in_a, self.in_b = (("nsenter", "--target", pid, "--net") for pid in holders)
        self._ip(self.in_b, "link", "add", "cable", "type", "veth",
                 "peer", "name", "cable", "netns", holders[0])
        for there, address in ((self.in_a, self.a), (self.in_b, self.b)):
            self._ip(there, "link", "set", "lo", "up")
            self._ip(there, "address", "add", address + "/24", "dev", "cable")
            self._ip(there, "link", "set", "cable", "up")

    @staticmethod
    def _ip(there, *arguments):
        subprocess.run([*there, "ip", *arguments], check=True, timeout=LIMIT)
