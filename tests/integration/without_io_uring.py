"""Runs a program to which io_uring is forbidden, with EPERM, as containers forbid it:
without_io_uring.py PROGRAM ARGUMENT..."""

import ctypes
import errno
import os
import struct
import sys

PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
SECCOMP_RET_ALLOW = 0x7FFF0000
SECCOMP_RET_ERRNO = 0x00050000

# Instructions of classic BPF.
LOAD_WORD = 0x20
JUMP_IF_EQUAL = 0x15
RETURN = 0x06

# io_uring_setup, io_uring_enter and io_uring_register have these numbers on all architectures.
FORBIDDEN = 425, 426, 427


def instruction(code, value, if_true=0, if_false=0):
    return struct.pack("HBBI", code, if_true, if_false, value)


def forbid():
    program = instruction(LOAD_WORD, 0)  # the number of the system call
    for position, number in enumerate(FORBIDDEN):
        program += instruction(JUMP_IF_EQUAL, number, if_true=len(FORBIDDEN) - position)
    program += instruction(RETURN, SECCOMP_RET_ALLOW)
    program += instruction(RETURN, SECCOMP_RET_ERRNO | errno.EPERM)
    instructions = ctypes.create_string_buffer(program)
    filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if (libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
            or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_program) != 0):
        sys.exit(f"{sys.argv[0]}: cannot set a seccomp filter: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    forbid()
    os.execvp(sys.argv[1], sys.argv[1:])
