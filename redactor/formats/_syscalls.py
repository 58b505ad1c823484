"""System calls that no reader of a file needs, refused (EPERM) to it and to all that it begins: what takes one over finds less of
the kernel to attack, and no way out by a door that Landlock does not know (UDP, raw and netlink sockets).

A classic BPF filter by prctl(2) (seccomp, Linux 3.5 and later; no privilege is needed and nothing takes it back). By what it
does not name it is open: readers are pure Python, PDFium, ONNX Runtime and LibreOffice, which need most of the rest. Calls of a
foreign architecture (32 bits, x32) are refused whole. Elsewhere, and on other processors, nothing is refused.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from itertools import chain

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # of prctl(2)
_LOAD, _EQUAL, _LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF_LD|W|ABS; BPF_JMP|JEQ, JGE, JSET |K; BPF_RET|K
_NUMBER, _MACHINE, _FIRST = (
    0,
    4,
    16,
)  # where struct seccomp_data has the call, the architecture, the low half of the first argument
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38  # SECCOMP_RET_ALLOW, _ERRNO with EPERM, with ENOSYS
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH_* and the column of `_REFUSED`
_X32 = 0x40000000
_UNIX = 1  # AF_UNIX: LibreOffice speaks to itself
_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET

# Number on x86_64 and on aarch64, of asm/unistd.h.
_REFUSED = {
    # other processes and their memory
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    # namespaces and mounts: a user namespace opens more of the kernel to whoever has none of its rights
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    # parts of the kernel that are attacked from within a sandbox
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "acct": (163, 89),
    "syslog": (103, 116),
}
_SOCKET, _CLONE, _CLONE3 = (41, 198), (56, 220), (435, 435)


def refuse() -> bool:
    """From here on these calls are refused to this process and all that it begins. Whether the system does so."""
    if not sys.platform.startswith("linux") or platform.machine() not in _MACHINES or sys.maxsize < 2**32:
        return False
    steps = _steps(*_MACHINES[platform.machine()])
    packed = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))

    class Program(ctypes.Structure):  # struct sock_fprog
        _fields_ = (("count", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    program = Program(len(steps), ctypes.cast(packed, ctypes.c_void_p))
    try:
        prctl = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return False
    if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _steps(machine: int, column: int) -> list[tuple[int, int, int, int]]:
    """The filter: code, how many steps to skip where a test holds and where it does not, a value."""
    numbers = sorted(numbers[column] for numbers in _REFUSED.values())
    refuse = (_RETURN, 0, 0, _REFUSE)
    allow = (_RETURN, 0, 0, _ALLOW)
    foreign = [(_LEAST, 0, 1, _X32), refuse] if column == 0 else []
    return [
        *[(_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, machine), refuse],
        *[(_LOAD, 0, 0, _NUMBER), *foreign],
        *chain.from_iterable([(_EQUAL, 0, 1, number), refuse] for number in numbers),
        *[(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _UNKNOWN)],  # its flags lie in memory; libc then asks for clone
        *[(_EQUAL, 0, 4, _CLONE[column]), (_LOAD, 0, 0, _FIRST), (_ANY_BIT, 0, 1, _NAMESPACES), refuse, allow],
        *[(_EQUAL, 0, 4, _SOCKET[column]), (_LOAD, 0, 0, _FIRST), (_EQUAL, 0, 1, _UNIX), allow, refuse],
        allow,
    ]
