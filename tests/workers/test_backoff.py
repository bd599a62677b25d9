"""Pauses grow, and two that failed together are not tried again together."""

from __future__ import annotations

import pytest

from converter.workers import backoff


@pytest.mark.parametrize(("failures", "usual"), [(1, 5), (2, 10), (3, 20)])
def test_a_doubled_pause_is_repeated_later_each_time_and_never_in_step(failures, usual):
    pauses = {backoff.spread(backoff.doubled(5, failures), 0.25).total_seconds() for _ in range(50)}
    assert len(pauses) == 50
    assert 0.75 * usual <= min(pauses) < max(pauses) <= 1.25 * usual


def test_the_last_of_a_list_of_pauses_is_repeated():
    assert [backoff.listed((5, 30, 120), failures) for failures in range(1, 6)] == [
        5, 30, 120, 120, 120,
    ]  # fmt: skip


def test_no_pause_is_no_pause_however_it_is_spread():
    assert backoff.spread(0.0, 0.25).total_seconds() == 0
