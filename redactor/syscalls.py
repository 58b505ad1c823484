"""Calls of the system that whoever meets documents never makes, refused: what takes such a process over cannot make them either.

A seccomp filter (Linux, x86-64 and AArch64), asked through ctypes: no privilege is needed, it holds for all that the process
begins, and cannot be taken back. A refused call fails (EPERM) and ends nothing, for libraries try calls and do without. Where it
is missing (Windows, macOS, other machines) nothing is refused. What is named here goes, all else stays: LibreOffice, tesseract
and the libraries of the name models must run, in versions to come too.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

# Each call by its number on x86-64 and on AArch64 (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
# Other processes of the same user: their memory, their open files, and what they answer over a socket that lies in a folder
# (D-Bus, ssh-agent, Docker), which neither Landlock nor a network of one's own keeps from being called.
_OTHERS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "kcmp": (312, 272), "pidfd_getfd": (438, 438), "connect": (42, 203),
}  # fmt: skip
# Parts of the kernel in which most holes were found through which an ordinary user became its master.
_KERNEL = {
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "vmsplice": (278, 75), "fanotify_init": (300, 262), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "lookup_dcookie": (212, 18), "syslog": (103, 116), "acct": (163, 89),
}  # fmt: skip
# The machine itself. The kernel asks for rights that a user lacks; who runs this as root has them.
_MACHINE = {
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161),
    "setdomainname": (171, 162),
}  # fmt: skip
# Which files there are: another tree, or a file by its number and not by its path, on which Landlock looks.
_FILES = {
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "open_by_handle_at": (304, 265), "setns": (308, 268),
}  # fmt: skip
REFUSED = _OTHERS | _KERNEL | _MACHINE | _FILES
"""Every call that is refused whatever it asks for: its numbers on x86-64 and AArch64."""

_UNSHARE, _CLONE, _CLONE3 = (272, 97), (56, 220), (435, 435)
_SOCKET, _SOCKETPAIR, _IOCTL, _LIMITS, _SECCOMP = (41, 198), (53, 199), (16, 29), (302, 261), (317, 277)
_NEWEST = 462  # of Linux 6.10; what came later, and the calls of x32, are answered as by an older system
_NEW = 0x7E020000  # CLONE_NEW* of sched.h: namespaces of any kind (but of time, whose bit is another thing to clone)
_UNIX, _STREAM, _TYPE = 1, 1, 0xF
_PUSH, _SELECT = 0x5412, 0x541C  # TIOCSTI and TIOCLINUX type into the terminal that the command was begun in
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # AUDIT_ARCH_* of audit.h
_NUMBER, _MACHINE_AT, _ARGUMENTS = 0, 4, 16  # where struct seccomp_data has them
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06  # classic BPF
_ALLOWED, _FAILS = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1

Step = tuple[int, int, int, int]  # code, steps to leave out if so and if not, value


def refuse(*, office: bool = False, readers: bool = False) -> bool:
    """From here on the calls above fail in this process and all that it begins, and no socket is made, nor a namespace.

    `office`: LibreOffice runs in it, which talks to itself over a local socket. `readers`: it begins processes that will cut
    themselves off, in namespaces of their own. Whether the system does so.
    """
    at, machine = _machine()
    if at < 0:
        return False
    steps = _filter(at, machine, office, readers)
    packed = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HP", len(steps), ctypes.addressof(packed)))
    try:
        system = ctypes.CDLL(None)
        if system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        return bool(system.syscall(_SECCOMP[at], _SET_FILTER, _ALL_THREADS, program) == 0)
    except (OSError, AttributeError):
        return False


def _machine() -> tuple[int, int]:
    """Which of the numbers hold here, and what the kernel calls the machine; -1 where none do."""
    if not sys.platform.startswith("linux") or sys.byteorder != "little" or struct.calcsize("P") != 8:
        return -1, 0
    return _MACHINES.get(os.uname().machine, (-1, 0))


def _filter(at: int, machine: int, office: bool, readers: bool) -> list[Step]:
    """The program that the kernel runs at each call."""
    fails, unknown = _answer(errno.EPERM), _answer(errno.ENOSYS)
    steps: list[Step] = [(_LOAD, 0, 0, _MACHINE_AT), (_EQUAL, 1, 0, machine), fails]  # no calls of another machine's
    steps += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _NEWEST + 1), unknown]
    refused = [*REFUSED.values()] + ([] if readers else [_UNSHARE]) + ([] if office or readers else [_SOCKET, _SOCKETPAIR])
    for numbers in refused:
        steps += [(_EQUAL, 0, 1, numbers[at]), fails]
    local = [_argument(0), (_EQUAL, 0, 3, _UNIX), _argument(1), (_AND, 0, 0, _TYPE), (_EQUAL, 1, 0, _STREAM), fails]
    for numbers in (_SOCKET, _SOCKETPAIR):
        steps += _where(numbers[at], local)
    steps += _where(_IOCTL[at], [_argument(1), (_EQUAL, 1, 0, _PUSH), (_EQUAL, 0, 1, _SELECT), fails])
    steps += _where(_LIMITS[at], [_argument(0), (_EQUAL, 1, 0, 0), fails])  # of another process
    if not readers:
        steps += _where(_CLONE[at], [_argument(0), (_ANY_BIT, 0, 1, _NEW), fails])
        steps += [(_EQUAL, 0, 1, _CLONE3[at]), unknown]  # it says what it wants where no filter sees it; libc takes clone then
    return [*steps, (_ANSWER, 0, 0, _ALLOWED)]


def _where(number: int, steps: list[Step]) -> list[Step]:
    """A call that is looked at: its steps end with an answer, and whatever leaves that out is allowed."""
    return [(_EQUAL, 0, len(steps) + 1, number), *steps, (_ANSWER, 0, 0, _ALLOWED)]


def _argument(place: int) -> Step:
    """The lower half of an argument: all that the kernel looks at of these."""
    return _LOAD, 0, 0, _ARGUMENTS + 8 * place


def _answer(fault: int) -> Step:
    return _ANSWER, 0, 0, _FAILS | fault
