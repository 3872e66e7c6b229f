"""The README's table of what is supported: every row names tests that exist."""

import fnmatch
import os
import re
import subprocess
import unittest

from command_programs import PENTAD, skip_if_sanitized

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def known_tests():
    listing = subprocess.run(["ctest", "--test-dir", os.path.dirname(PENTAD), "--show-only"],
                             check=True, capture_output=True, text=True).stdout
    return re.findall(r"^ *Test +#\d+: (\S+)$", listing, re.M)


def rows():
    with open(ROOT + "/README.md") as readme:
        table = readme.read().partition("| supported | test |\n|---|---|\n")[2].partition("\n\n")[0]
    return [row.strip("|").rpartition("|") for row in table.splitlines()]


class Readme(unittest.TestCase):
    def test_each_row_names_tests_that_exist(self):
        tests = known_tests()
        self.assertTrue(rows())
        for feature, _, names in rows():
            patterns = re.findall(r"`([^`]+)`", names)
            with self.subTest(feature):
                self.assertTrue(patterns)
                for pattern in patterns:
                    # With or without the room, the stacks and the engine around it.
                    self.assertTrue(fnmatch.filter(tests, "*" + pattern + "*"), pattern)


if __name__ == "__main__":
    skip_if_sanitized("tests that the sanitizers rule out are not in their build")
    unittest.main(verbosity=2)
