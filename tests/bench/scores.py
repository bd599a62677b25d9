"""Scores of one workbook: TEDS, TEDS of its structure only, and the share of cells right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.bench.alignment import Pairs, align
from tests.bench.teds import Grid, Leaf, cell_cost, from_workbook, partners, teds

WHOLE = 0.99  # of the structure, at which a table with all cells right counts as whole


@dataclass(frozen=True)
class Scores:
    """Shares (0..1) of one picture; `silent` is that of cells that are wrong and not marked."""

    teds: float = 0.0
    structure: float = 0.0
    cells: float = 0.0
    silent: float = 0.0
    tables: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is left to mend: all tables have their structure and all their cells."""
        return self.structure >= WHOLE and self.cells == 1


def score_workbook(truth: Sequence[Grid], path: Path) -> Scores:
    """A missing workbook scores 0, and so does an empty one."""
    return score(truth, from_workbook(path)) if path.exists() else Scores()


def score(truth: Sequence[Grid], got: Sequence[Grid]) -> Scores:
    got = [grid for grid in got if _filled(grid)]
    if not truth and not got:
        return Scores(1.0, 1.0, 1.0)
    bare = teds([_bare(grid) for grid in truth], [_bare(grid) for grid in got])
    found = [(truth[i], got[j], alike) for i, j, alike in partners(truth, got)]
    most = max(len(truth), len(got), 1)
    matched = [(mine, other, matches(mine, other)) for mine, other, _ in found]
    cells = sum(_share_right(*each) for each in matched) / most
    told = sum(is_right(*pair) or pair[1].marked for *_, pairs in matched for pair in pairs)
    written = sum(map(_filled, truth))
    return Scores(
        sum(alike for *_, alike in found) / most,
        bare,
        cells,
        1 - told / written if written else 0.0,
        len(got),
    )


def cells_right(truth: Grid, got: Grid) -> float:
    """The share (0..1) of cells with text that are right, by the table that has more of them."""
    return _share_right(truth, got, matches(truth, got))


def _share_right(truth: Grid, got: Grid, pairs: Sequence[tuple[Leaf, Leaf]]) -> float:
    right = sum(is_right(*pair) for pair in pairs)
    return right / max(_filled(truth), _filled(got), 1)


def is_right(mine: Leaf, other: Leaf) -> bool:
    return cell_cost(Leaf(mine.text), Leaf(other.text)) == 0


def matches(truth: Grid, got: Grid) -> list[tuple[Leaf, Leaf]]:
    """The true cells with text and what stands in their place, as the rows and cells align best."""

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
    pairs = [(truth[i][a], got[j][b]) for i, j in rows for a, b in inner(i, j)[1]]
    return [(mine, other) for mine, other in pairs if mine.text.strip()]


def _filled(grid: Grid) -> int:
    return sum(bool(leaf.text.strip()) for row in grid for leaf in row)


def _bare(grid: Grid) -> Grid:
    return [[replace(leaf, text="") for leaf in row] for row in grid]


def _one(_: int) -> float:
    return 1.0
