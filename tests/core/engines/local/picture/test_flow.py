from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.picture.flow import Flow, fit_flow
from converter.core.engines.local.picture.pieces import Pieces

SIZE = (1000.0, 600.0)
LIKELY = (0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)


def flow(*coefficients: float) -> Flow:
    return Flow(np.array([*coefficients, *[0.0] * (7 - len(coefficients))]), (500, 300), 500)


def pieces_of(true: Flow) -> Pieces:
    """Short pieces all over the page, each with the slope that the flow has at its middle."""
    x, y = (
        side.ravel() for side in np.meshgrid(np.arange(50.0, 950, 100), np.arange(50.0, 600, 50))
    )
    rise = true.slope(x, y) * 40
    return np.stack([x - 40, y - rise, x + 40, y + rise, np.full_like(x, 0.5)], axis=1)


def test_straight_lines_are_followed() -> None:
    y = flow(0.1).follow(np.array([0.0, 100.0]), np.array([10.0, 10.0]), 500)
    assert y == pytest.approx([60, 50])


def test_following_there_and_back_ends_where_it_began() -> None:
    bent = flow(0.1, 0.05, -0.08, 0.02, 0.04)
    x, y = np.array([20.0, 900.0]), np.array([30.0, 500.0])
    there = bent.follow(x, y, 500)
    assert bent.follow(np.full(2, 500.0), there, x) == pytest.approx(y, abs=0.01)


def test_a_flow_is_found_again() -> None:
    true = flow(0.05, -0.02, 0.06)
    found = fit_flow(pieces_of(true), SIZE, LIKELY, 0.0)
    assert found.coefficients == pytest.approx(true.coefficients, abs=0.002)


def test_strays_do_not_count() -> None:
    pieces = pieces_of(flow(0.05))
    pieces[::5, 3] += 8
    assert fit_flow(pieces, SIZE, LIKELY, 0.05).coefficients[0] == pytest.approx(0.05, abs=0.002)


def test_without_pieces_lines_are_straight() -> None:
    found = fit_flow(np.empty((0, 5)), SIZE, LIKELY, 0.1)
    assert found.coefficients.tolist() == [0.1, 0, 0, 0, 0, 0, 0]
