"""What speaks against the places of cells."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.placing import Believed, place_signs
from converter.core.engines.local.structure.scores import Grid, Scores
from converter.core.engines.local.tables.places import SURE, PlaceSigns
from converter.core.tables.areas import Area
from tests.core.engines.local.structure.made_up import Place, certain, fragment, page_of

TRUTH: list[Place] = [(0, row, row + 1, col, col + 1) for row in range(4) for col in range(2)]
AREAS = [Area(row, col, row + 1, col + 1) for row, col in product(range(4), range(2))]


@pytest.fixture
def page() -> Page:
    return page_of([fragment("1", row, col) for _, row, _, col, _ in TRUTH])


def grid(places: list[Place]) -> Grid:
    held = np.array(places)
    return Grid(np.arange(len(places)), held[:, 1:3], held[:, 3:5])


def signs(
    page: Page, scores: Scores, *rivals: Grid, plausibility: float = -0.01
) -> list[PlaceSigns]:
    return list(place_signs(page, scores, Believed(grid(TRUTH), rivals, plausibility), AREAS))


def test_nothing_speaks_against_what_scores_say_clearly(page: Page) -> None:
    for found in signs(page, certain(TRUTH), grid(TRUTH)):
        assert min(found.row, found.column) > 0
        assert found.disputed == 0


def test_a_piece_that_fits_the_next_row_is_less_sure_of_its_row_alone(page: Page) -> None:
    scores = certain(TRUTH)
    scores.row[2, [0, 1]] = scores.row[[0, 1], 2] = 4  # it is in the second row
    first, others = signs(page, scores)[2], signs(page, scores)[4:]
    assert first.row < 0 < first.column
    assert min(each.row for each in others) > 0


def test_cells_that_the_other_reading_joins_are_disputed(page: Page) -> None:
    joined = [(0, 0, 1, each[3], each[4]) if each[1] < 2 else each for each in TRUTH]
    found = signs(page, certain(TRUTH), grid(joined))
    assert [each.disputed for each in found] == [0.5] * 4 + [0] * 4


def test_print_that_the_other_reading_leaves_out_is_not_disputed(page: Page) -> None:
    whole = grid(TRUTH)
    part = replace(whole, pieces=whole.pieces[:4], rows=whole.rows[:4], columns=whole.columns[:4])
    assert {each.disputed for each in signs(page, certain(TRUTH), part)} == {0}


def test_an_implausible_table_is_so_in_all_its_cells(page: Page) -> None:
    clear, unclear = (
        {each.implausible for each in signs(page, certain(TRUTH), plausibility=plausibility)}
        for plausibility in (-0.001, -0.4)
    )
    assert max(clear) < min(unclear)


def test_a_place_without_print_is_as_sure_as_any(page: Page) -> None:
    believed = Believed(grid(TRUTH), (), -0.01)
    assert place_signs(page, certain(TRUTH), believed, [Area(9, 9, 10, 10)]) == (SURE,)
