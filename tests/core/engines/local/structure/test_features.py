"""The numbers that the network takes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from converter.core.engines.local.structure.page import printed_lines, windows
from converter.core.engines.local.structure.pair_features import pair_features
from converter.core.engines.local.structure.piece_features import piece_features
from converter.core.engines.local.structure.text_kinds import text_kinds
from tests.core.engines.local.structure.made_up import fragment, page_of


def wall(rows: int, cols: int) -> list[tuple[int, int]]:
    return [(row, col) for row in range(rows) for col in range(cols)]


def test_features_are_finite_and_do_not_depend_on_size_or_place() -> None:
    page = page_of([fragment("12.5", row, col) for row, col in wall(4, 3)])
    moved = page_of([fragment("12.5", row, col) for row, col in wall(4, 3)])
    moved.evidence.boxes[:] = moved.evidence.boxes * 2 + 300
    object.__setattr__(moved.evidence, "height", 40.0)
    for features in (piece_features, lambda each: pair_features(each, np.arange(12))):
        assert np.isfinite(features(page)).all()
        np.testing.assert_allclose(features(page), features(moved), atol=1e-4)


def test_windows_overlap_and_cover_all_pieces_line_by_line() -> None:
    page = page_of([fragment("1", row, col) for row, col in wall(50, 10)])
    found = windows(page, 120)
    assert {len(window) for window in found} == {120}
    assert np.unique(np.concatenate(found)).tolist() == list(range(500))
    assert all(set(first) & set(second) for first, second in pairwise(found))


def test_pieces_on_one_printed_line_need_not_be_level() -> None:
    middles = np.array([1.0, 1.2, 2.3, 0.9, 2.2], np.float32)
    assert printed_lines(middles).tolist() == [0, 0, 1, 0, 1]


def test_figures_and_what_stands_for_them() -> None:
    figures = text_kinds(("1,234.5", "(7)", "$ 12", "12 %", "3.1*"))
    assert figures[:, 7].all()
    assert text_kinds(("-", "n/a"))[:, 8].all()
    assert not text_kinds(("Total", "a1", "12 apples", ""))[:, 7:9].any()


def test_frames_are_boxes_that_touch() -> None:
    page = page_of([fragment("1", row, 0) for row in range(4)])
    page.evidence.ruled[:3] = [(0, 0, 90, 30), (0, 30, 90, 60), (0, 200, 90, 230)]
    assert page.frames.tolist() == [0, 0, 2, -1]
    same = pair_features(page, np.arange(4))[:, :, -1]
    assert same.tolist() == [[1, 1, -1, 0], [1, 1, -1, 0], [-1, -1, 1, 0], [0, 0, 0, 0]]
