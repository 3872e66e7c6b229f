"""Two hosts, each in a network namespace of its own, with a cable between them."""

import itertools
import os
import pathlib
import subprocess

from measuring import Broken, prefer

ADDRESSES = ("10.8.0.1", "10.8.0.2")
SPARE = "10.8.0.3"  # a second host on the first one's link
PORT = "7008"

_numbers = itertools.count()


def ip(*words):
    subprocess.run(["ip", *words], check=True, stdin=subprocess.DEVNULL)


class TwoNetworks:
    """`with` makes them, and removes them with all that was started in them."""

    def __init__(self, folder, cable_options):
        self.folder, self.options = folder, cable_options
        number = next(_numbers)
        self.names = [f"pentad-{os.getpid()}-{number}{end}" for end in "ab"]
        self.started = []

    def __enter__(self):
        try:
            for name in self.names:
                ip("netns", "add", name)
                # Nothing is remembered of earlier connections, and nobody else speaks.
                self._set(name, "net.ipv4.tcp_no_metrics_save=1",
                          "net.ipv6.conf.default.disable_ipv6=1")
            self._wait_until_ready(self._start([self.folder / "cable", *self.names, *self.options]))
            for name in self.names:
                ip("-n", name, "link", "set", "tap0", "up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.started:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], check=False)

    def host(self, end, stack, address=None):
        """The text of a host: Linux itself, or one of Pentad's own on the same link."""
        address = address or ADDRESSES[end]
        if stack == "own":
            return f"native:packet=tap0,ip={address}/24"
        space = self.names[end]
        ip("-n", space, "address", "add", f"{address}/24", "dev", "tap0", "noprefixroute")
        # As TCP_CONGESTION for each socket: namespaces may not have all algorithms as their default.
        ip("-n", space, "route", "add", "10.8.0.0/24", "dev", "tap0", "src", address,
           "congctl", "cubic")
        return "kernel"

    def start(self, end, program, *words):
        return self._start(["ip", "netns", "exec", self.names[end], self.folder / program, *words])

    def serve(self, *command):
        """A server at the second host that has said that it is ready."""
        process = self.start(1, *command)
        self._wait_until_ready(process)
        return process

    @staticmethod
    def lines_of(process, seconds):
        """What it printed in the end."""
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Broken(f"{_text(process)} hangs") from None
        if process.returncode != 0 or not output:
            raise Broken(f"{_text(process)} failed")
        return output.splitlines()

    def _start(self, command):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   start_new_session=True)
        self.started.append(process)
        prefer(process.pid)
        return process

    @staticmethod
    def _wait_until_ready(process):
        if process.stdout.readline() != "ready\n":
            raise Broken(f"{_text(process)} did not start")

    @staticmethod
    def _set(name, *settings):
        subprocess.run(["ip", "netns", "exec", name, "sysctl", "-qw", *settings], check=True)


def _text(process):
    return " ".join(str(word) for word in process.args)


def are_allowed():
    return os.geteuid() == 0 and pathlib.Path("/dev/net/tun").exists()
