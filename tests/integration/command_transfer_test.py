"""100 MiB pass unchanged between `pentad listen`, `pentad connect`, socat and ncat, on both engines,
over IPv4, IPv6 and Unix sockets."""

import hashlib
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

from command_programs import MEBIBYTE, host_and_port, on_each_stack, require, server_of

payload = tempfile.NamedTemporaryFile(prefix="pentad-payload-")
digest = hashlib.sha256()


def setUpModule():
    generator = random.Random(1)
    for _ in range(100):
        piece = generator.randbytes(MEBIBYTE)
        digest.update(piece)
        payload.write(piece)
    payload.flush()


def tearDownModule():
    payload.close()


def open_payload():
    return open(payload.name, "rb")


@on_each_stack
class Transfer:
    def assert_received_all(self, program):
        self.assert_ends(program)
        self.assertEqual(program.digest.hexdigest(), digest.hexdigest(), program.arguments)

    def pipe_of_payload(self):
        """The payload through a pipe, as `cat payload |` gives it."""
        source = subprocess.Popen(["cat", payload.name], stdout=subprocess.PIPE)
        self.addCleanup(source.wait)
        self.addCleanup(source.stdout.close)
        return source.stdout

    def test_listen_with_socat_both_ways_at_once(self):
        for address in self.local_addresses:
            with self.subTest(address), self.pipe_of_payload() as pipe, open_payload() as file:
                listen = self.listen(address, stdin=pipe)
                socat = self.program("socat", "-b65536", "-t60", "STDIO",
                                     socat_peer(listen.address()), stdin=file)
                self.assert_received_all(listen)
                self.assert_received_all(socat)

    def test_connect_with_socat_both_ways_at_once(self):
        for address in self.local_addresses:
            with self.subTest(address), self.pipe_of_payload() as pipe, open_payload() as file:
                socat = self.program("socat", "-dd", "-b65536", "-t60", "STDIO",
                                     socat_listener(address), stdin=file)
                connect = self.connect(socat_address(socat, address), stdin=pipe)
                self.assert_received_all(connect)
                self.assert_received_all(socat)

    def test_listen_with_ncat_each_way(self):
        for address in self.local_addresses:
            with self.subTest(address), open_payload() as file:
                listen = self.listen(address, stdin=file)
                ncat = self.program("ncat", "--recv-only", *ncat_words(listen.address()),
                                    stdin=subprocess.DEVNULL)
                self.assert_received_all(ncat)
                self.assert_ends(listen)
            with self.subTest(address), open_payload() as file:
                listen = self.listen(address, stdin=subprocess.DEVNULL)
                self.program("ncat", "--send-only", *ncat_words(listen.address()), stdin=file)
                self.assert_received_all(listen)

    def test_connect_with_ncat_each_way(self):
        for address in self.local_addresses:
            with self.subTest(address), open_payload() as file:
                ncat, address = self.ncat_listener(address, "--recv-only", subprocess.DEVNULL)
                connect = self.connect(address, stdin=file)
                self.assert_received_all(ncat)
                self.assert_ends(connect)
        for address in self.local_addresses:
            with self.subTest(address), open_payload() as file:
                ncat, address = self.ncat_listener(address, "--send-only", file)
                connect = self.connect(address, stdin=subprocess.DEVNULL)
                self.assert_received_all(connect)

    def ncat_listener(self, address, direction, stdin):
        """An ncat and where it listens. It does not tell which port it got for port 0."""
        if address.startswith("unix:"):
            Path(address.removeprefix("unix:")).unlink(missing_ok=True)
        else:
            server, address = server_of(self, address)
            server.close()
        ncat = self.program("ncat", "-lv", direction, *ncat_words(address), stdin=stdin)
        ncat.await_errors("Listening")
        return ncat, address

    def test_listen_with_connect_through_files(self):
        with open_payload() as file, tempfile.NamedTemporaryFile() as received:
            listen = self.listen("tcp://127.0.0.1:0", stdin=subprocess.DEVNULL, stdout=received)
            connect = self.connect(listen.address(), stdin=file)
            self.assert_ends(connect)
            self.assert_ends(listen)
            with open(received.name, "rb") as again:
                received_digest = hashlib.file_digest(again, "sha256")
        self.assertEqual(received_digest.hexdigest(), digest.hexdigest())

    def test_echo(self):
        for address in self.local_addresses:
            with self.subTest(address), open_payload() as file:
                listen = self.listen("--echo", address, stdin=subprocess.DEVNULL)
                connect = self.connect(listen.address(), stdin=file)
                self.assert_received_all(connect)
                self.assert_ends(listen)


def socat_peer(address):
    if address.startswith("unix:"):
        return "UNIX-CONNECT:" + address.removeprefix("unix:")
    return address.replace("tcp://[", "TCP6:[").replace("tcp://", "TCP4:")


def socat_listener(address):
    if address.startswith("unix:"):
        return "UNIX-LISTEN:" + address.removeprefix("unix:")
    host, port = host_and_port(address)
    return f"TCP6-LISTEN:{port},bind=[{host}]" if ":" in host else f"TCP4-LISTEN:{port},bind={host}"


def socat_address(socat, address):
    """Where a socat listens that was told to listen on `address`."""
    port = socat.await_errors(r"listening on .*?([^:\s]*)\n").group(1)
    return address if address.startswith("unix:") else address.removesuffix("0") + port


def ncat_words(address):
    if address.startswith("unix:"):
        return "-U", address.removeprefix("unix:")
    host, port = host_and_port(address)
    return "-6" if ":" in host else "-4", host, str(port)


if __name__ == "__main__":
    require("ncat", "socat")
    unittest.main()
