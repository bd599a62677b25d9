"""What a worker is doing and since when, in memory that its guard shares with it.

Without locks on purpose: a process that is killed while it holds one would block everybody else.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Heartbeat:
    """The signs of life of one worker: made by the guard, inherited by the worker it forks next."""

    def __init__(self) -> None:
        # Moments of the clock that all processes of a machine share; 0 while there is none.
        self._image_begun = multiprocessing.RawValue("d", 0.0)
        self._image = multiprocessing.RawValue("q", 0)
        self._last_beat = multiprocessing.RawValue("d", 0.0)

    @contextmanager
    def on_shift(self) -> Iterator[None]:
        """While a shift lasts."""
        self.beat()
        try:
            yield
        finally:
            self._last_beat.value = 0.0

    def beat(self) -> None:
        """Give a sign of life between images."""
        self._last_beat.value = time.monotonic()

    @contextmanager
    def at_image(self, image: int = 0) -> Iterator[None]:
        """While an image is read, but not while it is claimed, in flight or stored."""
        self._image.value = image
        self._image_begun.value = time.monotonic()
        try:
            yield
        finally:
            self.beat()
            self._image_begun.value = 0.0
            self._image.value = 0

    @property
    def image(self) -> int:
        """The key of the image that is being read; 0 if none is."""
        return int(self._image.value)

    @property
    def is_on_shift(self) -> bool:
        return bool(self._last_beat.value)

    @property
    def seconds_at_image(self) -> float:
        return _since(self._image_begun)

    @property
    def seconds_of_silence(self) -> float:
        """For how long a shift has given no sign of life although it reads no image."""
        return 0.0 if self._image_begun.value else _since(self._last_beat)


class _Process:
    heartbeat = Heartbeat()


def new() -> Heartbeat:
    """A heartbeat for the process that is forked next."""
    _Process.heartbeat = Heartbeat()
    return _Process.heartbeat


def current() -> Heartbeat:
    """The heartbeat of this process."""
    return _Process.heartbeat


def _since(moment: Any) -> float:
    begun = float(moment.value)
    return time.monotonic() - begun if begun else 0.0
