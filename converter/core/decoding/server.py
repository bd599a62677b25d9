"""The process that decoders are forked from. It never sees a byte of a file.

It is started with an empty environment, so that no decoder inherits a secret, and it has loaded all
libraries (`decoder` does), so that a new decoder costs milliseconds. It ends when its owner does.
"""

from __future__ import annotations

import ctypes
import gc
import os
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import Final

from PIL import Image

from converter.core.decoding import decoder, sandbox

ORDER: Final = struct.Struct(">cI")  # a letter, and the id of a process
FORK, KILL = b"F", b"K"
TAKEN: Final = b"T"  # an order to fork
PROCESS: Final = struct.Struct(">I")

_REAP_SECONDS: Final = 1.0
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


def main() -> None:
    """Fork a decoder for every connection that comes over stdin, and end those that are to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches everybody; the owner decides
    Image.init()
    address_space = sandbox.address_space()
    sandbox.give_up_files()
    gc.freeze()  # or the collector of each decoder would copy all of this
    with suppress(ConnectionError):  # the owner is gone
        _take_orders(socket.socket(fileno=0), address_space)


def _take_orders(control: socket.socket, address_space: int) -> None:
    children = set[int]()
    while True:
        children -= _ended(children)
        if not select.select([control], [], [], _REAP_SECONDS if children else None)[0]:
            continue
        order, connections, _, _ = socket.recv_fds(control, ORDER.size, 1)
        if len(order) < ORDER.size:
            return
        letter, process = ORDER.unpack(order)
        if letter == FORK:
            control.sendall(TAKEN)
            children |= _forked(control, connections[0], address_space)
            os.close(connections[0])
        elif process in children - _ended(children):
            os.kill(process, signal.SIGKILL)


def _forked(control: socket.socket, connection: int, address_space: int) -> set[int]:
    """The new process, if the system gives one; its owner sees that there is none."""
    try:
        child = os.fork()
    except OSError:
        return set()
    if child:
        return {child}
    status = 1
    with suppress(BaseException):  # nobody would read a traceback
        _end_with_parent()
        control.close()
        os.dup2(1, 2)  # into nothing: libraries write of what is wrong with a file
        owner = socket.socket(fileno=connection)
        owner.sendall(PROCESS.pack(os.getpid()))
        decoder.serve(owner, address_space)
        status = 0
    os._exit(status)


def _ended(children: set[int]) -> set[int]:
    """The children that have ended, which are then forgotten."""
    ended = set()
    for child in children:
        with suppress(ChildProcessError):
            if os.waitpid(child, os.WNOHANG)[0] == 0:
                continue
        ended.add(child)
    return ended


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
