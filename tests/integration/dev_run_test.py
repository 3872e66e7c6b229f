"""`./dev run`, the first command of a newcomer: the demo, how to reach the messenger, the messenger."""

import os
import re
import signal
import sys
import unittest

from chat_programs import ChatTest
from command_programs import PENTAD, server_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class DevRun(ChatTest):
    def run_it(self, *arguments):
        return self.program(ROOT + "/dev", "run", *arguments, cwd=self.folder,
                            start_new_session=True)

    def test_shows_a_message_and_serves_until_it_is_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                run = self.run_it("--", "--listen", "127.0.0.1:0")
                address = run.await_errors(r"listening on (irc://\S+)\n").group(1)
                self.says(address, "alice", "hello\n")
                os.killpg(run.process.pid, number)  # as Ctrl-C does
                self.assertEqual(run.wait(), 0, run.errors)
                output = run.output.decode()
                self.assertIn("\nBoth messages arrived.\n", output)
                self.assertRegex(output, r"\n  irssi -c 127\.0\.0\.1 -p 0\n"
                                 r"  build/release/pentad chat irc://127\.0\.0\.1:0/lobby\n"
                                 r"Ctrl-C ends it\.\n")

    def test_passes_arguments_on(self):
        with open(self.folder + "/here.toml", "w") as file:  # found from where it was called
            file.write('[server]\nnetwork = "Somewhere"\n')
        run = self.run_it("--", "--listen", "[::1]:0", "--config", "here.toml")
        run.await_errors(r"listening on irc://\[::1\]:\d+\n")
        self.assertIn("  irssi -c ::1 -p 0\n", run.output.decode())
        run.signal(signal.SIGINT)
        self.assertEqual(run.wait(), 0, run.errors)

    def test_says_who_has_the_port(self):
        _, taken = server_of(self, "tcp://127.0.0.1:0")
        host_and_port = taken.removeprefix("tcp://")
        run = self.run_it("--", "--listen", host_and_port)
        self.assert_ends(run, 1, f"cannot listen on {re.escape(host_and_port)}: Address already in "
                         f"use\n  Another program has the port: .*, process {os.getpid()}\\.\n"
                         "  Pick another with --listen HOST:PORT")


if __name__ == "__main__":
    if os.path.realpath(PENTAD) != os.path.realpath(ROOT + "/build/release/pentad"):
        print("skipped: it runs what the preset release builds, and is tested with that")
        sys.exit(77)
    unittest.main(verbosity=2)
