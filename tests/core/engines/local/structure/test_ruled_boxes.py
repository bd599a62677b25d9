"""Boxes that ruling lines close."""

from __future__ import annotations

import numpy as np

from converter.core.engines.local.structure.ruled_boxes import ruled_boxes

HEIGHT = 10.0


def lines(*places: tuple[float, float, float]) -> np.ndarray:
    return np.array(places, np.float32).reshape(-1, 3)


def test_a_grid_has_a_box_for_each_cell_and_one_for_a_merged_cell() -> None:
    across = lines((0, 0, 100), (20, 0, 100), (40, 0, 100), (60, 0, 100))
    down = lines((0, 0, 60), (50, 0, 20), (50, 40, 60), (100, 0, 60))
    found = ruled_boxes(across, down, HEIGHT)
    assert sorted(map(tuple, found.tolist())) == [
        (0, 0, 50, 20),
        (0, 20, 100, 40),
        (0, 40, 50, 60),
        (50, 0, 100, 20),
        (50, 40, 100, 60),
    ]


def test_what_is_open_on_a_side_is_no_box() -> None:
    across, down = lines((0, 0, 100), (20, 0, 100)), lines((0, 0, 20), (50, 0, 20))
    assert ruled_boxes(across, down, HEIGHT).tolist() == [[0, 0, 50, 20]]


def test_what_is_no_rectangle_is_no_box() -> None:
    across = lines((0, 0, 100), (20, 50, 100), (40, 0, 100))
    down = lines((0, 0, 40), (50, 0, 20), (100, 0, 40))
    assert ruled_boxes(across, down, HEIGHT).tolist() == [[50, 0, 100, 20]]


def test_lines_that_differ_by_less_than_print_are_one() -> None:
    across, down = lines((0, 0, 52), (1, 50, 100), (20, 0, 100)), lines((0, 0, 20), (100, 0, 20))
    assert ruled_boxes(across, down, HEIGHT).tolist() == [[0, 0.5, 100, 20]]


def test_nothing_without_lines() -> None:
    assert ruled_boxes(lines(), lines(), HEIGHT).shape == (0, 4)
