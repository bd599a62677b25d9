"""What the system knows of processes: who one is, whether it still lives, when it must end."""

from __future__ import annotations

import ctypes
import logging
import os
import re
import signal
import socket
from functools import cache
from pathlib import Path

import psutil

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1  # prctl(2)


@cache
def machine() -> str:
    """This machine since it was started, as its processes see it: in a container, the container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        processes = re.sub(r"\D", "", str(Path("/proc/self/ns/pid").readlink()))
    except OSError:  # not Linux
        return socket.gethostname()
    return f"{socket.gethostname()}/{boot}/{processes}"


def identity(pid: int = 0) -> str:
    """`machine:process id:start` of this process, or of that one; no later process shares it."""
    pid = pid or os.getpid()
    return f"{machine()}:{pid}:{_start_of(pid)}"


def is_alive(whose: str) -> bool:
    """Does the process of that identity, on this machine, still run? A zombie does not."""
    _, pid, begun = whose.rsplit(":", 2)
    try:
        return (
            _start_of(int(pid)) == begun
            and psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE
        )
    except (psutil.NoSuchProcess, OSError):
        return False


def _start_of(pid: int) -> str:
    """When a process began: in ticks since boot where that is known.

    As a time of day it would change with the clock, and the living would seem dead.
    """
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        return stat.read_text().rpartition(")")[2].split()[19]  # proc(5), field 22: starttime
    return f"{psutil.Process(pid).create_time():.2f}"


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Linux: send this process a signal when its parent ends, however it ends."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    except (AttributeError, OSError):
        logger.debug("Not Linux: a process may outlive a parent that is killed.")
