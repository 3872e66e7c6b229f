"""`pentad --help`, `--version` and what is wrong usage: exit status 2 and where to look."""

import re
import unittest

from command_programs import PENTAD, CommandTest


class Usage(CommandTest):
    def pentad(self, *arguments):
        return self.program(PENTAD, *arguments)

    def assert_refuses(self, *arguments, because):
        with self.subTest(arguments):
            refused = self.pentad(*arguments)
            self.assert_ends(refused, 2, because + r"\n  See pentad( \w+)? --help\.\n$")
            self.assertEqual(refused.output, b"")

    def test_help_lists_the_subcommands(self):
        help_text = self.pentad("--help")
        self.assert_ends(help_text)
        for subcommand in b"listen", b"connect":
            self.assertIn(b"\n  " + subcommand, help_text.output)

    def test_help_of_each_subcommand_has_examples(self):
        help_text = self.pentad("--help")
        help_text.wait()
        listed = help_text.output.decode().partition("Subcommands:\n")[2].partition("\n\n")[0]
        for subcommand in re.findall(r"^  (\w+)", listed, re.MULTILINE):
            with self.subTest(subcommand):
                explained = self.pentad(subcommand, "--help")
                self.assert_ends(explained)
                self.assertRegex(explained.output.decode(), rf"Examples:\n  pentad {subcommand}")

    def test_version(self):
        version = self.pentad("--version")
        self.assert_ends(version)
        self.assertRegex(version.output.decode(), r"^pentad \d+\.\d+\.\d+\n$")

    def test_version_in_detail(self):
        for order in ("--version", "--verbose"), ("--verbose", "--version"):
            version = self.pentad(*order)
            self.assert_ends(version)
            self.assertRegex(version.output.decode(),
                             r"^pentad \d+\.\d+\.\d+\n"
                             r"compiler: (GCC|Clang) \d+\.\d+\..*\n"
                             r"system: Linux \d+\..*\n"
                             r"stack kernel: kernel:(uring|epoll), because .*\n$")

    def test_a_subcommand_is_needed(self):
        self.assert_refuses(because="^pentad: a subcommand is missing")
        self.assert_refuses("--verbose", because="^pentad: a subcommand is missing")

    def test_options_must_be_known(self):
        self.assert_refuses("--loud", because="^pentad: .*--loud")
        self.assert_refuses("connect", "tcp://[::1]:7", "--loud", because="connect: .*--loud")

    def test_an_address_is_needed(self):
        for subcommand in "listen", "connect":
            self.assert_refuses(subcommand, because=f"^pentad {subcommand}: ADDRESS is required")

    def test_addresses_are_of_streams(self):
        for subcommand in "listen", "connect":
            for address in ("", "127.0.0.1:7", "tcp://", "tcp://127.0.0.1", "tcp://::1:7",
                            "tcp://127.0.0.1:65536", "tcp://127.0.0.1:http", "tcp://256.1.1.1:7",
                            "tcp://a b:7", "ftp://127.0.0.1:7", "unix:", "irc://localhost:7/x"):
                self.assert_refuses(subcommand, "--", address,
                                    because=f"'{re.escape(address)}' is none of tcp://.*, udp://.*")
            self.assert_refuses(subcommand, "unix:" + 108 * "x", because=".* at most 107 bytes")

    def test_a_port_is_needed_to_connect(self):
        self.assert_refuses("connect", "tcp://127.0.0.1:0", because=".*no port")

    def test_options_have_sound_values(self):
        for timeout in "0", "-1", "soon", "1e99", "nan":
            self.assert_refuses("connect", "tcp://[::1]:7", "--timeout", timeout,
                                because="^pentad connect: .*--timeout.*")
        for stack in "", "windows", "kernel:", "kernel:epoll,spin=soon":
            self.assert_refuses("listen", "tcp://[::1]:7", "--stack", stack,
                                because="^pentad listen: .*--stack.*")

    def test_one_subcommand_at_a_time(self):
        self.assert_refuses("connect", "tcp://[::1]:7", "listen", because="^pentad connect: .*")


if __name__ == "__main__":
    unittest.main()
