"""`pentad listen` and `pentad connect` with datagrams: with each other, ncat, socat and plain sockets,
how they end, batches, and what they say when nobody is there."""

import os
import shutil
import signal
import socket
import unittest

from command_programs import LIMIT, MEBIBYTE, on_each_stack, text_of


def bound(test, address=("127.0.0.1", 0)):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM)
    made.bind(address)
    made.settimeout(LIMIT)
    test.addCleanup(made.close)
    return made


def peer_of(address):
    host, _, port = address.removeprefix("udp://").rpartition(":")
    return host.strip("[]"), int(port)


@on_each_stack
class Datagrams:
    def test_each_piece_of_input_is_a_datagram(self):
        for host in "127.0.0.1", "::1":
            with self.subTest(host):
                peer = bound(self, (host, 0))
                connect = self.connect("udp://" + text_of(peer.getsockname()))
                connect.write(b"first\n")
                data, sender = peer.recvfrom(100)
                self.assertEqual(data, b"first\n")
                connect.write(b"second\n")
                self.assertEqual(peer.recv(100), b"second\n")
                peer.sendto(b"answer\n", sender)
                connect.await_output(b"answer\n")
                connect.close_input()
                self.assert_ends(connect)

    def test_no_datagram_of_input_is_larger_than_every_path_takes(self):
        peer = bound(self)
        connect = self.connect("udp://" + text_of(peer.getsockname()))
        sent = os.urandom(5000)
        connect.write(sent)
        connect.close_input()
        received = []
        while sum(map(len, received)) < len(sent):
            received.append(peer.recv(65536))
        self.assertEqual(b"".join(received), sent)
        self.assertLessEqual(max(map(len, received)), 1232)
        self.assert_ends(connect)

    def test_the_first_to_send_is_the_peer(self):
        listen = self.listen("udp://127.0.0.1:0", "--verbose")
        address = peer_of(listen.address())
        listen.write(b"kept for the first")
        first, second = bound(self), bound(self)
        first.sendto(b"one,", address)
        self.assertEqual(first.recv(100), b"kept for the first")
        second.sendto(b"nobody hears this,", address)
        first.sendto(b"two", address)
        listen.await_output(b"one,two")
        self.assertEqual(listen.output, b"one,two")
        listen.close_input()
        self.assert_ends(listen, errors="peer udp://" + text_of(first.getsockname()))

    def test_keep_serves_all_who_send(self):
        listen = self.listen("--keep", "udp://127.0.0.1:0")
        address = peer_of(listen.address())
        peers = [bound(self) for _ in range(3)]
        for number, peer in enumerate(peers):
            peer.sendto(b"%d" % number, address)
            listen.await_output(b"%d" % number)
        listen.write(b"to all")
        for peer in peers:
            self.assertEqual(peer.recv(100), b"to all")
        listen.signal(signal.SIGTERM)
        self.assert_ends(listen)

    def test_echo_answers_each_with_its_own(self):
        listen = self.listen("--echo", "--keep", "udp://0.0.0.0:0", "--batch", "8")
        port = peer_of(listen.address())[1]
        peers = [bound(self) for _ in range(20)]
        for number, peer in enumerate(peers):
            # The answer comes from the address that was asked.
            peer.connect((f"127.0.0.{1 + number % 5}", port))
            peer.send(b"%d" % number)
        for number, peer in enumerate(peers):
            self.assertEqual(peer.recv(100), b"%d" % number)

    def test_an_empty_datagram_is_none_of_the_output_and_no_end(self):
        listen = self.listen("udp://127.0.0.1:0")
        peer = bound(self)
        peer.connect(peer_of(listen.address()))
        for message in b"a", b"", b"b":
            peer.send(message)
        listen.await_output(b"ab")
        listen.close_input()
        self.assert_ends(listen)

    def test_says_that_nobody_is_there(self):
        gone = bound(self)
        address = "udp://" + text_of(gone.getsockname())
        gone.close()
        connect = self.connect(address)
        connect.write(b"is anybody there?")
        connect.close_input()
        self.assert_ends(connect, 1, "refused\n  Nobody receives there")

    def test_a_taken_port_is_told(self):
        holder = bound(self)
        listen = self.listen("udp://" + text_of(holder.getsockname()))
        self.assert_ends(listen, 1, "in use\n  Port 0 picks a free one; `ss -lunp")

    def test_silence_for_longer_than_the_timeout_ends_it(self):
        listen = self.listen("udp://127.0.0.1:0", "--timeout", "0.1")
        self.assert_ends(listen, 124, "nothing passed")

    def test_unix_datagrams_carry_a_mebibyte_unchanged(self):
        path = f"unixgram:{self.folder}/socket"
        sent = os.urandom(MEBIBYTE)
        listen = self.listen(path, stdin=open(os.devnull, "rb"))
        listen.address()
        connect = self.connect(path)
        connect.write(sent)
        connect.close_input()
        self.assert_ends(connect)
        self.assert_ends(listen)
        self.assertEqual(listen.output, sent)
        self.assertFalse(os.path.exists(f"{self.folder}/socket"))

    @unittest.skipUnless(shutil.which("ncat"), "needs ncat")
    def test_talks_to_ncat(self):
        listen = self.listen("udp://127.0.0.1:0")
        host, port = peer_of(listen.address())
        ncat = self.program("ncat", "-u", host, port)
        ncat.write(b"from ncat\n")
        listen.await_output(b"from ncat\n")
        listen.write(b"to ncat\n")
        ncat.await_output(b"to ncat\n")

    @unittest.skipUnless(shutil.which("socat"), "needs socat")
    def test_talks_to_socat(self):
        free = bound(self)  # socat does not tell which port it was given
        port = free.getsockname()[1]
        free.close()
        socat = self.program("socat", "-d", "-d", f"UDP4-RECVFROM:{port},bind=127.0.0.1,fork",
                             "EXEC:cat")
        socat.await_errors("receiving on")
        connect = self.connect(f"udp://127.0.0.1:{port}")
        connect.write(b"there and back\n")
        connect.await_output(b"there and back\n")
        connect.close_input()
        self.assert_ends(connect)


if __name__ == "__main__":
    unittest.main()
