"""Threads that wait for servers, so that one worker has many requests under way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

E = TypeVar("E")
R = TypeVar("R")


class Crew(Generic[E, R]):
    """Sends errands and takes in what comes back; both in the thread that owns it.

    A thread is a daemon and never joined: a worker that is told to stop leaves those behind that
    still wait, and so does whoever has forgotten an errand.
    """

    def __init__(self) -> None:
        self.away: set[E] = set()
        self._back: SimpleQueue[tuple[E, R | Exception]] = SimpleQueue()

    def send(self, errand: E, call: Callable[[], R]) -> None:
        """Run `call`, which waits and touches no database, in a thread of its own."""
        self.away.add(errand)
        threading.Thread(target=self._run, args=(errand, call), daemon=True).start()

    def forget(self, errand: E) -> None:
        """Nobody wants what this errand brings any more."""
        self.away.discard(errand)

    def take_in(self, seconds: float) -> tuple[E, R | Exception] | None:
        """An errand that is back, with what it brought; None if none comes within the time."""
        try:
            errand, outcome = self._back.get(timeout=seconds) if seconds else self._back.get(False)
        except Empty:
            return None
        if errand not in self.away:
            return None
        self.away.remove(errand)
        return errand, outcome

    def _run(self, errand: E, call: Callable[[], R]) -> None:
        outcome: R | Exception
        try:
            outcome = call()
        except Exception as error:  # noqa: BLE001  it is raised where somebody can deal with it
            outcome = error
        self._back.put((errand, outcome))
