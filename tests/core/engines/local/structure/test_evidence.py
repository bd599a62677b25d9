"""What is measured of print and its surroundings."""

from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.structure.evidence import gather
from converter.core.tables.model import Box


def grid(rows: int, cols: int) -> RulingLines:
    return RulingLines(
        tuple(RulingLine(40.0 * n, 0, 100.0 * cols) for n in range(rows + 1)),
        tuple(RulingLine(100.0 * n, 0, 40.0 * rows) for n in range(cols + 1)),
    )


def test_empty_boxes_of_a_grid_are_told_beside_the_print() -> None:
    gray = np.full((120, 220), 255, np.uint8)
    fragments = [Fragment("a", Box(10, 10, 60, 30), 0.9), Fragment("b", Box(110, 50, 160, 70), 0.9)]
    found = gather(fragments, fragments, grid(2, 2), gray)
    assert found.texts == ("a", "b", "", "")
    assert found.ruled.tolist() == [
        [0, 0, 100, 40],
        [100, 40, 200, 80],
        [100, 0, 200, 40],
        [0, 40, 100, 80],
    ]
    # such a box is where a line of print would be
    assert found.boxes[2].tolist() == pytest.approx([106, 10, 194, 30])


def test_print_outside_of_boxes_has_none() -> None:
    gray = np.full((60, 220), 255, np.uint8)
    fragments = [Fragment("a", Box(10, 10, 60, 30), 0.9)]
    found = gather(fragments, fragments, RulingLines(), gray)
    assert found.texts == ("a",)
    assert np.isnan(found.ruled).all()


def test_colour_behind_print_contrast_and_weight() -> None:
    gray = np.full((40, 220), 255, np.uint8)
    gray[:, 100:] = 60  # a dark header with light print
    gray[12:28, 10:40:4] = 0
    gray[12:28, 110:140:2] = 250
    fragments = [
        Fragment("thin", Box(10, 10, 60, 30), 0.9),
        Fragment("bold", Box(110, 10, 160, 30), 0.9),
    ]
    found = gather(fragments, fragments, RulingLines(), gray)
    assert found.ground.tolist() == pytest.approx([1, 60 / 255], abs=0.02)
    assert found.contrast[0] > 0.9
    assert found.contrast[1] < -0.6
    assert found.weight[1] > 1.5 * found.weight[0]
