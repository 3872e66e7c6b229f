"""What the tests of names share: a machine of the test's own, with its own network and its own
resolv.conf and hosts, and name servers that say what a test tells them to say."""

import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from command_programs import LIMIT, CommandTest
from own_namespaces import go_on_inside

A, CNAME, AAAA = 1, 5, 28
REPLY, TRUNCATED = 0x8180, 0x0200
NO_ERROR, SERVER_FAILURE, NO_NAME, REFUSED = 0, 2, 3, 5


def enter_own_machine():
    """Goes on in a network and a tree of files of the test, or skips the test where that is not
    allowed."""
    files = ("/etc/resolv.conf", "/etc/hosts")
    absent = [path for path in files if not os.path.exists(path)]
    go_on_inside("--net", "--mount", missing=lambda: absent and
                 f"there is no {absent[0]} to put another one over")


class Machine:
    """Its resolv.conf and its hosts, which hide those of the system from this test."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="pentad-")
        self.resolv_conf = self._cover("/etc/resolv.conf")
        self.hosts = self._cover("/etc/hosts")

    def _cover(self, path):
        own = os.path.join(self.folder.name, os.path.basename(path))
        open(own, "w").close()
        subprocess.run(["mount", "--bind", own, os.path.realpath(path)], check=True)
        return own

    def configure(self, resolv_conf="nameserver 127.0.0.1\n", hosts=""):
        for path, text in ((self.resolv_conf, resolv_conf), (self.hosts, hosts)):
            with open(path, "w") as file:
                file.write(text)


def labels(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


class Question:
    """What came to a server."""

    def __init__(self, message, over_tcp):
        self.id, _, _, _, _, additional = struct.unpack("!6H", message[:12])
        self.over_tcp = over_tcp
        self.extended = additional == 1
        parts, at = [], 12
        while size := message[at]:
            parts.append(message[at + 1:at + 1 + size].decode())
            at += size + 1
        self.name = ".".join(parts)
        self.type, _ = struct.unpack("!2H", message[at + 1:at + 5])

    def __str__(self):
        return (f"{self.name}/{ {A: 'A', AAAA: 'AAAA'}[self.type]}" +
                ("/TCP" if self.over_tcp else ""))


class Record:
    """The name may be given as labels, right or wrong."""

    def __init__(self, name, type_, data, ttl=60):
        name = name if isinstance(name, bytes) else labels(name)
        self.bytes = name + struct.pack("!2HIH", type_, 1, ttl, len(data)) + data


def address(name, text):
    version = AAAA if ":" in text else A
    family = socket.AF_INET6 if version == AAAA else socket.AF_INET
    return version, Record(name, version, socket.inet_pton(family, text))


def reply(question, *addresses, flags=REPLY, id=None, name=None, records=()):
    """A reply with those of the addresses that have the version asked for."""
    name = name or question.name
    answers = [record.bytes for version, record in (address(name, text) for text in addresses)
               if version == question.type]
    answers += [record.bytes for record in records]
    header = struct.pack("!6H", question.id if id is None else id, flags, 1, len(answers), 0, 0)
    return header + labels(name) + struct.pack("!2H", question.type, 1) + b"".join(answers)


class NameServer:
    """Answers at `at`, port 53, until the test ends. `answer(question)` gives the messages to send
    in return: bytes, or (socket, bytes) for one that another socket sends."""

    def __init__(self, test, answer, at="127.0.0.1"):
        self.answer = answer
        self.asked = []
        self.changed = threading.Condition()
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind((at, 53))
        self.streams = socket.create_server((at, 53))
        self.threads = [threading.Thread(target=self._serve_datagrams),
                        threading.Thread(target=self._serve_streams)]
        for thread in self.threads:
            thread.start()
        test.addCleanup(self._end)

    def questions(self):
        with self.changed:
            return [str(question) for question in self.asked]

    def _note(self, message, over_tcp):
        question = Question(message, over_tcp)
        with self.changed:
            self.asked.append(question)
            self.changed.notify_all()
        return self.answer(question)

    def _serve_datagrams(self):
        while True:
            message, peer = self.datagrams.recvfrom(4096)
            if not message:
                return
            for sent in self._note(message, False):
                by, data = sent if isinstance(sent, tuple) else (self.datagrams, sent)
                by.sendto(data, peer)

    def _serve_streams(self):
        while True:
            client, _ = self.streams.accept()
            with client:
                client.settimeout(LIMIT)
                data = b""
                while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
                    more = client.recv(4096)
                    if not more:
                        break
                    data += more
                if not data:
                    return
                for sent in self._note(data[2:], True)[:1]:
                    client.sendall(len(sent).to_bytes(2, "big") + sent)

    def _end(self):
        # An empty message tells each thread to end.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as teller:
            teller.sendto(b"", self.datagrams.getsockname())
        socket.create_connection(self.streams.getsockname()).close()
        for thread in self.threads:
            thread.join(LIMIT)
        self.datagrams.close()
        self.streams.close()


class NamesTest(CommandTest):
    """A test on the machine of its script."""

    machine = None

    def setUp(self):
        super().setUp()
        self.machine.configure()

    def server(self, answer, at="127.0.0.1"):
        return NameServer(self, answer, at)

    def listener(self, at="127.0.0.1", port=0):
        """Somebody who listens there, and the port."""
        family = socket.AF_INET6 if ":" in at else socket.AF_INET
        made = socket.create_server((at, port), family=family)
        self.addCleanup(made.close)
        return made.getsockname()[1]

    def reached(self, name, port):
        """The address to which `pentad connect` comes under the name."""
        connect = self.connect("--verbose", f"tcp://{name}:{port}")
        found = connect.await_errors(r"tcp \S+ > (\S+):\d+").group(1)
        connect.end()
        return found.strip("[]")

    def failure(self, name, port=7):
        """What `pentad connect` says when it does not come there."""
        connect = self.connect(f"tcp://{name}:{port}", stdin=subprocess.DEVNULL)
        self.assert_ends(connect, 1)
        return connect.errors
