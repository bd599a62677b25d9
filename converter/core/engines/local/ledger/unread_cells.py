"""Which cells of a table hold print that was not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from converter.core.engines.local.page.boxes import line_height
from converter.core.tables.causes import Cause
from converter.core.tables.model import Box, Cell, Place, Table
from converter.core.tables.pieces import around

CONFIDENCE: Final = 0.4
"""The most to believe a cell that holds unread print."""
ASIDE, AWAY = 4.0, 1.0
"""Heights of a line: print as close to the sides of a table, or to its ends, is of its cells."""


def with_unread(table: Table, pieces: Sequence[Box]) -> tuple[Table, list[Box]]:
    """A table whose cells tell the unread print in them, and the pieces that are in none.

    `pieces` are boxes of print on the same page as the table's.
    """
    place_of = _places(table)
    found: dict[Place, list[Box]] = {}
    outside = []
    for piece in pieces:
        place = place_of(piece)
        if place is None:
            outside.append(piece)
        else:
            found.setdefault(place, []).append(piece)
    if not found:
        return table, outside
    marked = (
        _marked(cell, [piece for place in cell.places() for piece in found.get(place, ())])
        for cell in table.cells
    )
    return replace(table, cells=tuple(marked)), outside


def _marked(cell: Cell, pieces: Sequence[Box]) -> Cell:
    if not pieces:
        return cell
    return replace(
        cell,
        box=around([cell.box, *pieces] if cell.box else pieces),
        confidence=min(CONFIDENCE, cell.confidence),
        causes=(Cause.NOT_READ, *cell.causes),
    )


def _places(table: Table) -> Callable[[Box], Place | None]:
    """Finds the place of a piece of print on a table's grid; None for print outside of it."""
    boxes = [cell.box for cell in table.cells if cell.box]
    if table.box is None or not boxes:
        return lambda _: None
    height = line_height(cell.box for cell in table.cells if cell.box and cell.rowspan == 1)
    rows, columns = divisions(table, 0), divisions(table, 1)
    left, top, right, bottom = table.box

    def place_of(piece: Box) -> Place | None:
        x, y = piece.middle
        beside = left - ASIDE * height <= x <= right + ASIDE * height and top <= y <= bottom
        near = left <= x <= right and top - AWAY * height <= y <= bottom + AWAY * height
        if not (beside or near):
            return None
        return int(np.searchsorted(rows, y)), int(np.searchsorted(columns, x))

    return place_of


def divisions(table: Table, axis: int) -> list[float]:
    """Where the rows (axis 0) or columns (1) of a table part, in pixels, by the print in them."""
    count = table.n_cols if axis else table.n_rows
    first, last = np.full(count, np.nan), np.full(count, np.nan)
    for cell in table.cells:
        at, span = (cell.col, cell.colspan) if axis else (cell.row, cell.rowspan)
        if cell.box and cell.text and span == 1:
            low, high = (cell.box.left, cell.box.right) if axis else (cell.box.top, cell.box.bottom)
            first[at], last[at] = np.fmin(first[at], low), np.fmax(last[at], high)
    known = np.flatnonzero(~np.isnan(first))
    if not len(known):
        return []
    numbers = np.arange(count)
    first = np.interp(numbers, known, first[known])
    last = np.interp(numbers, known, last[known])
    return [float(at) for at in np.maximum.accumulate((last[:-1] + first[1:]) / 2)]
