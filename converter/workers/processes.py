"""Processes of this machine: their identity, whether they live, their memory, and their end."""

from __future__ import annotations

import ctypes
import logging
import os
import re
import signal
import socket
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1  # prctl(2)
_CGROUP = Path("/sys/fs/cgroup")  # cgroups(7), version 2, as a container sees its own


@cache
def machine() -> str:
    """The name of this machine since its last boot; in a container, of the container."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        processes = re.sub(r"\D", "", str(Path("/proc/self/ns/pid").readlink()))
    except OSError:  # not Linux
        return socket.gethostname()
    return f"{socket.gethostname()}/{boot}/{processes}"


def identity(pid: int = 0) -> str:
    """`machine:process id:start` of a process, by default this one; no later process shares it."""
    pid = pid or os.getpid()
    return f"{machine()}:{pid}:{_start_of(pid)}"


def is_here(whose: str) -> bool:
    """Whether the process with that identity ran on this machine, since its last boot."""
    return whose.startswith(f"{machine()}:")


def is_alive(whose: str) -> bool:
    """Whether the process with that identity, on this machine, still runs. A zombie does not."""
    _, pid, begun = whose.rsplit(":", 2)
    try:
        return (
            _start_of(int(pid)) == begun
            and psutil.Process(int(pid)).status() != psutil.STATUS_ZOMBIE
        )
    except (psutil.NoSuchProcess, OSError):
        return False


def _start_of(pid: int) -> str:
    """When a process began: in ticks since boot if the system has that.

    A time of day would change with the clock, and living processes would seem dead.
    """
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        return stat.read_text().rpartition(")")[2].split()[19]  # proc(5), field 22: starttime
    return f"{psutil.Process(pid).create_time():.2f}"


def memory_of(pids: Iterable[int]) -> int:
    """The bytes of memory that processes use; shared memory is counted for each."""
    held = 0
    for pid in pids:
        with suppress(psutil.Error):
            held += psutil.Process(pid).memory_info().rss
    return held


def free_memory() -> tuple[int, int]:
    """Free and total memory in bytes, of the machine or of its container."""
    system = psutil.virtual_memory()
    free, total = int(system.available), int(system.total)
    with suppress(OSError, ValueError):  # no container, or no limit ("max")
        limit = int((_CGROUP / "memory.max").read_text())
        used = int((_CGROUP / "memory.current").read_text())
        kept = re.search(r"(?m)^inactive_file (\d+)$", (_CGROUP / "memory.stat").read_text())
        used -= int(kept[1]) if kept else 0  # given back when it is needed
        free, total = min(free, max(limit - used, 0)), min(total, limit)
    return free, total


def load_per_core() -> float | None:
    """Processes that wanted a core in the last minute, per core; None if that is not known."""
    try:
        return os.getloadavg()[0] / (os.cpu_count() or 1)
    except (AttributeError, OSError):  # not on Windows
        return None


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Linux: send this process a signal when its parent ends, however it ends."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    except (AttributeError, OSError):
        logger.debug("Not Linux: a process may outlive a parent that is killed.")
