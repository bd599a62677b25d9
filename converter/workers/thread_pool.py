"""Threads that wait for servers, so that one worker can have many requests in flight."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

J = TypeVar("J")
R = TypeVar("R")


class ThreadPool(Generic[J, R]):
    """Sends jobs and collects their outcomes, both in the thread that owns the pool.

    Each job has a daemon thread of its own, which is never joined: a worker that has to stop, or
    that has forgotten a job, does not wait for it.
    """

    def __init__(self) -> None:
        self.in_flight: set[J] = set()
        self._done: SimpleQueue[tuple[J, R | Exception]] = SimpleQueue()

    def send(self, job: J, call: Callable[[], R]) -> None:
        """Run `call`, which waits and touches no database, in a thread of its own."""
        self.in_flight.add(job)
        threading.Thread(target=self._run, args=(job, call), daemon=True).start()

    def forget(self, job: J) -> None:
        """Drop the outcome of this job when it comes."""
        self.in_flight.discard(job)

    def collect(self, seconds: float) -> tuple[J, R | Exception] | None:
        """A job that is done, with its outcome; None if none is within the time."""
        try:
            job, outcome = self._done.get(timeout=seconds) if seconds else self._done.get(False)
        except Empty:
            return None
        if job not in self.in_flight:
            return None
        self.in_flight.remove(job)
        return job, outcome

    def _run(self, job: J, call: Callable[[], R]) -> None:
        outcome: R | Exception
        try:
            outcome = call()
        except Exception as error:  # noqa: BLE001  it is raised where somebody can deal with it
            outcome = error
        self._done.put((job, outcome))
