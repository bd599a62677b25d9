"""Which cells of a table that was read are right: in their place and with their text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from converter.core.tables.model import Cell, Table
from tests.bench.teds import Grid, Leaf, cell_cost, similarity

ALIKE = str.maketrans("\u223c~\u00b7\u2032\u2019\u2018\u201c\u201d", "--.'''\"\"")
Pairs = list[tuple[int, int]]


def right_cells(truth: Sequence[Grid], tables: Sequence[Table]) -> list[tuple[Cell, bool]]:
    """Each cell with text, and whether it is right, in the way that TEDS aligns tables.

    Print that differs in case, blanks, or the shape of dashes, dots and quotes counts as the same.
    """
    judged: list[tuple[Cell, bool]] = []
    rows = [cells_by_row(table) for table in tables]
    partners = _partners(truth, [[[leaf_of(c) for c in row] for row in table] for table in rows])
    for number, table in enumerate(rows):
        grid = truth[partners[number]] if number in partners else ()
        right = _right(grid, table)
        judged += [(c, id(c) in right) for row in table for c in row if c.text]
    return judged


def cells_by_row(table: Table) -> list[list[Cell]]:
    """The cells in reading order; a place that no cell covers has an empty one."""
    covered = {place: cell for cell in table.cells for place in cell.places()}
    return [
        [
            covered.get((row, col), Cell(row, col))
            for col in range(table.n_cols)
            if (row, col) not in covered
            or (covered[row, col].row, covered[row, col].col) == (row, col)
        ]
        for row in range(table.n_rows)
    ]


def leaf_of(cell: Cell) -> Leaf:
    return Leaf(cell.text, cell.rowspan, cell.colspan)


def align(
    n: int, m: int, removal: Callable[[int], float], insertion: Callable[[int], float],
    change: Callable[[int, int], float],
) -> tuple[float, Pairs]:  # fmt: skip
    """The least cost that turns items 0..n into items 0..m, and which become which."""
    cost = [[0.0] * (m + 1) for _ in range(n + 1)]
    step = [[(0, 0)] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            ways = []
            if i and j:
                ways.append((cost[i - 1][j - 1] + change(i - 1, j - 1), (1, 1)))
            if i:
                ways.append((cost[i - 1][j] + removal(i - 1), (1, 0)))
            if j:
                ways.append((cost[i][j - 1] + insertion(j - 1), (0, 1)))
            cost[i][j], step[i][j] = min(ways, key=lambda way: way[0]) if ways else (0.0, (0, 0))
    return cost[n][m], _trace(step, n, m)


def _trace(step: Sequence[Sequence[tuple[int, int]]], i: int, j: int) -> Pairs:
    pairs = []
    while i or j:
        down, across = step[i][j]
        i, j = i - down, j - across
        if down and across:
            pairs.append((i, j))
    return pairs[::-1]


def _partners(truth: Sequence[Grid], got: Sequence[Grid]) -> dict[int, int]:
    """For each table that was read, the true one that it is most like; each is taken once."""
    scores = {(i, j): similarity(t, g) for i, t in enumerate(truth) for j, g in enumerate(got)}
    partners: dict[int, int] = {}
    for i, j in sorted(scores, key=lambda pair: -scores[pair]):
        if j not in partners and i not in partners.values():
            partners[j] = i
    return partners


def _right(truth: Grid, rows: Sequence[Sequence[Cell]]) -> set[int]:
    @cache
    def inner(i: int, j: int) -> tuple[float, Pairs]:
        mine, other = truth[i], rows[j]
        return align(
            len(mine), len(other), lambda _: 1.0, lambda _: 1.0,
            lambda a, b: cell_cost(mine[a], leaf_of(other[b])),
        )  # fmt: skip

    _, pairs = align(
        len(truth),
        len(rows),
        lambda i: 1.0 + len(truth[i]),
        lambda j: 1.0 + len(rows[j]),
        lambda i, j: inner(i, j)[0],
    )
    return {
        id(rows[j][b])
        for i, j in pairs
        for a, b in inner(i, j)[1]
        if cell_cost(_plain(truth[i][a].text), _plain(rows[j][b].text)) == 0
    }


def _plain(text: str) -> Leaf:
    return Leaf("".join(text.lower().translate(ALIKE).split()))
