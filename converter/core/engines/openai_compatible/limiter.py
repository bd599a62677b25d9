"""How many requests may be in flight at once: fewer when the server is busy, then more again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# Gentler than TCP: a busy model also refuses requests at random, however few are sent.
_SLOWED: Final = 0.75  # factor, when the server asks to slow down
_GAIN: Final = 2.0  # added for each round of answers
_SHORTEST_ROUND: Final = 0.05  # seconds


class Window:
    """The rule alone, without waiting: multiplicative decrease, additive increase, as in TCP.

    Times are seconds of any clock. Refusals of requests sent before the last decrease are ignored:
    a server that refuses twenty requests at once is busy once, not twenty times.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = float(most)
        self._slowed_at = float("-inf")

    @property
    def allowed(self) -> int:
        """How many requests may be in flight; at least one."""
        return max(1, int(self.size))

    def succeeded(self) -> None:
        """Grow by `_GAIN` for each round of answers."""
        self.size = min(float(self.most), self.size + _GAIN / self.size)

    def refused(self, begun: float, now: float) -> None:
        """The server was too busy for a request that was sent at `begun`."""
        if begun < self._slowed_at + _SHORTEST_ROUND:
            return
        self.size = max(1.0, self.size * _SLOWED)
        self._slowed_at = now


class Slot:
    """The right to send one request, and how the server took it."""

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.succeeded = False
        self.refused = False


class Limiter:
    """A window that threads wait at. One is shared by all requests of a process."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.window = Window(most)
        self.in_flight = 0
        self._clock = clock
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[Slot]:
        """Waits until a request may be sent; the caller records the outcome in the slot."""
        with self._changed:
            self._changed.wait_for(lambda: self.in_flight < self.window.allowed)
            self.in_flight += 1
        slot = Slot(self._clock())
        try:
            yield slot
        finally:
            with self._changed:
                self.in_flight -= 1
                if slot.refused:
                    self.window.refused(slot.begun, self._clock())
                elif slot.succeeded:
                    self.window.succeeded()
                self._changed.notify_all()
