"""`pentad listen`: what it prints, how it ends, --echo, --keep, --timeout, on both engines."""

import fcntl
import os
import re
import resource
import signal
import socket
import subprocess
import unittest

from command_programs import (MEBIBYTE, PENTAD, client_of, host_and_port, is_sanitized,
                              on_each_stack, receive_all, reset, server_of, text_of)


@on_each_stack
class Listen:
    def test_tells_where_it_listens_and_passes_bytes_both_ways(self):
        for address in self.local_addresses:
            with self.subTest(address):
                listen = self.listen(address)
                client = client_of(self, listen.address())
                client.sendall(b"question\n")
                listen.await_output(b"question\n")
                listen.write(b"answer\n")
                self.assertEqual(client.recv(100), b"answer\n")

    def test_passes_on_the_end_of_its_input_and_still_receives(self):
        for address in self.local_addresses:
            with self.subTest(address):
                listen = self.listen(address)
                client = client_of(self, listen.address())
                listen.write(b"all")
                listen.close_input()
                self.assertEqual(receive_all(client), b"all")
                client.sendall(b"late answer")
                client.close()
                self.assert_ends(listen)
                self.assertEqual(listen.output, b"late answer")

    def test_sends_on_after_the_peer_has_finished(self):
        for address in self.local_addresses:
            with self.subTest(address):
                listen = self.listen(address)
                client = client_of(self, listen.address())
                client.sendall(b"all")
                client.shutdown(socket.SHUT_WR)
                listen.await_output(b"all")
                listen.write(b"late answer")
                listen.close_input()
                self.assertEqual(receive_all(client), b"late answer")
                self.assert_ends(listen)

    def test_serves_one_peer_without_keep(self):
        listen = self.listen("tcp://127.0.0.1:0")
        address = listen.address()
        client = client_of(self, address)
        client.sendall(b"first")
        listen.await_output(b"first")
        with self.assertRaises(ConnectionRefusedError):
            client_of(self, address)

    def test_listens_on_an_address_of_a_name(self):
        listen = self.listen("tcp://localhost:0")
        host, _ = host_and_port(listen.address())
        self.assertIn(host, ("127.0.0.1", "::1"))
        client_of(self, listen.address())

    def test_echoes(self):
        for address in self.local_addresses:
            with self.subTest(address):
                listen = self.listen("--echo", address, stdin=subprocess.DEVNULL)
                client = client_of(self, listen.address())
                client.sendall(b"hello")
                self.assertEqual(client.recv(100), b"hello")
                client.sendall(b" again")
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(receive_all(client), b" again")
                self.assert_ends(listen)
                self.assertEqual(listen.output, b"")

    def test_says_which_connections_begin_and_end(self):
        for address in self.local_addresses[:2]:
            with self.subTest(address):
                listen = self.listen("--verbose", address, stdin=subprocess.DEVNULL)
                client = client_of(self, listen.address())
                name = f"tcp {text_of(client.getpeername())} > {text_of(client.getsockname())}"
                client.sendall(b"12345")
                client.close()
                self.assert_ends(listen, 0, f"connected {re.escape(name)}\n")
                self.assertIn(f"closed {name}: 5 bytes received, 0 sent\n", listen.errors)

    def test_ends_well_by_signals(self):
        for number in signal.SIGINT, signal.SIGTERM:
            for options in [], ["--keep"], ["--keep", "--echo"]:
                with self.subTest(number, options=options):
                    path = f"{self.folder}/socket"
                    listen = self.listen(f"unix:{path}", *options)
                    client = client_of(self, listen.address())
                    client.sendall(b"hello")
                    if options[1:]:
                        self.assertEqual(client.recv(100), b"hello")
                    else:
                        listen.await_output(b"hello")
                    listen.signal(number)
                    self.assert_ends(listen)
                    self.assertFalse(os.path.exists(path))

    def test_ends_well_by_signals_while_it_waits(self):
        listen = self.listen("tcp://127.0.0.1:0")
        listen.address()
        listen.signal(signal.SIGTERM)
        self.assert_ends(listen)

    def test_says_that_an_address_is_taken(self):
        server, address = server_of(self, "tcp://127.0.0.1:0")
        self.assert_ends(self.listen(address), 1,
                         f"^pentad listen: cannot listen on {address}: Address already in use\n"
                         f"  Port 0 picks a free one.*:{server.getsockname()[1]}")
        taken = f"unix:{self.folder}/taken"
        server_of(self, taken)
        self.assert_ends(self.listen(taken), 1, f"cannot listen on {taken}: Address already in use")

    def test_says_that_a_connection_was_reset(self):
        listen = self.listen("tcp://127.0.0.1:0")
        client = client_of(self, listen.address())
        client.sendall(b"hello")
        listen.await_output(b"hello")
        reset(client)
        self.assert_ends(listen, 1, "pentad listen: tcp .* > .*: cannot receive: Connection reset")

    def test_ends_when_nobody_reads_its_output(self):
        for options in [], ["--keep"]:
            with self.subTest(options=options):
                reader, writer = os.pipe()
                listen = self.listen("tcp://127.0.0.1:0", *options, stdout=writer)
                os.close(writer)
                os.close(reader)
                client_of(self, listen.address()).sendall(b"hello")
                self.assert_ends(listen, 1, "cannot write to standard output: Broken pipe")

    def test_ends_when_its_output_is_full(self):
        with open("/dev/full", "wb") as full:
            listen = self.listen("tcp://127.0.0.1:0", stdout=full)
            client_of(self, listen.address()).sendall(b"hello")
            self.assert_ends(listen, 1, "cannot write to standard output: No space left")

    def test_takes_closed_standard_streams_for_empty_ones(self):
        listen = self.program("sh", "-c", 'exec "$@" <&- >&-', "sh", PENTAD, "listen", "--stack",
                              self.stack, "tcp://127.0.0.1:0")
        client = client_of(self, listen.address())
        self.assertEqual(receive_all(client), b"")
        client.close()
        self.assert_ends(listen)

    def test_leaves_the_descriptors_that_it_inherits_blocking(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        listen = self.listen("tcp://127.0.0.1:0", stdout=writer)
        client = client_of(self, listen.address())
        client.sendall(b"hello")
        self.assertEqual(os.read(reader, 100), b"hello")
        for descriptor in writer, listen.process.stdin.fileno():
            self.assertFalse(fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_NONBLOCK)

    def test_waits_for_a_reader_that_is_slow(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        listen = self.listen("tcp://127.0.0.1:0", stdin=subprocess.DEVNULL, stdout=writer)
        os.close(writer)
        client = client_of(self, listen.address())
        client.sendall(bytes(MEBIBYTE))  # more than the pipe takes
        client.close()
        received = 0
        while data := os.read(reader, 1000):
            received += len(data)
        self.assertEqual(received, MEBIBYTE)
        self.assert_ends(listen)


@on_each_stack
class ListenTimeout:
    def test_gives_up_when_nobody_connects(self):
        self.assert_ends(self.listen("--timeout", "0.05", "tcp://127.0.0.1:0"), 124,
                         "pentad listen: no connection came: Connection timed out")

    def test_gives_up_when_nothing_passes(self):
        listen = self.listen("--timeout", "0.05", "tcp://127.0.0.1:0")
        client = client_of(self, listen.address())
        self.assert_ends(listen, 124, "tcp .* > .*: nothing passed for 0.05 s")
        self.assertEqual(receive_all(client), b"")

    def test_disconnects_idle_peers_and_keeps_on(self):
        listen = self.listen("--keep", "--timeout", "0.05", "tcp://127.0.0.1:0")
        for _ in range(2):
            self.assertEqual(receive_all(client_of(self, listen.address())), b"")
        listen.signal(signal.SIGTERM)
        self.assert_ends(listen)
        self.assertEqual(listen.errors.count("nothing passed for 0.05 s"), 2)


@on_each_stack
class ListenKeep:
    def test_serves_many_at_once(self):
        for address in self.local_addresses:
            with self.subTest(address):
                listen = self.listen("--keep", address)
                clients = [client_of(self, listen.address()) for _ in range(20)]
                for number, client in enumerate(clients):
                    client.sendall(b"client %d;" % number)
                    listen.await_output(b"client %d;" % number)
                listen.write(b"for all")
                listen.close_input()
                for client in clients:
                    self.assertEqual(receive_all(client), b"for all")
                    client.close()
                listen.signal(signal.SIGTERM)
                self.assert_ends(listen)

    def test_keeps_input_for_the_first_peer(self):
        listen = self.listen("--keep", "tcp://127.0.0.1:0")
        listen.write(b"early")
        first = client_of(self, listen.address())
        self.assertEqual(first.recv(100), b"early")
        second = client_of(self, listen.address())
        second.sendall(b"here")
        listen.await_output(b"here")
        listen.write(b"late")
        listen.close_input()
        self.assertEqual(receive_all(first), b"late")
        self.assertEqual(receive_all(second), b"late")
        # What comes after the end of the input has nothing to receive.
        self.assertEqual(receive_all(client_of(self, listen.address())), b"")

    def test_goes_on_after_a_peer_was_reset(self):
        listen = self.listen("--keep", "tcp://127.0.0.1:0")
        client = client_of(self, listen.address())
        client.sendall(b"first")
        listen.await_output(b"first")
        reset(client)
        listen.await_errors("cannot receive: Connection reset by peer")
        client_of(self, listen.address()).sendall(b"second")
        listen.await_output(b"second")
        listen.signal(signal.SIGTERM)
        self.assert_ends(listen)

    def test_echoes_to_many_at_once(self):
        listen = self.listen("--keep", "--echo", "tcp://127.0.0.1:0", stdin=subprocess.DEVNULL)
        clients = [client_of(self, listen.address()) for _ in range(20)]
        for number, client in enumerate(clients):
            client.sendall(b"client %d" % number)
        for number, client in enumerate(clients):
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_all(client), b"client %d" % number)

    def test_writes_what_each_peer_sends_in_one_piece(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        listen = self.listen("--keep", "tcp://127.0.0.1:0", stdin=subprocess.DEVNULL, stdout=writer)
        os.close(writer)
        size = 40000  # a pipe takes one of them and not two
        letters = b"abcdefgh"
        for letter in letters:
            client_of(self, listen.address()).sendall(bytes([letter]) * size)
        output = b""
        while len(output) < size * len(letters):
            output += os.read(reader, 1000)
        runs = re.findall(rb"a+|b+|c+|d+|e+|f+|g+|h+", output)
        self.assertEqual([len(run) for run in runs], [size] * len(letters))

    def test_disconnects_a_peer_that_takes_nothing_and_serves_the_others(self):
        listen = self.listen("--keep", "tcp://127.0.0.1:0", stdin=subprocess.PIPE)
        stalled = client_of(self, listen.address())
        healthy = client_of(self, listen.address())
        for client in stalled, healthy:
            client.sendall(b"x")
        listen.await_output(b"xx")
        # More than the buffers of the two sockets and of the program can hold.
        total = 32 * MEBIBYTE
        writer = subprocess.Popen(["head", "-c", str(total), "/dev/zero"],
                                  stdout=listen.process.stdin)
        self.addCleanup(writer.wait)
        listen.close_input()
        self.assertEqual(len(receive_all(healthy)), total)
        self.assertIn(": it does not take what it is sent\n", listen.errors)
        with self.assertRaises(ConnectionResetError):
            receive_all(stalled)

    def test_waits_when_descriptors_run_out(self):
        if is_sanitized():
            self.skipTest("the sanitizers need descriptors of their own")

        def few_descriptors():
            resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))

        listen = self.listen("--keep", "--echo", "tcp://127.0.0.1:0", preexec_fn=few_descriptors)
        for client in [client_of(self, listen.address()) for _ in range(30)]:
            client.sendall(b"hello")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_all(client), b"hello")


if __name__ == "__main__":
    unittest.main()
