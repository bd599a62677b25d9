"""What was taken for one table is divided where it is two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from converter.core.engines.local.structure.divisions import (
    divided,
    printed_groups,
    signs_of_gaps,
)
from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.scores import Scores
from tests.core.engines.local.structure.made_up import Place, certain, fragment, page_of

ROWS, COLUMNS = 5, 3


def table(number: int, top: float, left: float = 0) -> list[tuple[float, float, Place]]:
    """Where each cell of a table is printed (row and column of the page), and its place."""
    return [
        (top + row, left + col, (number, row, row + 1, col, col + 1))
        for row in range(ROWS)
        for col in range(COLUMNS)
    ]


def page_with(
    cells: Sequence[tuple[float, float, Place]], others: Sequence[tuple[float, float]] = ()
) -> Page:
    places = [(row, col) for row, col, _ in cells] + list(others)
    return page_of([fragment("12", row, col) for row, col in places])


def doubtful(cells: Sequence[tuple[float, float, Place]], outside: int = 0) -> Scores:
    """Scores that take far pieces of all tables for pieces of one, as they do of twins."""
    places = [place for _, _, place in cells]
    scores = certain([*places, *[(-1, 0, 1, 0, 1)] * outside])
    rows = np.array([row for row, _, _ in cells])
    far = np.abs(rows[:, None] - rows) > ROWS + 4
    scores.table[: len(cells), : len(cells)][far] = 5
    return scores


@pytest.mark.parametrize("between", [0, 2])
def test_twins_below_each_other_are_two_tables(between: int) -> None:
    cells = table(0, 0) + table(1, ROWS + 4)
    others = [(ROWS + 1.0 + at, 0.0) for at in range(between)]
    page, scores = page_with(cells, others), doubtful(cells, between)
    parts = divided(page, scores, np.arange(len(cells)))
    assert [part.tolist() for part in parts] == [[*range(15)], [*range(15, 30)]]


def test_tables_beside_each_other_are_two() -> None:
    cells = table(0, 0) + table(1, 0, left=COLUMNS + 2)
    page, scores = page_with(cells), certain([place for _, _, place in cells])
    parts = divided(page, scores, np.arange(len(cells)))
    assert sorted(part.tolist() for part in parts) == [[*range(15)], [*range(15, 30)]]


def test_one_table_stays_one_also_with_a_gap_in_it() -> None:
    cells = [(row + (row > 1), col, place) for row, col, place in table(0, 0)]
    page, scores = page_with(cells), certain([place for _, _, place in cells])
    assert [len(part) for part in divided(page, scores, np.arange(15))] == [15]


def test_what_is_told_of_a_gap() -> None:
    cells = table(0, 0) + table(1, ROWS + 4)
    page, scores = page_with(cells, [(ROWS + 1.5, 1.0)]), doubtful(cells, 1)
    page.evidence.ruled[:15] = (0, 0, 400, 150)
    page.evidence.ruled[15:30] = (0, 260, 400, 420)
    pieces = np.arange(30)
    signs = signs_of_gaps(page, scores, pieces, printed_groups(page, pieces, 1), axis=1)
    gap = signs[ROWS - 1]
    assert gap.near == -5 < gap.far
    assert gap.dip > 5
    assert gap.between == pytest.approx(np.log(2))
    assert (gap.apart, gap.together) == (1, 0)
    assert (signs[1].apart, signs[1].together) == (0, 1)
    assert gap.wide > signs[1].wide == 0
