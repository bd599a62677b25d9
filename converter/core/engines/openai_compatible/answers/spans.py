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


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to understand the row spans."""

    cross_groups: bool
    zero_reaches: bool


def lay_out(rows: Sequence[RawRow]) -> Grid:
    """The table that HTML's rules make of the rows, with spans that lead out of it cut short.

    Where a span crosses groups of rows, or is zero, models mean what leaves fewer gaps.
    """
    rows, mended = _within_reason(rows)
    try:
        layouts = [_trimmed(_place(rows, reading)) for reading in _readings(rows)]
        cells, was_trimmed = min(layouts, key=lambda layout: _gaps(layout[0]))
    except _TooLargeError:
        return Grid(None, mended=True)
    mended = mended or was_trimmed or _reaches_out(rows, cells)
    return Grid(Table(tuple(cells)), mended)


def settle(cells: Iterable[Cell]) -> Grid:
    """The table of cells that already have their places, as in LaTeX and OTSL.

    An empty cell under a span goes; a span ends before a cell that has text.
    """
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.col))
    if sum(cell.rowspan * cell.colspan for cell in ordered) > _MOST_PLACES:
        return Grid(None, mended=True)
    taken = {(cell.row, cell.col) for cell in ordered if cell.text}
    kept: list[Cell] = []
    spanned: set[tuple[int, int]] = set()
    mended = False
    for cell in sorted(ordered, key=_weight):
        if (cell.row, cell.col) in spanned:
            continue
        free = _largest_free(cell, taken)
        mended = mended or (free != cell and bool(cell.text))
        places = set(free.places())
        taken |= places
        spanned |= places
        kept.append(free)
    return Grid(Table(tuple(sorted(kept, key=lambda cell: (cell.row, cell.col)))), mended)


def _within_reason(rows: Sequence[RawRow]) -> tuple[list[RawRow], bool]:
    """The rows with spans above zero, none much wider than the table, and no row without cells."""
    widest = max(_WIDEST_SPAN, 2 * max((len(row.cells) for row in rows), default=0))
    mended = False
    reasonable = []
    for row in rows:
        cells = tuple(
            replace(
                cell,
                rowspan=cell.rowspan if cell.rowspan >= 0 else 1,
                colspan=min(max(cell.colspan, 1), widest),
            )
            for cell in row.cells
        )
        mended = mended or cells != row.cells
        reasonable.append(replace(row, cells=cells))
    return reasonable, mended


def _readings(rows: Sequence[RawRow]) -> Iterable[_Reading]:
    groups = len({row.group for row in rows}) > 1
    zero = any(cell.rowspan == 0 for row in rows for cell in row.cells)
    return (
        _Reading(cross_groups, zero_reaches)
        for cross_groups, zero_reaches in product(
            (False, True) if groups else (False,), (True, False) if zero else (True,)
        )
    )


def _place(rows: Sequence[RawRow], reading: _Reading) -> list[Cell]:
    ends = _group_ends(rows)
    free_from: dict[int, int] = defaultdict(int)  # by column, the first row that is free again
    cells: list[Cell] = []
    steps = 0
    for number, row in enumerate(rows):
        col = 0
        for raw in row.cells:
            while free_from[col] > number:
                col += 1
                steps += 1
            end = len(rows) if reading.cross_groups else ends[number]
            height = raw.rowspan or (end - number if reading.zero_reaches else 1)
            height = min(height, end - number)
            width = 1
            while width < raw.colspan and free_from[col + width] <= number:
                width += 1
            free_from.update((c, number + height) for c in range(col, col + width))
            cells.append(Cell(number, col, raw.text, height, width, header=raw.header))
            col += width
            steps += width * height
            if steps > _MOST_PLACES:
                raise _TooLargeError
    return cells


def _group_ends(rows: Sequence[RawRow]) -> list[int]:
    ends = [len(rows)] * len(rows)
    for number in range(len(rows) - 2, -1, -1):
        same = rows[number].group == rows[number + 1].group
        ends[number] = ends[number + 1] if same else number + 1
    return ends


def _trimmed(cells: list[Cell]) -> tuple[list[Cell], bool]:
    """The cells without columns at the right that only a span or two claim."""
    width = _credible_width(cells)
    trimmed = [replace(cell, colspan=min(cell.colspan, width - cell.col)) for cell in cells]
    return trimmed, trimmed != cells


def _credible_width(cells: list[Cell]) -> int:
    """Where the table ends: a plain cell ends there, or two rows agree with more than one cell."""
    per_row = Counter(cell.row for cell in cells)
    ends = Counter(cell.col + cell.colspan for cell in cells if per_row[cell.row] > 1)
    agreed = (end for end, times in ends.items() if times > 1)
    plain = (cell.col + 1 for cell in cells)
    return max(max(plain, default=0), max(agreed, default=0))


def _gaps(cells: Sequence[Cell]) -> int:
    width = max((cell.col + cell.colspan for cell in cells), default=0)
    height = max((cell.row + cell.rowspan for cell in cells), default=0)
    return width * height - sum(cell.rowspan * cell.colspan for cell in cells)


def _reaches_out(rows: Sequence[RawRow], cells: Sequence[Cell]) -> bool:
    """Whether a span was written other than it was placed."""
    written = [cell for row in rows for cell in row.cells]
    return any(
        (raw.rowspan, raw.colspan) != (cell.rowspan, cell.colspan)
        for raw, cell in zip(written, cells, strict=True)
    )


def _weight(cell: Cell) -> tuple[bool, bool]:
    """Text comes before blanks, and what spans before what does not."""
    return not cell.text, (cell.rowspan, cell.colspan) == (1, 1)


def _largest_free(cell: Cell, taken: set[tuple[int, int]]) -> Cell:
    """The cell with its span ended before the first place that is taken."""
    width = 1
    while width < cell.colspan and (cell.row, cell.col + width) not in taken:
        width += 1
    cols = range(cell.col, cell.col + width)
    height = 1
    while height < cell.rowspan and not any((cell.row + height, col) in taken for col in cols):
        height += 1
    return replace(cell, rowspan=height, colspan=width)
