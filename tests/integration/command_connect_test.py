"""`pentad connect`: what it prints, how it ends, --timeout, on both engines."""

import os
import re
import socket
import subprocess
import unittest

from command_programs import (accept_from, client_of, on_each_stack, receive_all, reset,
                              server_of, text_of)


@on_each_stack
class Connect:
    def test_passes_bytes_both_ways(self):
        for address in self.local_addresses:
            with self.subTest(address):
                server, address = server_of(self, address)
                connect = self.connect(address)
                peer = accept_from(self, server)
                connect.write(b"question\n")
                self.assertEqual(peer.recv(100), b"question\n")
                peer.sendall(b"answer\n")
                connect.await_output(b"answer\n")

    def test_passes_on_the_end_of_its_input_and_still_receives(self):
        for address in self.local_addresses:
            with self.subTest(address):
                server, address = server_of(self, address)
                connect = self.connect(address)
                peer = accept_from(self, server)
                connect.write(b"all")
                connect.close_input()
                self.assertEqual(receive_all(peer), b"all")
                peer.sendall(b"late answer")
                peer.close()
                self.assert_ends(connect)
                self.assertEqual(connect.output, b"late answer")

    def test_sends_on_after_the_peer_has_finished(self):
        for address in self.local_addresses:
            with self.subTest(address):
                server, address = server_of(self, address)
                connect = self.connect(address)
                peer = accept_from(self, server)
                peer.sendall(b"all")
                peer.shutdown(socket.SHUT_WR)
                connect.await_output(b"all")
                connect.write(b"late answer")
                connect.close_input()
                self.assertEqual(receive_all(peer), b"late answer")
                self.assert_ends(connect)

    def test_connects_to_a_name(self):
        server, _ = server_of(self, "tcp://127.0.0.1:0")
        connect = self.connect(f"tcp://localhost:{server.getsockname()[1]}")
        accept_from(self, server).close()
        connect.close_input()
        self.assert_ends(connect)

    def test_says_which_connection_begins_and_ends(self):
        for address in self.local_addresses[:2]:
            with self.subTest(address):
                server, address = server_of(self, address)
                connect = self.connect("--verbose", address, stdin=subprocess.DEVNULL)
                peer = accept_from(self, server)
                name = f"tcp {text_of(peer.getpeername())} > {text_of(peer.getsockname())}"
                peer.sendall(b"12345")
                peer.close()
                self.assert_ends(connect, 0, f"connected {re.escape(name)}\n")
                self.assertIn(f"closed {name}: 5 bytes received, 0 sent\n", connect.errors)

    def test_says_that_nobody_listens_and_how_to(self):
        server, address = server_of(self, "tcp://127.0.0.1:0")
        server.close()
        for address, error in [(address, "Connection refused"),
                               (f"unix:{self.folder}/nobody", "No such file or directory")]:
            self.assert_ends(self.connect(address), 1,
                             f"^pentad connect: cannot connect to {address}: {error}\n"
                             f"  Nobody listens there. To listen: pentad listen {address}\n$")

    def test_says_that_the_connection_was_reset(self):
        server, address = server_of(self, "tcp://127.0.0.1:0")
        connect = self.connect(address)
        peer = accept_from(self, server)
        peer.sendall(b"hello")
        connect.await_output(b"hello")
        reset(peer)
        self.assert_ends(connect, 1, "pentad connect: tcp .* > .*: cannot receive: Connection reset")

    def test_writes_what_came_before_the_peer_went_although_it_cannot_send(self):
        server, address = server_of(self, f"unix:{self.folder}/socket")
        with open("/dev/zero", "rb") as endless:
            connect = self.connect(address, stdin=endless)
            peer = accept_from(self, server)
            peer.shutdown(socket.SHUT_RD)
            receive_all(peer)  # else its close would reset the connection
            connect.await_errors("cannot send: Broken pipe")
            peer.sendall(b"goodbye")
            peer.close()
            self.assert_ends(connect, 1)
        self.assertEqual(connect.output, b"goodbye")

    def test_ends_when_nobody_reads_its_output(self):
        server, address = server_of(self, "tcp://127.0.0.1:0")
        head = self.program("head", "-c1")
        connect = self.connect(address, stdout=head.process.stdin)
        head.close_input()
        peer = accept_from(self, server)
        peer.sendall(b"x")
        self.assert_ends(head)
        peer.sendall(b"y")
        self.assert_ends(connect, 1, "^pentad connect: cannot write to standard output: Broken pipe")

    def test_says_that_it_cannot_read_its_input(self):
        server, address = server_of(self, "tcp://127.0.0.1:0")
        unreadable = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, unreadable)
        connect = self.connect(address, stdin=unreadable)
        peer = accept_from(self, server)
        self.assertEqual(receive_all(peer), b"")
        peer.sendall(b"answer")
        peer.close()
        self.assert_ends(connect, 1, "cannot read standard input: Is a directory")
        self.assertEqual(connect.output, b"answer")

    def test_gives_up_when_nobody_answers(self):
        # With its queue full, Linux answers no further connection of a listener.
        for address in "tcp://127.0.0.1:0", f"unix:{self.folder}/busy":
            with self.subTest(address):
                _, address = server_of(self, address, backlog=0)
                client_of(self, address)
                self.assert_ends(self.connect("--timeout", "0.05", address), 124,
                                 f"cannot connect to {address}: Connection timed out\n  Nobody")

    def test_gives_up_when_nothing_passes(self):
        server, address = server_of(self, "tcp://127.0.0.1:0")
        connect = self.connect("--timeout", "0.05", address)
        self.assertEqual(receive_all(accept_from(self, server)), b"")
        self.assert_ends(connect, 124, "tcp .* > .*: nothing passed for 0.05 s")

    def test_resets_a_peer_that_takes_nothing(self):
        server, address = server_of(self, "tcp://127.0.0.1:0")
        with open("/dev/zero", "rb") as endless:
            connect = self.connect("--timeout", "0.2", address, stdin=endless)
            peer = accept_from(self, server)
            self.assert_ends(connect, 124, "nothing passed for 0.2 s")
        with self.assertRaises(ConnectionResetError):
            receive_all(peer)


if __name__ == "__main__":
    unittest.main()
