"""Pentad's own stack carries bytes to and from Linux's over a TAP device, over good links and bad
ones, and what it sends is right in the eyes of tshark."""

import os
import shutil
import subprocess
import time
import unittest

from command_programs import LIMIT, MEBIBYTE, CommandTest, require
from native_programs import (NATIVE, Payload, enter_own_network, from_native,
                             step_by_step_from_native, step_by_step_to_native, to_native)

require("ip", "unshare")
enter_own_network()

WAYS = (to_native, from_native)


class Transfer(CommandTest):
    def check(self, mebibytes, options="", limit=LIMIT):
        payload = Payload(mebibytes * MEBIBYTE)
        for way in WAYS:
            with self.subTest(way.__name__, mebibytes=mebibytes, options=options):
                start = time.monotonic()
                self.assertEqual(way(self, payload, options, limit), payload.digest())
                print(f"{way.__name__}: {mebibytes} MiB in {time.monotonic() - start:.2f} s {options}")

    def test_over_a_good_link(self):
        self.check(1024)

    def test_loses_nothing_to_a_loss_of_a_thousandth(self):
        self.check(64, ",loss=0.1%")

    def test_loses_nothing_to_a_loss_of_a_hundredth(self):
        self.check(64, ",loss=1%", 2 * LIMIT)

    def test_loses_nothing_to_a_very_bad_link(self):
        self.check(8, ",loss=5%,reorder=2%,duplicate=2%", 4 * LIMIT)

    def test_loses_nothing_to_a_long_way_with_loss(self):
        self.check(1, ",delay=100ms,loss=0.1%", 2 * LIMIT)


@unittest.skipUnless(shutil.which("tshark"), "tshark is not installed")
class Recording(CommandTest):
    def items(self, file, severity, more=""):
        """What tshark objects to: a line for each item. The payload is random, and no protocol is to
        be guessed in it."""
        done = subprocess.run(
            ["tshark", "-n", "-r", file, "-d", "tcp.port==1-65535,data",
             "-o", "tcp.check_checksum:TRUE",
             "-o", "ip.check_checksum:TRUE", "-o", "tcp.analyze_sequence_numbers:TRUE",
             "-Y", f'_ws.expert.severity == "{severity}"{more}', "-T", "fields",
             "-e", "frame.number", "-e", "ip.src", "-e", "_ws.expert.message"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=4 * LIMIT)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def frames(self, file):
        done = subprocess.run(["tshark", "-r", file, "-T", "fields", "-e", "frame.number"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return len(done.stdout.splitlines())

    def record(self, way, payload, options=""):
        file = os.path.join(self.folder, "frames.pcapng")
        self.assertEqual(way(self, payload, f"{options},record={file}"), payload.digest())
        self.assertGreater(self.frames(file), 10)
        return file

    # Reads that lag behind close windows, and tshark warns of that: here none does.
    def test_of_a_good_link_shows_no_error_and_no_warning_about_us(self):
        for way in (step_by_step_to_native, step_by_step_from_native):
            with self.subTest(way.__name__):
                file = self.record(way, Payload(16 * MEBIBYTE, 50_000))
                self.assertEqual(self.items(file, "Error"), "")
                # A D-SACK is our word that Linux has sent something twice, such as a tail probe.
                about_us = f" && ip.src == {NATIVE} && !tcp.options.sack.dsack"
                self.assertEqual(self.items(file, "Warning", about_us), "")

    def test_of_a_bad_link_shows_no_error(self):
        for way in WAYS:
            with self.subTest(way.__name__):
                file = self.record(way, Payload(4 * MEBIBYTE),
                                   ",loss=1%,reorder=1%,duplicate=1%,delay=2ms")
                self.assertEqual(self.items(file, "Error"), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
