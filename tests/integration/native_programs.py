"""What the tests of Pentad's own stack share: a network of the test, in which a TAP device joins the
stack to Linux's, and bytes that each end can check."""

import hashlib
import os
import random
import socket
import subprocess
import sys
import threading

from command_programs import LIMIT, MEBIBYTE, PENTAD, Program
from own_namespaces import go_on_inside

# Addresses of Linux's end and of the own stack.
LINUX, NATIVE = "10.9.2.1", "10.9.2.2"
STACK = f"native:tap=pentad0,ip={NATIVE}/24,host={LINUX}/24"
PORT = 41000  # of no protocol that tshark knows


def enter_own_network():
    """Goes on in a network namespace of the test, or skips the test where that is not allowed."""
    go_on_inside("--net", missing=lambda: "" if os.access("/dev/net/tun", os.R_OK | os.W_OK)
                 else "/dev/net/tun is missing or forbidden")


class Payload:
    """Bytes that are the same for the same size, in pieces, without being in memory at once."""

    def __init__(self, size, piece=MEBIBYTE + 4099):
        self.size = size
        self.block = random.Random(size).randbytes(piece)

    def pieces(self):
        view = memoryview(self.block)
        left = self.size
        while left:
            piece = view[:min(left, len(view))]
            left -= len(piece)
            yield piece

    def digest(self):
        made = hashlib.sha256()
        for piece in self.pieces():
            made.update(piece)
        return made.hexdigest()


def send(peer, payload):
    for piece in payload.pieces():
        peer.sendall(piece)
    peer.shutdown(socket.SHUT_WR)


def digest_of_received(peer):
    made = hashlib.sha256()
    while data := peer.recv(MEBIBYTE):
        made.update(data)
    return made.hexdigest()


def to_native(test, payload, options="", limit=LIMIT):
    """Linux sends to `pentad listen` on the own stack. What arrived, as a digest."""
    listen = Program(test, PENTAD, "listen", "--stack", STACK + options, f"tcp://{NATIVE}:{PORT}",
                     stdin=subprocess.DEVNULL, limit=limit)
    listen.address()
    with socket.create_connection((NATIVE, PORT), limit) as peer:
        send(peer, payload)
        peer.recv(1)  # until the other end has finished, too
    test.assert_ends(listen)
    return listen.digest.hexdigest()


def from_native(test, payload, options="", limit=LIMIT):
    """`pentad connect` on the own stack sends to Linux. What arrived, as a digest."""
    with socket.create_server(("0.0.0.0", PORT)) as server:
        server.settimeout(limit)
        connect = Program(test, PENTAD, "connect", "--stack", STACK + options,
                          f"tcp://{LINUX}:{PORT}", limit=limit)
        peer, _ = server.accept()

    def feed():
        for piece in payload.pieces():
            connect.process.stdin.write(piece)
        connect.process.stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    with peer:
        peer.settimeout(limit)
        arrived = digest_of_received(peer)
    feeder.join(limit)
    test.assert_ends(connect)
    return arrived


def receive_exactly(peer, size):
    received = b""
    while len(received) < size and (data := peer.recv(size - len(received))):
        received += data
    return received


def step_by_step_to_native(test, payload, options=""):
    """`pentad listen --echo` on the own stack sends back a piece before Linux sends the next, so
    that neither fills the window of the other. What came back, as a digest."""
    listen = Program(test, PENTAD, "listen", "--echo", "--stack", STACK + options,
                     f"tcp://{NATIVE}:{PORT}", stdin=subprocess.DEVNULL)
    listen.address()
    made = hashlib.sha256()
    with socket.create_connection((NATIVE, PORT), LIMIT) as peer:
        for piece in payload.pieces():
            peer.sendall(piece)
            made.update(receive_exactly(peer, len(piece)))
        peer.shutdown(socket.SHUT_WR)
        peer.recv(1)
    test.assert_ends(listen)
    return made.hexdigest()


def step_by_step_from_native(test, payload, options=""):
    """The same for `pentad connect`, which sends a piece when Linux has the one before."""
    made = hashlib.sha256()
    with socket.create_server(("0.0.0.0", PORT)) as server:
        server.settimeout(LIMIT)
        connect = Program(test, PENTAD, "connect", "--stack", STACK + options,
                          f"tcp://{LINUX}:{PORT}")
        peer, _ = server.accept()
    with peer:
        peer.settimeout(LIMIT)
        for piece in payload.pieces():
            connect.write(piece)
            made.update(receive_exactly(peer, len(piece)))
        connect.close_input()
        peer.recv(1)
    test.assert_ends(connect)
    return made.hexdigest()
