"""A work shift: the loop in which one worker does one kind of work before others have their turn.

Reading images, fetching pictures and sending webhooks each fill in what is theirs. What has to wait
for a server is sent off as a job in a thread, and the shift goes on with the next one, until as
many are in flight as there may be. Threads only wait; all rows are written here, in the main
thread.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import Final, Generic, TypeVar

from converter.workers import heartbeat, queue
from converter.workers.thread_pool import ThreadPool

J = TypeVar("J")
R = TypeVar("R")

CARE_SECONDS: Final = 5  # how often claims are renewed
STOP_SECONDS: Final = 3  # how long outcomes are waited for when the worker has to stop
_DRAIN_WAIT: Final = 0.2  # how often a shift that waits for the last outcomes looks up


class WorkShift(ABC, Generic[J, R]):
    """One worker's turn at one kind of work, whose jobs `J` each come to an `R` or an exception."""

    wait: float = 0.5  # seconds to wait for an outcome before looking for new work

    def __init__(self) -> None:
        self.pool: ThreadPool[J, R] = ThreadPool()
        self.begun = self.cared = time.monotonic()

    @property
    @abstractmethod
    def longest(self) -> float:
        """For how many seconds new work is begun."""

    @property
    @abstractmethod
    def most_in_flight(self) -> int:
        """How many jobs may be in flight."""

    @property
    @abstractmethod
    def patience(self) -> float:
        """How many seconds the last outcomes are waited for, unless the worker has to stop."""

    @abstractmethod
    def begin_next(self) -> bool:
        """Claim what is due next, and do it or send it off. False if nothing is due."""

    @abstractmethod
    def settle(self, job: J, outcome: R | Exception) -> bool:
        """Store what came of a job. False if that took long, so that other work comes first."""

    def use_wait(self) -> bool:
        """Do something useful while jobs are in flight. False if there is nothing to do."""
        return False

    def renew(self) -> None:
        """Renew the claims of what is in flight. Called every CARE_SECONDS."""

    def hand_back(self, job: J) -> None:
        """Give up a job whose outcome did not come in time, so that another worker takes it."""

    def work(self) -> None:
        """Run the shift, then drain it."""
        with heartbeat.current().on_shift():
            self.run()
            self.drain()

    def run(self) -> None:
        """Begin work until nothing is due or the time is over."""
        while time.monotonic() - self.begun < self.longest and not queue.is_stopping():
            has_room = len(self.pool.in_flight) < self.most_in_flight
            if has_room and self.begin_next():
                self._collect(0)
            elif self.pool.in_flight:
                self._collect(0 if self.use_wait() else self.wait)
            else:
                return
            self._care()

    def drain(self) -> None:
        """Wait for what is in flight, and hand back what does not come in time."""
        begun = time.monotonic()
        while self.pool.in_flight:
            patience = STOP_SECONDS if queue.is_stopping() else self.patience
            if time.monotonic() - begun >= patience:
                break
            self._collect(0 if self.use_wait() else _DRAIN_WAIT)
            self._care()
        for job in list(self.pool.in_flight):
            self.pool.forget(job)
            self.hand_back(job)

    def _collect(self, seconds: float) -> None:
        """Settle what is done; wait so long for the first."""
        done = self.pool.collect(seconds)
        while done and self.settle(*done):
            heartbeat.current().beat()
            done = self.pool.collect(0)

    def _care(self) -> None:
        now = time.monotonic()
        heartbeat.current().beat()
        if self.pool.in_flight and now - self.cared >= CARE_SECONDS:
            self.cared = now
            self.renew()
