"""What the reader of a file may reach beside that file, which it is given as bytes: programs, fonts and its own folder.

Landlock (Linux 5.13 and later; TCP from 6.7, signals from 6.12), asked through ctypes: no privilege is needed, it holds for all
that the process begins, and cannot be taken back. Where it is missing (Windows, macOS, older kernels) nothing is fenced.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ._libreoffice import SOCKETS, program

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # landlock_create_ruleset, _add_rule, _restrict_self: the same on every machine
_NO_NEW_PRIVILEGES, _PATH_BENEATH, _VERSION = 38, 1, 1
_EXECUTE, _WRITE, _READ, _LIST, _REMOVE_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4
_REMOVE_FILE, _MAKE_SOCKET, _TRUNCATE = 1 << 5, 1 << 9, 1 << 14
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | 1 << 15
_RIGHTS = (0, 13, 14, 15, 15, 16)  # how many rights over files each version knows, the last from there on
_TCP, _SCOPES = 0b11, 0b11  # to bind and connect; abstract sockets and signals to processes outside
_SYSTEM = """/usr /bin /sbin /lib /lib32 /lib64 /opt /etc /sys /nix/store /var/lib/libreoffice /var/spool/libreoffice
    /var/cache/fontconfig""".split()
_DEVICES = "/dev/null /dev/zero /dev/full /dev/random /dev/urandom".split()


def alone(folder: Path, office: bool = False) -> bool:
    """From here on this process, and all that it begins, writes below `folder` alone, reads there and where programs lie, and
    nowhere else; `office`: LibreOffice runs in it. Whether the system does so."""
    if not sys.platform.startswith("linux"):
        return False
    if (version := _call(_CREATE, None, 0, _VERSION)) < 1:
        return False
    every = (1 << _RIGHTS[min(version, len(_RIGHTS) - 1)]) - 1
    asked = struct.pack("QQQ", every, _TCP, _SCOPES)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    rules = _call(_CREATE, asked, len(asked), 0)
    if rules < 0:
        return False
    try:
        for path, rights in _allowed(folder, office):
            with suppress(OSError):  # one that is not there need not be allowed
                _allow(rules, path, rights & every)
        return ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and _call(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allowed(folder: Path, office: bool) -> Iterator[tuple[str, int]]:
    """What may be reached, and how. `python -c` has the folder it was begun in on its path as "": the user's, and left out."""
    soffice = program()
    programs = {*_SYSTEM, sys.prefix, sys.base_prefix, *filter(None, sys.path)}
    programs |= {str(Path(soffice).resolve().parent.parent)} if soffice else set()
    yield from ((path, _EXECUTE | _READ | _LIST) for path in sorted(programs))
    yield from ((path, _READ | _WRITE | _TRUNCATE) for path in _DEVICES)
    yield "/proc", _READ | _LIST | _WRITE | _TRUNCATE  # of processes outside only what everybody may see of them
    yield str(folder), -1
    yield str(folder.parent), _REMOVE_FOLDER  # itself, at the end; others only while they are empty
    if office:
        yield SOCKETS, _MAKE_SOCKET | _REMOVE_FILE  # LibreOffice makes one there, and will not run where it cannot take it away


def _allow(rules: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        own = rights if Path(path).is_dir() else rights & _OF_FILES
        _call(_ADD, rules, _PATH_BENEATH, struct.pack("=Qi", own, descriptor), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *args: int | bytes | None) -> int:
    """A call of the system's, -1 where it does not know it."""
    try:
        call = ctypes.CDLL(None).syscall
    except (OSError, AttributeError):
        return -1
    call.restype = ctypes.c_long
    return int(call(*(ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args))))
