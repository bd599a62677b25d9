"""What a worker is at, and since when, in memory that its guard shares with it.

Without locks on purpose: a process that is killed while it holds one would block everybody else.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Desk:
    """A place of work: made by the guard, and inherited by the worker that it forks next."""

    def __init__(self) -> None:
        # Moments of the clock that all processes of a machine share; 0 while there is none.
        self._image_begun = multiprocessing.RawValue("d", 0.0)
        self._image = multiprocessing.RawValue("q", 0)
        self._last_step = multiprocessing.RawValue("d", 0.0)

    @contextmanager
    def on_duty(self) -> Iterator[None]:
        """While a lane lasts."""
        self.step()
        try:
            yield
        finally:
            self._last_step.value = 0.0

    def step(self) -> None:
        """A sign of life between images."""
        self._last_step.value = time.monotonic()

    @contextmanager
    def at_image(self, image: int = 0) -> Iterator[None]:
        """While an image is read; not while it is claimed, under way or its result is stored."""
        self._image.value = image
        self._image_begun.value = time.monotonic()
        try:
            yield
        finally:
            self.step()
            self._image_begun.value = 0.0
            self._image.value = 0

    @property
    def image(self) -> int:
        """The key of the image that is being read; 0 if none is."""
        return int(self._image.value)

    @property
    def is_on_duty(self) -> bool:
        return bool(self._last_step.value)

    @property
    def seconds_at_image(self) -> float:
        return _since(self._image_begun)

    @property
    def seconds_of_silence(self) -> float:
        """How long a lane has given no sign of life although it reads no image."""
        return 0.0 if self._image_begun.value else _since(self._last_step)


class _Place:
    desk = Desk()


def new_desk() -> Desk:
    """A desk for the process that is forked next."""
    _Place.desk = Desk()
    return _Place.desk


def desk() -> Desk:
    """The desk of this process."""
    return _Place.desk


def _since(moment: Any) -> float:
    begun = float(moment.value)
    return time.monotonic() - begun if begun else 0.0
