from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.page.boxes import Quad, extent
from converter.core.engines.local.picture.orientation import (
    SAMPLE,
    lies_on_side,
    telling,
    turn_clockwise,
)


def quad(width: float, height: float) -> Quad:
    return np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)


@pytest.mark.parametrize(
    ("quads", "answer"),
    [
        ([], False),
        ([quad(200, 20), quad(20, 100)], False),  # a heading that runs up beside the rows
        ([quad(20, 200), quad(100, 20)], True),
        ([quad(20, 30)] * 9, False),  # digits
    ],
)
def test_lines_show_their_direction(quads: list[Quad], answer: bool) -> None:
    assert lies_on_side(quads) is answer


def test_the_sample_is_of_lines_of_some_words() -> None:
    lines = [quad(20 * n, 20) for n in range(1, 30)]
    sample = telling(lines)
    assert len(sample) == SAMPLE
    assert {round(extent(line)[0]) for line in sample} <= set(range(100, 221))


def test_turns_are_clockwise() -> None:
    page = np.zeros((2, 3, 3), np.uint8)
    page[0, 0] = 255
    turned = turn_clockwise(page, 90)
    assert turned.shape == (3, 2, 3)
    assert turned[0, 1].all()
    assert turn_clockwise(page, 180)[1, 2].all()
