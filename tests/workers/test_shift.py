"""A shift begins what is due, settles what is done, and hands back what does not come in time."""

from __future__ import annotations

import threading

import pytest

from converter.workers import heartbeat, queue, shift


class Shift(shift.WorkShift[str, int]):
    """Works through a list of jobs, each of which waits for `go`."""

    wait = 0.01

    def __init__(self, *due: str) -> None:
        super().__init__()
        self.due = list(due)
        self.go = threading.Event()
        self.most = 0
        self.outcomes: dict[str, int | Exception] = {}
        self.renewed = 0
        self.handed_back: list[str] = []
        self.useful = 0

    longest = 30.0
    most_in_flight = 2
    patience = 30.0

    def begin_next(self) -> bool:
        if not self.due:
            return False
        job = self.due.pop(0)
        self.pool.send(job, lambda: self.go.wait(20) and len(job))
        self.most = max(self.most, len(self.pool.in_flight))
        return True

    def settle(self, job: str, outcome: int | Exception) -> bool:
        self.outcomes[job] = outcome
        return True

    def use_wait(self) -> bool:
        self.useful += 1
        if self.useful == 3:
            self.go.set()
        return False

    def renew(self) -> None:
        self.renewed += 1

    def hand_back(self, job: str) -> None:
        self.handed_back.append(job)


def test_all_that_is_due_is_settled_few_at_a_time():
    one = Shift("a", "bb", "ccc", "dddd")
    one.work()
    assert one.outcomes == {"a": 1, "bb": 2, "ccc": 3, "dddd": 4}
    assert (one.most, one.handed_back) == (2, [])


def test_nothing_is_begun_once_the_time_is_over():
    one = Shift("a")
    one.longest = 0
    one.work()
    assert (one.due, one.outcomes) == (["a"], {})


def test_what_does_not_come_in_time_is_handed_back():
    one = Shift("a", "bb")
    one.longest, one.patience, one.useful = 0.05, 0.05, 3
    one.work()
    one.go.set()
    assert (sorted(one.handed_back), one.outcomes, one.pool.in_flight) == (["a", "bb"], {}, set())


@pytest.mark.parametrize("seconds", [0, 60])
def test_a_stop_decides_how_long_the_last_outcomes_are_waited_for(monkeypatch, seconds):
    monkeypatch.setattr(shift, "STOP_SECONDS", seconds)
    monkeypatch.setattr(queue, "is_stopping", lambda: True)
    one = Shift("a", "bb")
    one.begin_next()
    one.work()
    one.go.set()
    assert (one.due, one.handed_back) == (["bb"], [] if seconds else ["a"])


def test_claims_are_renewed_while_something_is_in_flight(monkeypatch):
    monkeypatch.setattr(shift, "CARE_SECONDS", 0)
    busy, idle = Shift("a"), Shift()
    busy.work()
    idle.work()
    assert busy.renewed >= 1
    assert idle.renewed == 0


def test_a_shift_shows_that_it_is_on():
    seen = []
    one = Shift("a")
    one.renew = lambda: None
    one.settle = lambda *_: bool(seen.append(heartbeat.current().is_on_shift))
    one.work()
    assert (seen, heartbeat.current().is_on_shift) == ([True], False)
