"""Rates with the interval that they may lie in."""

from __future__ import annotations

import pytest

from converter.core.tables.rates import wilson_interval


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [  # by hand, from the formula
        (0, 30, 0.0, 0.1135),
        (1, 30, 0.0059, 0.1667),
        (15, 30, 0.3315, 0.6685),
        (30, 30, 0.8865, 1.0),
    ],
)
def test_the_interval_is_that_of_wilson(hits, of, low, high):
    assert wilson_interval(hits, of) == pytest.approx((low, high), abs=1e-4)


def test_nothing_is_known_of_an_empty_sample():
    assert wilson_interval(0, 0) == (0.0, 1.0)
