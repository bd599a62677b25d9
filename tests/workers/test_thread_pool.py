from __future__ import annotations

import threading

from converter.workers.thread_pool import ThreadPool


def test_an_outcome_comes_back_with_its_job():
    pool: ThreadPool[str, int] = ThreadPool()
    pool.send("six", lambda: 6)
    assert pool.collect(10) == ("six", 6)
    assert pool.in_flight == set()
    assert pool.collect(0) is None


def test_what_goes_wrong_comes_back_too():
    pool: ThreadPool[str, float] = ThreadPool()
    pool.send("half", lambda: 1 / 0)
    job, outcome = pool.collect(10)
    assert job == "half"
    assert isinstance(outcome, ZeroDivisionError)


def test_jobs_are_in_flight_at_once():
    pool: ThreadPool[int, int] = ThreadPool()
    meeting = threading.Barrier(5, timeout=10)
    for number in range(5):
        pool.send(number, meeting.wait)
    assert {pool.collect(10)[0] for _ in range(5)} == {0, 1, 2, 3, 4}


def test_what_is_forgotten_does_not_come_back():
    pool: ThreadPool[str, bool] = ThreadPool()
    go = threading.Event()
    pool.send("slow", lambda: go.wait(10))
    pool.forget("slow")
    go.set()
    pool.send("quick", lambda: True)
    back = [pool.collect(10), pool.collect(10)]
    assert sorted(item[0] for item in back if item) == ["quick"]
