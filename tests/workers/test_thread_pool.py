from __future__ import annotations

import threading

from converter.workers.thread_pool import Crew


def test_what_an_errand_brings_comes_back_with_it():
    crew: Crew[str, int] = Crew()
    crew.send("six", lambda: 6)
    assert crew.take_in(10) == ("six", 6)
    assert crew.away == set()
    assert crew.take_in(0) is None


def test_what_goes_wrong_comes_back_too():
    crew: Crew[str, float] = Crew()
    crew.send("half", lambda: 1 / 0)
    errand, outcome = crew.take_in(10)
    assert errand == "half"
    assert isinstance(outcome, ZeroDivisionError)


def test_errands_are_under_way_at_once():
    crew: Crew[int, int] = Crew()
    meeting = threading.Barrier(5, timeout=10)
    for number in range(5):
        crew.send(number, meeting.wait)
    assert {crew.take_in(10)[0] for _ in range(5)} == {0, 1, 2, 3, 4}


def test_what_is_forgotten_does_not_come_back():
    crew: Crew[str, bool] = Crew()
    go = threading.Event()
    crew.send("slow", lambda: go.wait(10))
    crew.forget("slow")
    go.set()
    crew.send("quick", lambda: True)
    back = [crew.take_in(10), crew.take_in(10)]
    assert sorted(item[0] for item in back if item) == ["quick"]
