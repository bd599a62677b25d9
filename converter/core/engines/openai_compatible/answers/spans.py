"""Rows of cells with the spans that a model claims for them become a table without overlaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from converter.core.tables.model import Cell, Table

_MOST_PLACES: Final = 300_000  # an answer of 16,384 tokens has no tenth of it
_WIDEST_SPAN: Final = 64


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as it is written. A `rowspan` of 0 reaches to the end of its group of rows."""

    text: str
    header: bool = False
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it is written; rows of one `group` are those of one <thead> or <tbody>."""

    cells: tuple[RawCell, ...]
    group: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, or None if its spans are beyond reason; `mended` says that spans were changed."""

    table: Table | None
    mended: bool = False


class _TooLargeError(Exception):
    pass


def lay_out(rows: Sequence[RawRow]) -> Grid:
    """The table that HTML's rules make of the rows, with spans that lead out of it cut short.

    Where a span crosses groups of rows, or is zero, models mean what leaves fewer gaps.
    """
    widest = max(_WIDEST_SPAN, 2 * max((len(row.cells) for row in rows), default=0))
    sane = []
    for row in rows:
        cells = (
            replace(
                cell,
                rowspan=cell.rowspan if cell.rowspan >= 0 else 1,
                colspan=min(max(cell.colspan, 1), widest),
            )
            for cell in row.cells
        )
        sane.append(replace(row, cells=tuple(cells)))
    crossings = (False, True) if len({row.group for row in rows}) > 1 else (False,)
    has_zeros = any(cell.rowspan == 0 for row in sane for cell in row.cells)
    ways = product(crossings, (True, False) if has_zeros else (True,))
    best: list[Cell] = []
    fewest = float("inf")
    mended = sane != list(rows)
    try:
        for cross_groups, zero_reaches in ways:
            placed = _place(sane, cross_groups=cross_groups, zero_reaches=zero_reaches)
            width = max((cell.col + cell.colspan for cell in placed), default=0)
            height = max((cell.row + cell.rowspan for cell in placed), default=0)
            gaps = width * height - sum(cell.rowspan * cell.colspan for cell in placed)
            if gaps < fewest:
                best, fewest = placed, gaps
    except _TooLargeError:
        return Grid(None, mended=True)
    written = (cell for row in sane for cell in row.cells)
    mended = mended or any(
        (raw.rowspan, raw.colspan) != (cell.rowspan, cell.colspan)
        for raw, cell in zip(written, best, strict=True)
    )
    return Grid(Table(tuple(best)), mended)


def settle(cells: Iterable[Cell]) -> Grid:
    """The table of cells that already have their places, as in LaTeX and OTSL.

    An empty cell under a span goes; a span ends before a cell that has text.
    """
    ordered = sorted(cells, key=lambda cell: cell.place)
    if sum(cell.rowspan * cell.colspan for cell in ordered) > _MOST_PLACES:
        return Grid(None, mended=True)
    # Text comes before blanks, and what spans before what does not.
    ordered.sort(key=lambda cell: (not cell.text, (cell.rowspan, cell.colspan) == (1, 1)))
    taken = {cell.place for cell in ordered if cell.text}
    kept: list[Cell] = []
    spanned: set[tuple[int, int]] = set()
    mended = False
    for cell in ordered:
        if cell.place in spanned:
            continue
        width = height = 1  # up to the first place that is taken
        while width < cell.colspan and (cell.row, cell.col + width) not in taken:
            width += 1
        cols = range(cell.col, cell.col + width)
        while height < cell.rowspan and taken.isdisjoint((cell.row + height, c) for c in cols):
            height += 1
        free = replace(cell, rowspan=height, colspan=width)
        mended = mended or (free != cell and bool(cell.text))
        places = set(free.places())
        taken |= places
        spanned |= places
        kept.append(free)
    return Grid(Table(tuple(sorted(kept, key=lambda cell: cell.place))), mended)


def _place(rows: Sequence[RawRow], *, cross_groups: bool, zero_reaches: bool) -> list[Cell]:
    """The cells where HTML puts them, none wider than is credible. Raises _TooLargeError."""
    ends = [len(rows)] * len(rows)  # of each row's group
    for number in range(len(rows) - 2, -1, -1):
        if not cross_groups:
            same = rows[number].group == rows[number + 1].group
            ends[number] = ends[number + 1] if same else number + 1
    free_from: dict[int, int] = defaultdict(int)  # by column, the first row that is free again
    cells: list[Cell] = []
    steps = 0
    for number, row in enumerate(rows):
        col = 0
        for raw in row.cells:
            while free_from[col] > number:
                col += 1
                steps += 1
            most = ends[number] - number
            height = min(raw.rowspan or (most if zero_reaches else 1), most)
            width = 1
            while width < raw.colspan and free_from[col + width] <= number:
                width += 1
            free_from.update((c, number + height) for c in range(col, col + width))
            cells.append(Cell(number, col, raw.text, height, width, header=raw.header))
            col += width
            steps += width * height
            if steps > _MOST_PLACES:
                raise _TooLargeError
    # The table is as wide as its last column that begins, or as two rows of several cells agree.
    per_row = Counter(cell.row for cell in cells)
    rights = Counter(cell.col + cell.colspan for cell in cells if per_row[cell.row] > 1)
    agreed = (right for right, times in rights.items() if times > 1)
    n_cols = max([*agreed, *(cell.col + 1 for cell in cells)], default=0)
    return [replace(cell, colspan=min(cell.colspan, n_cols - cell.col)) for cell in cells]
