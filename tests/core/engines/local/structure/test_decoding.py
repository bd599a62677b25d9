"""From scores to tables: with scores that say the truth, the tables are those of the truth."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from converter.core.engines.local.structure.cells import cells_of
from converter.core.engines.local.structure.decoding import decode
from converter.core.engines.local.structure.grids import best_runs
from converter.core.engines.local.structure.scores import Grid
from tests.core.engines.local.structure.made_up import (
    OUTSIDE,
    Place,
    certain,
    fragment,
    page_of,
)


def places_of(grid: Grid) -> list[tuple[int, ...]]:
    return [
        (*map(int, rows), *map(int, columns))
        for rows, columns in zip(grid.rows, grid.columns, strict=True)
    ]


def test_a_plain_grid() -> None:
    at = list(product(range(4), range(3)))
    page = page_of([fragment("a", row, col) for row, col in at])
    (grid,) = decode(page, certain([(0, row, row + 1, col, col + 1) for row, col in at]))
    assert places_of(grid) == [(row, row + 1, col, col + 1) for row, col in at]


def test_a_heading_over_two_columns_and_a_name_of_two_rows() -> None:
    fragments = [fragment("heading", 0, 1.2, 1.6), fragment("name", 1.5, 0)]
    truth: list[Place] = [(0, 0, 1, 1, 3), (0, 1, 3, 0, 1)]
    for row, col in product(range(1, 3), range(1, 3)):
        fragments.append(fragment("1", row, col))
        truth.append((0, row, row + 1, col, col + 1))
    (grid,) = decode(page_of(fragments), certain(truth))
    assert places_of(grid) == [place[1:] for place in truth]


def test_a_row_of_two_printed_lines() -> None:
    truth: list[Place] = [(0, row, row + 1, col, col + 1) for row in range(3) for col in range(2)]
    fragments = [fragment("a", 2 * row, col) for _, row, _, col, _ in truth]
    fragments += [fragment("goes on", 2 * row + 1, 1) for row in range(3)]
    truth += [(0, row, row + 1, 1, 2) for row in range(3)]
    page = page_of(fragments)
    (grid,) = decode(page, certain(truth))
    assert places_of(grid) == [place[1:] for place in truth]
    texts = {
        (area.top, area.left): [page.evidence.texts[piece] for piece in pieces]
        for area, pieces in cells_of(page, grid)
    }
    assert texts[1, 1] == ["a", "goes on"]


def test_two_tables_with_a_caption_between_them() -> None:
    truth: list[Place] = []
    fragments = []
    for table, top in enumerate((0, 5)):
        for row, col in product(range(3), range(2)):
            fragments.append(fragment("1", top + row, col))
            truth.append((table, row, row + 1, col, col + 1))
    fragments.append(fragment("Table 2", 3.5, 0))
    truth.append(OUTSIDE)
    first, second = sorted(
        decode(page_of(fragments), certain(truth)), key=lambda grid: int(grid.pieces.min())
    )
    assert first.pieces.tolist() == list(range(6))
    assert second.pieces.tolist() == list(range(6, 12))


def test_a_stamp_within_a_table_stays_out() -> None:
    truth: list[Place] = [(0, row, row + 1, col, col + 1) for row in range(3) for col in range(3)]
    fragments = [fragment("1", row, col) for _, row, _, col, _ in truth]
    page = page_of([*fragments, fragment("PAID", 1.4, 0.5)])
    (grid,) = decode(page, certain([*truth, OUTSIDE]))
    assert grid.pieces.tolist() == list(range(9))


def test_no_table_in_text_and_none_of_one_row() -> None:
    page = page_of([fragment("word", row, 0, 4) for row in range(6)])
    assert decode(page, certain([OUTSIDE] * 6)) == []
    row = page_of([fragment("1", 0, col) for col in range(6)])
    assert decode(row, certain([(0, 0, 1, col, col + 1) for col in range(6)])) == []


@pytest.mark.parametrize("seed", range(8))
def test_runs_are_the_best_of_all_divisions(seed: int) -> None:
    random = np.random.default_rng(seed)
    count, cost, longest = 7, 1.5, 4
    pairs = random.normal(0, 2, (count, count)).astype(np.float32)
    pairs = pairs + pairs.T

    def worth(runs: list[tuple[int, int]]) -> float:
        inner = (np.triu(pairs[start:end, start:end], 1).sum() for start, end in runs)
        return float(sum(inner)) - cost * len(runs)

    every = []
    for cuts in product((False, True), repeat=count - 1):
        edges = [0, *(at + 1 for at, cut in enumerate(cuts) if cut), count]
        runs = list(pairwise(edges))
        if all(end - start <= longest for start, end in runs):
            every.append(worth(runs))
    assert worth(best_runs(pairs, cost, longest)) == pytest.approx(max(every), abs=1e-4)


def test_a_span_gives_way_to_what_is_in_its_place() -> None:
    page = page_of([fragment("wide", 0, 0, 3), fragment("1", 0, 2), fragment("2", 1, 0)])
    grid = Grid(
        np.arange(3),
        np.array([(0, 1), (0, 1), (1, 2)]),
        np.array([(0, 3), (2, 3), (0, 1)]),
    )
    areas = {(area.top, area.left): area.right for area, _ in cells_of(page, grid)}
    assert areas == {(0, 0): 2, (0, 2): 3, (1, 0): 1}
