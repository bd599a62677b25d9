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
PROCESS: Final = struct.Struct(">I")

_REAP_SECONDS: Final = 1.0
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


def main(descriptor: int) -> None:
    """Fork a decoder for every connection that comes, and end those that are to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches everybody; the owner decides
    Image.init()
    address_space = sandbox.address_space()
    sandbox.give_up_files()
    gc.freeze()  # or the collector of each decoder would copy all of this
    control, children = socket.socket(fileno=descriptor), set[int]()
    while True:
        children -= _ended(children)
        if not select.select([control], [], [], _REAP_SECONDS if children else None)[0]:
            continue
        order, connections, _, _ = socket.recv_fds(control, ORDER.size, 1)
        if len(order) < ORDER.size:
            return
        letter, process = ORDER.unpack(order)
        if letter == FORK:
            children.add(child := _fork(control, connections[0], address_space))
            os.close(connections[0])
            control.sendall(PROCESS.pack(child))
        elif process in children - _ended(children):
            os.kill(process, signal.SIGKILL)


def _fork(control: socket.socket, connection: int, address_space: int) -> int:
    """The id of the new process; 0 if the system gives none, which the owner sees as its end."""
    try:
        child = os.fork()
    except OSError:
        return 0
    if child:
        return child
    status = 1
    with suppress(BaseException):  # nobody would read a traceback
        _end_with_parent()
        control.close()
        os.dup2(1, 2)  # into nothing: libraries write of what is wrong with a file
        decoder.serve(socket.socket(fileno=connection), address_space)
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
