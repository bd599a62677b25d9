from __future__ import annotations

import threading

from converter.core.engines.openai_compatible.limiter import Limiter, Window


def test_refusals_of_one_moment_count_once() -> None:
    window = Window(20)
    for _ in range(20):
        window.refused(begun=1.0, now=2.0)
    assert window.allowed == 15
    window.refused(begun=3.0, now=4.0)
    assert window.allowed == 11


def test_it_never_stops_altogether() -> None:
    window = Window(3)
    for second in range(50):
        window.refused(begun=second, now=second)
    assert window.allowed == 1


def test_each_round_of_answers_allows_more_up_to_the_most() -> None:
    window = Window(20)
    window.refused(begun=0, now=1)
    for _ in range(15):
        window.succeeded()
    assert window.allowed == 16
    for _ in range(100):
        window.succeeded()
    assert window.allowed == 20


def test_a_refused_request_makes_the_next_ones_wait() -> None:
    now = [0.0]
    limiter = Limiter(2, clock=lambda: now[0])
    with limiter.slot() as slot:
        slot.refused = True
        now[0] = 1.0
    entered = threading.Event()

    def enter() -> None:
        with limiter.slot():
            entered.set()

    with limiter.slot() as slot:
        other = threading.Thread(target=enter)
        other.start()
        assert limiter.window.allowed == 1
        assert not entered.is_set()
        slot.succeeded = True
    other.join()
    assert entered.is_set()
    assert limiter.in_flight == 0
