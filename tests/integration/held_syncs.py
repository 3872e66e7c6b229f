"""A disk that hangs or fails: a program each fsync(2) of which waits until the test says what becomes
of it (seccomp_unotify(2)). As a script it is put before the program: held_syncs.py SOCKET PROGRAM..."""

import ctypes
import errno
import fcntl
import os
import platform
import select
import socket
import struct
import sys

from chat_programs import skip
from command_programs import LIMIT

# seccomp, fsync and openat.
NUMBERS = {"x86_64": (317, 74, 257), "aarch64": (277, 82, 56), "riscv64": (277, 82, 56)}

SET_MODE_FILTER = 1
NEW_LISTENER = 8
ALLOW = 0x7FFF0000
USER_NOTIFICATION = 0x7FC00000
RECEIVE = 0xC0502100
SEND = 0xC0182101
CONTINUE = 1
PR_SET_NO_NEW_PRIVS = 38

LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06


def hold():
    """Lets every fsync of this process and those that come of it wait. The descriptor that tells of
    them, or -1."""
    seccomp, fsync, _ = NUMBERS[platform.machine()]
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in (
        (LOAD_WORD, 0, 0, 0), (JUMP_IF_EQUAL, 0, 1, fsync), (RETURN, 0, 0, USER_NOTIFICATION),
        (RETURN, 0, 0, ALLOW)))
    instructions = ctypes.create_string_buffer(program)
    filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return libc.syscall(seccomp, SET_MODE_FILTER, NEW_LISTENER, filter_program)


def skip_if_not_allowed():
    if platform.machine() not in NUMBERS:
        skip(f"no numbers of system calls for {platform.machine()}")
    child = os.fork()
    if child == 0:
        os._exit(0 if hold() >= 0 else 1)
    if os.waitpid(child, 0)[1] != 0:
        skip("seccomp notifications are not allowed here")


def waits_to_open(pid):
    """Whether a thread of the process is in openat(2), as when it opens a FIFO that nobody reads."""
    openat = NUMBERS[platform.machine()][2]
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/syscall") as file:
            if file.read().split()[0] == str(openat):
                return True
    return False


class HeldSyncs:
    """What to do with the syncs of a program that is started with `prefix` and `options`."""

    def __init__(self, test):
        self.ours, self.theirs = socket.socketpair()
        test.addCleanup(self.ours.close)
        test.addCleanup(self.theirs.close)
        self.ours.settimeout(LIMIT)
        self.prefix = (sys.executable, os.path.abspath(__file__), str(self.theirs.fileno()))
        self.options = {"pass_fds": (self.theirs.fileno(),)}
        self.test = test
        self.notifications = None

    def next(self):
        """The next sync, which has begun and waits."""
        if self.notifications is None:
            self.notifications = socket.recv_fds(self.ours, 1, 1)[1][0]
            self.test.addCleanup(os.close, self.notifications)
        if not select.select([self.notifications], [], [], LIMIT)[0]:
            raise AssertionError("nothing is synced")
        notification = bytearray(80)
        fcntl.ioctl(self.notifications, RECEIVE, notification)
        return struct.unpack_from("Q", notification)[0]

    def go_on(self, sync):
        fcntl.ioctl(self.notifications, SEND, struct.pack("QqiI", sync, 0, 0, CONTINUE))

    def fail(self, sync, error=errno.EIO):
        fcntl.ioctl(self.notifications, SEND, struct.pack("QqiI", sync, 0, -error, 0))

    def let_a_file_be_replaced(self):
        """Its text is synced, and then its folder."""
        for _ in range(2):
            self.go_on(self.next())


if __name__ == "__main__":
    notifications = hold()
    if notifications < 0:
        sys.exit("seccomp notifications are not allowed here")
    with socket.socket(fileno=int(sys.argv[1])) as report:
        socket.send_fds(report, [b"x"], [notifications])
    os.close(notifications)
    os.execvp(sys.argv[2], sys.argv[2:])
