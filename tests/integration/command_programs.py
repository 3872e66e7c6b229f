"""What the tests of `pentad listen` and `pentad connect` share: programs that always end."""

import hashlib
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

PENTAD = os.environ.get("PENTAD", "build/release/pentad")
STACKS = ("kernel:uring", "kernel:epoll")
MEBIBYTE = 1 << 20

# Longer than anything here takes on a slow machine under a sanitizer; nothing waits for it to pass.
LIMIT = 60


def is_sanitized():
    """Whether the command was built with AddressSanitizer."""
    with open(PENTAD, "rb") as program:
        return b"__asan_init" in program.read()


def skip_if_sanitized(reason):
    """Skips the whole script where the command was built with AddressSanitizer."""
    if is_sanitized():
        print("skipped:", reason)
        sys.exit(77)


def require(*tools):
    """Skips the whole script where a tool is missing."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        print("skipped: not installed:", *missing)
        sys.exit(77)


class Program:
    """A program with its standard streams. What it writes is collected while it runs."""

    def __init__(self, test, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=LIMIT,
                 **options):
        self.arguments = [str(argument) for argument in arguments]
        self.process = subprocess.Popen(
            self.arguments, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, **options)
        test.addCleanup(self.end)
        self.limit = limit
        self.deadline = threading.Timer(limit, self.process.kill)
        self.deadline.start()
        self.digest = hashlib.sha256()
        self.output = b""
        self.errors = ""
        self.changed = threading.Condition()
        self.readers = [threading.Thread(target=self._read_errors)]
        if stdout == subprocess.PIPE:
            self.readers.append(threading.Thread(target=self._read_output))
        for reader in self.readers:
            reader.start()

    def _read_output(self):
        while data := os.read(self.process.stdout.fileno(), MEBIBYTE):
            self.digest.update(data)
            with self.changed:
                if len(self.output) < MEBIBYTE:
                    self.output += data
                self.changed.notify_all()

    def _read_errors(self):
        while data := os.read(self.process.stderr.fileno(), MEBIBYTE):
            with self.changed:
                self.errors += data.decode()
                self.changed.notify_all()

    def _await(self, condition, what):
        with self.changed:
            if not self.changed.wait_for(condition, LIMIT):
                raise AssertionError(f"{self.arguments}: no {what}: {self.output[:200]} {self.errors}")

    def await_change(self, seconds):
        """Waits for more of what it writes, but not for long."""
        with self.changed:
            self.changed.wait(seconds)

    def await_output(self, text):
        self._await(lambda: text in self.output, repr(text))

    def await_match(self, pattern):
        """Waits for a match of `pattern` in its output."""
        self._await(lambda: re.search(pattern, self.output.decode(errors="replace")), repr(pattern))

    def await_errors(self, pattern):
        """Waits for a match of `pattern` in what goes to standard error."""
        self._await(lambda: re.search(pattern, self.errors), repr(pattern))
        return re.search(pattern, self.errors)

    def address(self):
        """Where `pentad listen` listens."""
        return self.await_errors(r"listening on (\S+)\n").group(1)

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def close_input(self):
        self.process.stdin.close()

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        """Its exit status, when all it wrote has been read."""
        status = self.process.wait(self.limit)
        for reader in self.readers:
            reader.join(LIMIT)
        return status

    def end(self):
        self.deadline.cancel()
        self.process.kill()
        self.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass


class CommandTest(unittest.TestCase):
    """A test with a folder of its own that starts programs."""

    maxDiff = None
    stack = "kernel"

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pentad-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        # IPv4, IPv6 and a Unix socket.
        self.local_addresses = ("tcp://127.0.0.1:0", "tcp://[::1]:0", f"unix:{self.folder}/socket")

    def program(self, *arguments, **options):
        return Program(self, *arguments, **options)

    def listen(self, *arguments, **options):
        return Program(self, PENTAD, "listen", "--stack", self.stack, *arguments, **options)

    def connect(self, *arguments, **options):
        return Program(self, PENTAD, "connect", "--stack", self.stack, *arguments, **options)

    def assert_ends(self, program, status=0, errors="^"):
        """That the program ends with `status` and a match of `errors` on standard error."""
        self.assertEqual(program.wait(), status, program.errors)
        self.assertRegex(program.errors, errors)


def on_each_stack(tests, base=CommandTest):
    """Makes two tests of one, a class of which the methods use `self.stack` and those of `base`."""
    for stack in STACKS:
        name = tests.__name__ + "_" + stack.rpartition(":")[2]
        made = type(name, (tests, base), {"stack": stack, "__module__": tests.__module__})
        setattr(sys.modules[tests.__module__], name, made)


def client_of(test, address):
    """A socket that is connected to one of Pentad's addresses."""
    if address.startswith("unix:"):
        made = socket.socket(socket.AF_UNIX)
        made.connect(address.removeprefix("unix:"))
    else:
        host, port = host_and_port(address)
        made = socket.create_connection((host, port))
    made.settimeout(LIMIT)
    test.addCleanup(made.close)
    return made


def server_of(test, address, backlog=5):
    """A socket that listens, and its address as Pentad writes it."""
    if address.startswith("unix:"):
        made = socket.socket(socket.AF_UNIX)
        made.bind(address.removeprefix("unix:"))
    else:
        host, port = host_and_port(address)
        made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        made.bind((host, port))
        address = address.rpartition(":")[0] + f":{made.getsockname()[1]}"
    made.settimeout(LIMIT)
    made.listen(backlog)
    test.addCleanup(made.close)
    return made, address


def accept_from(test, server):
    accepted = server.accept()[0]
    accepted.settimeout(LIMIT)
    test.addCleanup(accepted.close)
    return accepted


def receive_all(peer):
    """What the peer sends until it finishes."""
    received = b""
    while data := peer.recv(MEBIBYTE):
        received += data
    return received


def reset(peer):
    """Closes a connection with a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def text_of(address):
    """An address of Python as Pentad writes it."""
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def host_and_port(address):
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    return host.strip("[]"), int(port)
