from __future__ import annotations

import math

import numpy as np
import pytest

from converter.core.engines.local.detection import Quad
from converter.core.engines.local.level import slope_of, turn_level
from converter.core.tables.model import Box


def quad(degrees: float, width: float = 200, height: float = 20) -> Quad:
    x, y = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    return np.array([(a * x - b * y, a * y + b * x) for a, b in corners], np.float32)


def test_slope_of_long_lines() -> None:
    assert math.degrees(slope_of([quad(2), quad(2.2), quad(1.8)])) == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize(
    "degrees",
    [
        (),
        (0.1, 0.1),  # as good as level
        (-1, 0.5, 1),  # lines that do not agree
        (40, 40),  # no page is laid on a scanner like that
    ],
)
def test_no_clear_slope(degrees: tuple[float, ...]) -> None:
    assert slope_of([quad(angle) for angle in degrees]) == 0


def test_short_words_do_not_count() -> None:
    assert slope_of([quad(5, width=40)]) == 0


def test_a_box_finds_its_way_back() -> None:
    pixels = np.zeros((200, 400, 3), np.uint8)
    level, turn = turn_level(pixels, math.radians(10))
    assert level.shape[0] > 200
    (left, top), _, (right, bottom), _ = turn.forth(quad(10)).tolist()
    back = turn.back(Box(left, top, right, bottom))
    x, y = quad(10).mean(axis=0)
    assert ((back.left + back.right) / 2, (back.top + back.bottom) / 2) == pytest.approx((x, y))


def test_turned_lines_are_level() -> None:
    _, turn = turn_level(np.zeros((200, 400, 3), np.uint8), math.radians(10))
    corners = turn.forth(quad(10))
    assert corners[0, 1] == pytest.approx(corners[1, 1], abs=0.01)
