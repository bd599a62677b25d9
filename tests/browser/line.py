"""A line between a browser and the app that can be held up, and cut in the middle of a request."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

CHUNK = 65_536


class Line:
    """Passes bytes on. What a browser sends is looked at for words to hold it up or cut it at."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.held: dict[bytes, Event] = {}
        self.cut_at: set[bytes] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
        self.listener.close()

    def hold(self, word: str) -> None:
        """Keep requests that hold this word waiting."""
        self.held[word.encode()] = Event()

    def release(self) -> None:
        for event in self.held.values():
            event.set()

    def cut(self, word: str) -> None:
        """Break every connection over which this word is sent, with half of it through."""
        self.cut_at.add(word.encode())

    def mend(self) -> None:
        self.cut_at.clear()

    def _listen(self) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
                Thread(target=self._pass_on, args=(near, far, True), daemon=True).start()
                Thread(target=self._pass_on, args=(far, near, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_looked_at: bool) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if is_looked_at and self._is_cut(data):
                    target.sendall(data[: len(data) // 2])
                    _reset(source)
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _is_cut(self, data: bytes) -> bool:
        for word, event in self.held.items():
            if word in data:
                event.wait()
        return any(word in data for word in self.cut_at)


def _reset(end: socket.socket) -> None:
    """Close it as a machine does that lost the connection, not as one that has finished."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()
