from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.page.boxes import (
    UNKNOWN_HEIGHT,
    Quad,
    extent,
    line_height,
    part_of,
    quad_height,
)
from converter.core.tables.model import Box


def quad(width: float, height: float) -> Quad:
    return np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)


def test_extent() -> None:
    assert extent(quad(200, 20)) == pytest.approx((200, 20))


def test_a_part_of_a_slanted_box_is_slanted() -> None:
    slanted = np.array([[0, 0], [100, 10], [100, 30], [0, 20]], np.float32)
    part = part_of(slanted, 0.2, 0.5)
    assert part.tolist() == [[20, 2], [50, 5], [50, 25], [20, 22]]


def test_the_height_of_lines_is_the_median() -> None:
    assert line_height(Box(0, 0, 90, height) for height in (10, 80, 30, 20)) == 25
    assert quad_height([quad(90, height) for height in (10, 80, 30)]) == pytest.approx(30)
    assert line_height([]) == quad_height([]) == UNKNOWN_HEIGHT
