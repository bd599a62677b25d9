"""Locks up the process that calls it, as far as the kernel allows that without a privilege.

Limits on memory, time, files and their size hold everywhere. On Linux, Landlock leaves of the file
system what Python and PDFium read themselves, and a seccomp filter refuses sockets, new programs
and processes, signals to others, and every way to look into or to change them. What a kernel does
not offer is left out.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Final

# prctl(2)
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_PR_SET_NO_NEW_PRIVS: Final = 38

# landlock(7); the numbers of these calls are the same on all machines
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION: Final = 1
_RULE_PATH_BENEATH: Final = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# How many rights over files each version of the interface knows.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_NOW: Final = 16
_TCP: Final = (4, 0b11)  # bind and connect, since version 4
_SCOPES: Final = (6, 0b11)  # abstract sockets and signals, since version 6

# What PDFium looks for when a document does not bring its fonts along.
_FONTS: Final = ("/usr/share/fonts", "/usr/share/X11/fonts", "/usr/local/share/fonts")

# seccomp(2): instructions of its filters, and offsets of what they look at
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE: Final = 0x00050000 | 1  # EPERM
_IS_UNKNOWN: Final = 0x00050000 | 38  # ENOSYS: the C library then takes an older call
_CLONE_THREAD: Final = 0x00010000
_X32: Final = 0x40000000  # a second set of numbers on x86-64

# The calls that are refused, by their numbers on x86-64 and on ARM64; None where there is none.
_REFUSED: Final[tuple[tuple[int | None, int | None], ...]] = (
    # sockets: socket, connect, accept, bind, listen, socketpair, accept4
    (41, 198), (42, 203), (43, 202), (49, 200), (50, 201), (53, 199), (288, 242),
    # programs and processes: fork, vfork, execve, execveat, unshare, setns, setsid
    (57, None), (58, None), (59, 221), (322, 281), (272, 97), (308, 268), (112, 157),
    # others: kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal,
    # pidfd_open, pidfd_getfd, ptrace, process_vm_readv, process_vm_writev, process_madvise,
    # setpriority, sched_setaffinity
    (62, 129), (200, 130), (234, 131), (129, 138), (297, 240), (424, 424),
    (434, 434), (438, 438), (101, 117), (310, 270), (311, 271), (440, 440),
    (141, 140), (203, 122),
    # shared memory and queues of other processes: shmget, shmat, shmctl, msgget, semget, mq_open
    (29, 194), (30, 196), (31, 195), (68, 186), (64, 190), (240, 180),
    # the kernel: bpf, userfaultfd, io_uring, perf_event_open, keys, modules, mounts
    (321, 280), (323, 282), (425, 425), (426, 426), (427, 427), (298, 241),
    (248, 217), (249, 218), (250, 219), (175, 105), (313, 273), (176, 106),
    (165, 40), (166, 39), (155, 41), (161, 51), (428, 428), (429, 429), (430, 430), (442, 442),
    (303, 264), (304, 265),
    # what Landlock does not guard: chmod, fchmod, chown, fchown, lchown, fchmodat, fchmodat2,
    # fchownat, truncate, utime, utimes, futimesat, utimensat, setxattr, removexattr
    (90, None), (91, 52), (92, None), (93, 55), (94, None), (268, 53), (452, 452),
    (260, 54), (76, 45), (132, None), (235, None), (261, None), (280, 88),
    (188, 5), (189, 6), (190, 7), (197, 14), (198, 15), (199, 16),
)  # fmt: skip
_ARCHES: Final = {"x86_64": (0, 0xC000003E, 56), "aarch64": (1, 0xC00000B7, 220)}
_CLONE3: Final = 435

_libc: Final = ctypes.CDLL(None, use_errno=True)


def address_space() -> int:
    """The bytes of address space that this process has; 0 where that is not known."""
    if not _is_linux():
        return 0
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def limit_memory(most: int) -> None:
    """Let this process have no more bytes of address space than that."""
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def limit_time(seconds: float, in_all: float) -> None:
    """End this process after so many seconds of its processor's time from now, or in its life.

    The life's limit can only be lowered. Seconds are rounded up.
    """
    hard = min(int(in_all) + 1, _hard_limit(resource.RLIMIT_CPU))
    soft = min(int(seconds_used() + seconds) + 1, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def seconds_used() -> float:
    """The processor's time that this process has taken."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def give_up_files(fonts: Iterable[str] = _FONTS) -> bool:
    """Let this process and those that it forks write no file, and read what they need alone.

    False if the kernel does not offer to guard the file system; then only writing is refused.
    """
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))
    if not _is_linux():
        return False
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return _landlock([*_folders_of_python(), *fonts])


def give_up_calls() -> bool:
    """Let this process open no socket, start nothing, and touch no other process.

    False if the kernel, or this module for the machine, does not offer that.
    """
    machine = _ARCHES.get(platform.machine()) if _is_linux() else None
    if machine is None:
        return False
    column, arch, clone = machine
    refused = sorted(number for numbers in _REFUSED if (number := numbers[column]) is not None)
    program = _program(refused, arch, clone)
    code = ctypes.create_string_buffer(program, len(program))
    filter_ = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, filter_, 0, 0) == 0)


def _is_linux() -> bool:
    return sys.platform == "linux"


def _hard_limit(what: int) -> int:
    hard = resource.getrlimit(what)[1]
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


def _folders_of_python() -> set[str]:
    """Where modules are that are imported at their first use: codecs, plugins of Pillow."""
    return {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}


def _landlock(readable: Iterable[str]) -> bool:
    version = _libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    files = (1 << _FILE_RIGHTS.get(version, _FILE_RIGHTS_NOW)) - 1
    tcp = _TCP[1] if version >= _TCP[0] else 0
    scopes = _SCOPES[1] if version >= _SCOPES[0] else 0
    # The attributes grew with the versions, and a kernel refuses what it does not know.
    rules = struct.pack("=QQQ", files, tcp, scopes)
    rules = rules[: 24 if scopes else 16 if tcp else 8]
    ruleset = _libc.syscall(_CREATE_RULESET, rules, len(rules), 0)
    if ruleset < 0:
        return False
    try:
        for folder in readable:
            _allow_reading(ruleset, folder)
        return bool(_libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow_reading(ruleset: int, folder: str) -> None:
    try:
        place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # it is not there
        return
    rule = struct.pack("=Qi", _READ_FILE | _READ_DIR, place)
    _libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    os.close(place)


def _program(refused: list[int], arch: int, clone: int) -> bytes:
    """The filter: everything but these calls is allowed, and of `clone` only new threads."""
    tail = [  # what a jump may lead to; counted from the end
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_HAS_BIT, 2, 0, _CLONE_THREAD),  # a thread: allow
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _IS_UNKNOWN),
        (_RETURN, 0, 0, _ALLOW),
    ]
    checks = [(clone, 0), (_CLONE3, 3), *((number, 2) for number in refused)]
    body = [(_AT_LEAST, len(checks) + 1 + 2, 0, _X32)]
    for at, (number, target) in enumerate(checks):
        left = len(checks) - at - 1
        body.append((_EQUAL, left + 1 + target, 0, number))
    body.append((_RETURN, 0, 0, _ALLOW))
    head = [
        (_LOAD, 0, 0, _ARCH_AT),
        (_EQUAL, 1, 0, arch),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    return b"".join(struct.pack("=HBBI", *one) for one in (*head, *body, *tail))
