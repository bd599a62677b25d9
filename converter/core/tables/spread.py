"""Where the rows and columns of a table lie on the picture, by the boxes of its cells."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from converter.core.tables.model import Table
from converter.core.tables.pieces import around

Bands = dict[int, tuple[float, float]]
"""By the index of a row or column, where it begins and ends, in pixels; those that are known."""


def bands_of(table: Table) -> tuple[Bands, Bands]:
    """The extent of the print of each row and of each column."""
    rows: dict[int, list[tuple[float, float]]] = {}
    cols: dict[int, list[tuple[float, float]]] = {}
    for cell in table.cells:
        if cell.box and cell.rowspan == 1:
            rows.setdefault(cell.row, []).append((cell.box.top, cell.box.bottom))
        if cell.box and cell.colspan == 1:
            cols.setdefault(cell.col, []).append((cell.box.left, cell.box.right))
    return (
        {row: (_middle(begin for begin, _ in spans), _middle(end for _, end in spans))
         for row, spans in rows.items()},
        {col: (min(begin for begin, _ in spans), max(end for _, end in spans))
         for col, spans in cols.items()},
    )  # fmt: skip


def edges_of(bands: Bands, count: int, begin: float, end: float) -> list[float]:
    """The `count` + 1 edges of bands: halfway between two, or spread evenly where some have no
    print; the outer ones at `begin` and `end`, or around what goes beyond."""
    known = [(index, sum(bands[index]) / 2) for index in sorted(bands) if index < count]
    outer = [(-0.5, min([begin, *(band[0] for band in bands.values())]))]
    last = (count - 0.5, max([end, *(band[1] for band in bands.values())]))
    edges = [outer[0][1]]
    for edge in range(1, count):
        above, below = bands.get(edge - 1), bands.get(edge)
        if above and below and above[1] <= below[0]:
            edges.append((above[1] + below[0]) / 2)
        else:
            edges.append(_between(edge - 0.5, [*outer, *known, last]))
    return _rising([*edges, last[1]])


def grid_edges(table: Table) -> tuple[list[float], list[float]]:
    """The edges of all rows and of all columns of a table; none if nothing of it has a place."""
    box = table.box or around(cell.box for cell in table.cells if cell.box)
    if box is None:
        return [], []
    rows, cols = bands_of(table)
    return (
        edges_of(rows, table.n_rows, box.top, box.bottom),
        edges_of(cols, table.n_cols, box.left, box.right),
    )


def _between(at: float, points: list[tuple[float, float]]) -> float:
    """The value at a place between known ones, on the straight line from one to the next."""
    before = max(point for point in points if point[0] <= at)
    behind = min((point for point in points if point[0] > at), default=before)
    share = (at - before[0]) / (behind[0] - before[0]) if behind[0] > before[0] else 0.0
    return before[1] + share * (behind[1] - before[1])


def _rising(edges: list[float]) -> list[float]:
    """Each at least a pixel beyond the one before."""
    for index in range(1, len(edges)):
        edges[index] = max(edges[index], edges[index - 1] + 1)
    return edges


def _middle(values: Iterable[float]) -> float:
    return median(values)
