"""Scores of one workbook: TEDS, TEDS of its structure only, and the share of cells right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.bench.alignment import Pairs, align
from tests.bench.teds import Grid, Leaf, cell_cost, from_workbook, partners, teds


@dataclass(frozen=True)
class Scores:
    teds: float = 0.0
    structure: float = 0.0
    cells: float = 0.0


def score_workbook(truth: Sequence[Grid], path: Path) -> Scores:
    """A missing workbook scores 0, and so does an empty one."""
    return score(truth, from_workbook(path)) if path.exists() else Scores()


def score(truth: Sequence[Grid], got: Sequence[Grid]) -> Scores:
    got = [grid for grid in got if _filled(grid)]
    if not truth and not got:
        return Scores(1.0, 1.0, 1.0)
    bare = teds([_bare(grid) for grid in truth], [_bare(grid) for grid in got])
    pairs = partners(truth, got)
    most = max(len(truth), len(got), 1)
    cells = sum(cells_right(truth[i], got[j]) for i, j, _ in pairs) / most
    return Scores(sum(alike for _, _, alike in pairs) / most, bare, cells)


def cells_right(truth: Grid, got: Grid) -> float:
    """The share (0..1) of cells with text that are right, by the table that has more of them."""

    @cache
    def inner(i: int, j: int) -> tuple[float, Pairs]:
        mine, other = truth[i], got[j]
        return align(len(mine), len(other), _one, _one, lambda a, b: cell_cost(mine[a], other[b]))

    _, rows = align(
        len(truth),
        len(got),
        lambda i: 1.0 + len(truth[i]),
        lambda j: 1.0 + len(got[j]),
        lambda i, j: inner(i, j)[0],
    )
    pairs = [(truth[i][a].text, got[j][b].text) for i, j in rows for a, b in inner(i, j)[1]]
    right = sum(
        bool(one.strip()) and cell_cost(Leaf(one), Leaf(other)) == 0 for one, other in pairs
    )
    return right / max(_filled(truth), _filled(got), 1)


def _filled(grid: Grid) -> int:
    return sum(bool(leaf.text.strip()) for row in grid for leaf in row)


def _bare(grid: Grid) -> Grid:
    return [[replace(leaf, text="") for leaf in row] for row in grid]


def _one(_: int) -> float:
    return 1.0
