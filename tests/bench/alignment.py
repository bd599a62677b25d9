"""Which cells of a table that was read are right: in the right place, with the right text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from converter.core.tables.model import Cell, Table
from tests.bench.teds import Grid, Leaf, cell_cost, partners

ALIKE = str.maketrans("\u223c~\u00b7\u2032\u2019\u2018\u201c\u201d", "--.'''\"\"")
Pairs = list[tuple[int, int]]


def right_cells(truth: Sequence[Grid], tables: Sequence[Table]) -> list[tuple[Cell, bool]]:
    """Each cell with text, and whether it is right; tables are aligned as for TEDS.

    Case, spaces, and the shape of dashes, dots and quotes do not count.
    """
    judged: list[tuple[Cell, bool]] = []
    rows = [cells_by_row(table) for table in tables]
    grids = [[[leaf_of(cell) for cell in row] for row in table] for table in rows]
    partner_of = {j: i for i, j, _ in partners(truth, grids)}
    for number, table in enumerate(rows):
        grid = truth[partner_of[number]] if number in partner_of else ()
        right = _right(grid, table)
        judged += [(c, id(c) in right) for row in table for c in row if c.text]
    return judged


def cells_by_row(table: Table) -> list[list[Cell]]:
    """The cells in reading order, with an empty one in each place that no cell covers."""
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
    """The least cost to turn items 0..n into items 0..m, and the pairs (i, j) of items matched."""
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
    pairs = []
    i, j = n, m
    while i or j:
        down, across = step[i][j]
        i, j = i - down, j - across
        if down and across:
            pairs.append((i, j))
    return cost[n][m], pairs[::-1]


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
