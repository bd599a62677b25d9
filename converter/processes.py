"""What the system knows of processes: who one is, whether it still lives, when it must end."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket

import psutil

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1  # prctl(2)


def machine() -> str:
    return socket.gethostname()


def identity() -> str:
    """`machine:process id:start`, which no later process shares."""
    return f"{machine()}:{os.getpid()}:{psutil.Process().create_time():.2f}"


def is_alive(whose: str) -> bool:
    """Does the process of that identity, on this machine, still run? A zombie does not."""
    _, pid, begun = whose.rsplit(":", 2)
    try:
        process = psutil.Process(int(pid))
        same = f"{process.create_time():.2f}" == begun
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Linux: send this process a signal when its parent ends, however it ends."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    except (AttributeError, OSError):
        logger.debug("Not Linux: a process may outlive a parent that is killed.")
