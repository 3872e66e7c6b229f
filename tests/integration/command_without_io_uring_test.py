"""Where io_uring is forbidden, epoll is taken, and `pentad` says so."""

import pathlib
import sys
import unittest

from command_programs import PENTAD, CommandTest, MEBIBYTE

forbid = pathlib.Path(__file__).with_name("without_io_uring.py")


class WithoutIoUring(CommandTest):
    def pentad(self, *arguments, **options):
        return self.program(sys.executable, forbid, PENTAD, *arguments, **options)

    def test_says_which_engine_it_takes_and_why(self):
        version = self.pentad("--version", "--verbose")
        self.assert_ends(version)
        self.assertRegex(version.output.decode(),
                         r"stack kernel: kernel:epoll, because io_uring is forbidden here: "
                         r"Operation not permitted\n")

    def test_listens_and_connects(self):
        listen = self.pentad("listen", "--echo", "tcp://127.0.0.1:0")
        connect = self.pentad("connect", listen.address())
        connect.write(bytes(MEBIBYTE))
        connect.close_input()
        self.assert_ends(connect)
        self.assert_ends(listen)
        self.assertEqual(connect.output, bytes(MEBIBYTE))

    def test_refuses_io_uring_when_asked_for_it(self):
        self.assert_ends(self.pentad("connect", "--stack", "kernel:uring", "tcp://127.0.0.1:1"), 1,
                         "^pentad connect: cannot use the stack kernel:uring: "
                         "Operation not permitted\n  .*--stack kernel:epoll")


if __name__ == "__main__":
    unittest.main()
