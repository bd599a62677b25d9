from __future__ import annotations

import numpy as np

from converter.core.engines.local.picture.ink import extents, ink_runs
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page

BOX = Box(20, 20, 280, 44)


def test_light_text_on_a_dark_ground_has_ink() -> None:
    page = Page(300, 60)
    page.draw.rectangle((0, 0, 299, 59), fill="navy")
    page.draw.rectangle((50, 25, 60, 40), fill="white")
    assert ink_runs(BOX, page.gray, []) == [(50, 61)]


def test_a_box_outside_the_page_has_no_ink() -> None:
    assert ink_runs(Box(400, 10, 420, 30), Page(300, 60).gray, []) == []


def test_marks_come_from_the_top_with_their_sizes() -> None:
    marks = np.zeros((20, 30), np.uint8)
    marks[12, 3:9] = 1
    marks[2:5, 20:22] = 1
    assert extents(marks).tolist() == [[20, 2, 2, 3], [3, 12, 6, 1]]


def test_pixels_that_touch_by_a_corner_hang_together() -> None:
    assert extents(np.eye(6, dtype=np.uint8)).tolist() == [[0, 0, 6, 6]]


def test_a_mark_inside_a_frame_counts_and_the_hole_does_not() -> None:
    marks = np.ones((12, 12), np.uint8)
    marks[1:11, 1:11] = 0
    marks[5, 5] = 1
    assert extents(marks).tolist() == [[0, 0, 12, 12], [5, 5, 1, 1]]


def test_a_blank_page_has_no_marks() -> None:
    assert extents(np.zeros((8, 8), np.uint8)).shape == (0, 4)
