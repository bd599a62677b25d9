"""The grid of a table, changed: cells merged and split, rows and columns inserted, deleted, moved.

Each function returns another table and raises EditError where a table does not allow the change.
What holds for rows holds for columns by turning the table over its diagonal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from converter.core.errors import EditError
from converter.core.tables.model import Cell, Place, Said, Table
from converter.core.tables.pieces import Piece, around, joined_text, pieces_of
from converter.core.tables.spread import bands_of

MOST_PLACES: Final = 200_000  # that a table may be made to have
_SPAN_IN_THE_WAY: Final = "A cell reaches over the edge of what is moved; split it first."


def merged(table: Table, row: int, col: int, last_row: int, last_col: int) -> Table:
    """One cell in place of all that the area touches, which grows to hold them whole."""
    if not (0 <= row <= last_row < table.n_rows and 0 <= col <= last_col < table.n_cols):
        raise EditError("This area reaches beyond the table.")
    top, left, bottom, right = _grown(table, row, col, last_row, last_col)
    inside = [cell for cell in table.cells if _lies_in(cell, top, left, bottom, right)]
    area = bottom - top + 1, right - left + 1
    if area == (1, 1) or [_area(cell) for cell in inside] == [area]:
        raise EditError("These are one cell already.")
    whole = _one_of(sorted(inside, key=lambda cell: cell.place))
    whole = replace(whole, row=top, col=left, rowspan=area[0], colspan=area[1])
    others = [cell for cell in table.cells if not _lies_in(cell, top, left, bottom, right)]
    return _table(table, [*others, whole])


def split(table: Table, row: int, col: int) -> Table:
    """A cell for every place of one that spans several. Its print goes to the place where it
    stands, or where nobody knows that to the first one."""
    cell = next((one for one in table.cells if one.place == (row, col)), None)
    if cell is None or (cell.rowspan, cell.colspan) == (1, 1):
        raise EditError("This cell spans no others; insert a row or a column to split it.")
    found: dict[Place, list[Piece]] = {}
    for piece in pieces_of(cell):
        found.setdefault(_place_of(piece, table, cell), []).append(piece)
    parts = []
    for place in cell.places():
        part = replace(cell, row=place[0], col=place[1], rowspan=1, colspan=1)
        parts.append(_holding(part, found.get(place, []), whole=len(found) <= 1))
    return _table(table, [*(one for one in table.cells if one is not cell), *parts])


def rows_inserted(table: Table, at: int, count: int) -> Table:
    """`count` empty rows above row `at`; `at` may be the number of rows."""
    if not 0 <= at <= table.n_rows:
        raise EditError("This table has no such row or column.")
    if (table.n_rows + count) * table.n_cols > MOST_PLACES:
        raise EditError(f"A table can be made to have at most {MOST_PLACES:,} cells.")
    moved = []
    for cell in table.cells:
        if cell.row >= at:
            moved.append(replace(cell, row=cell.row + count))
        elif at < cell.row + cell.rowspan:
            moved.append(replace(cell, rowspan=cell.rowspan + count))
        else:
            moved.append(cell)
    header_rows = table.header_rows
    stubs = _stub_columns(table)
    covered = {place for cell in moved for place in cell.places()}
    fresh = [
        Cell(row, col, header=at < header_rows, stub=at >= header_rows and col in stubs)
        for row in range(at, at + count)
        for col in range(table.n_cols)
        if (row, col) not in covered
    ]
    return _table(table, [*moved, *fresh])


def rows_deleted(table: Table, at: int, count: int) -> Table:
    """Without `count` rows from row `at` on. A cell that reaches out of them stays, shorter."""
    end = at + count
    if not (0 <= at < end <= table.n_rows):
        raise EditError("This table has no such rows or columns.")
    if count == table.n_rows:
        raise EditError("That would be the whole table; take the table away instead.")
    left = []
    for cell in table.cells:
        rows = [row for row in range(cell.row, cell.row + cell.rowspan) if not at <= row < end]
        if rows:
            first = rows[0] if rows[0] < at else rows[0] - count
            left.append(replace(cell, row=first, rowspan=len(rows)))
    return _padded(table, left, table.n_rows - count, table.n_cols)


def rows_moved(table: Table, at: int, count: int, to: int) -> Table:
    """`count` rows from row `at` on, moved above what is row `to` now."""
    end = at + count
    if not (0 <= at < end <= table.n_rows and 0 <= to <= table.n_rows):
        raise EditError("This table has no such rows or columns.")
    if at <= to <= end:
        raise EditError("They stand there already.")
    kept = [row for row in range(table.n_rows) if not at <= row < end]
    before = [row for row in kept if row < to]
    order = [*before, *range(at, end), *kept[len(before) :]]
    new = {row: number for number, row in enumerate(order)}
    moved = []
    for cell in table.cells:
        rows = [new[row] for row in range(cell.row, cell.row + cell.rowspan)]
        if rows != list(range(rows[0], rows[0] + len(rows))):
            raise EditError(_SPAN_IN_THE_WAY)
        moved.append(replace(cell, row=rows[0]))
    return _table(table, moved)


def cols_inserted(table: Table, at: int, count: int) -> Table:
    header_rows = table.header_rows
    wider = _turned(rows_inserted(_turned(table), at, count))
    fresh = range(at, at + count)
    return _table(
        table,
        (
            replace(cell, header=cell.row < header_rows, stub=False)
            if cell.col in fresh and not cell.text
            else cell
            for cell in wider.cells
        ),
    )


def cols_deleted(table: Table, at: int, count: int) -> Table:
    return _turned(rows_deleted(_turned(table), at, count))


def cols_moved(table: Table, at: int, count: int, to: int) -> Table:
    return _turned(rows_moved(_turned(table), at, count, to))


def with_header(table: Table, rows: int) -> Table:
    """The first `rows` rows are header, the rest of what was at the top is body."""
    before = table.header_rows

    def told(cell: Cell) -> Cell:
        if cell.row < rows:
            return replace(cell, header=True, stub=False, indent=0)
        return replace(cell, header=False) if cell.row < before else cell

    return _table(table, map(told, table.cells))


def stacked(upper: Table, lower: Table) -> Table:
    """Two tables as one. The header of the lower one goes if it says the same as the upper's."""
    again = lower.header_rows
    if again and again < lower.n_rows and _head(upper, again) == _head(lower, again):
        lower = rows_deleted(lower, 0, again)
    down = [replace(cell, row=cell.row + upper.n_rows) for cell in lower.cells]
    if upper.header_rows:
        top = upper.n_rows
        down = [replace(cell, header=cell.header and cell.row > top) for cell in down]
    boxes = [box for box in (upper.box, lower.box) if box]
    return Table((*upper.cells, *down), around(boxes))


def _head(table: Table, rows: int) -> list[tuple[int, int, str]]:
    return [
        (cell.row, cell.col, " ".join(cell.text.split()).casefold())
        for cell in sorted(table.cells, key=lambda cell: cell.place)
        if cell.row < rows and cell.text
    ]


def _turned(table: Table) -> Table:
    """The table over its diagonal: its rows are columns."""
    return Table(
        tuple(
            replace(cell, row=cell.col, col=cell.row, rowspan=cell.colspan, colspan=cell.rowspan)
            for cell in table.cells
        ),
        table.box,
    )


def _table(table: Table, cells: Iterable[Cell]) -> Table:
    ordered = tuple(sorted(cells, key=lambda cell: cell.place))
    return Table(ordered, table.box)


def _padded(table: Table, cells: list[Cell], n_rows: int, n_cols: int) -> Table:
    """With an empty cell in the last corner where nothing else keeps the grid as large."""
    corner = n_rows - 1, n_cols - 1
    if not any(corner in set(cell.places()) for cell in cells):
        cells = [*cells, Cell(*corner)]
    return _table(table, cells)


def _grown(table: Table, top: int, left: int, bottom: int, right: int) -> tuple[int, int, int, int]:
    """The least area that holds this one and cuts no cell."""
    while True:
        touched = [cell for cell in table.cells if _touches(cell, top, left, bottom, right)]
        grown = (
            min([top, *(cell.row for cell in touched)]),
            min([left, *(cell.col for cell in touched)]),
            max([bottom, *(cell.row + cell.rowspan - 1 for cell in touched)]),
            max([right, *(cell.col + cell.colspan - 1 for cell in touched)]),
        )
        if grown == (top, left, bottom, right):
            return grown
        top, left, bottom, right = grown


def _touches(cell: Cell, top: int, left: int, bottom: int, right: int) -> bool:
    above, below = cell.row + cell.rowspan <= top, cell.row > bottom
    before, behind = cell.col + cell.colspan <= left, cell.col > right
    return not (above or below or before or behind)


def _lies_in(cell: Cell, top: int, left: int, bottom: int, right: int) -> bool:
    return top <= cell.row <= bottom and left <= cell.col <= right


def _area(cell: Cell) -> tuple[int, int]:
    return cell.rowspan, cell.colspan


def _one_of(cells: list[Cell]) -> Cell:
    """A cell with all the text of some, and the least certainty among them."""
    full = [cell for cell in cells if cell.text or cell.other]
    if not full:
        return Cell(0, 0, header=all(cell.header for cell in cells) and bool(cells))
    if len(full) == 1:
        return full[0]
    other = joined_text((cell.row, cell.other or cell.text) for cell in full)
    return replace(
        full[0],
        text=joined_text((cell.row, cell.text) for cell in full if cell.text),
        other=other if any(cell.other for cell in full) else "",
        box=around(cell.box for cell in full if cell.box),
        confidence=min(cell.confidence for cell in full),
        said=Said.CORRECTED if all(cell.said for cell in full) else Said.NOTHING,
    )


def _holding(cell: Cell, pieces: list[Piece], *, whole: bool) -> Cell:
    """A part of a cell with some of its pieces; `whole` if these are all that there are."""
    if not pieces:
        return Cell(cell.row, cell.col, header=cell.header, stub=cell.stub)
    if whole:
        return cell
    boxes = [piece.box for piece in pieces if piece.box]
    text = joined_text((piece.line, piece.text) for piece in pieces)
    return replace(cell, text=text, box=around(boxes), other="")


def _place_of(piece: Piece, table: Table, cell: Cell) -> Place:
    if piece.box is None:
        return cell.place
    rows, cols = bands_of(table)
    middle = (piece.box.top + piece.box.bottom) / 2, (piece.box.left + piece.box.right) / 2
    return (
        _nearest(middle[0], rows, range(cell.row, cell.row + cell.rowspan)),
        _nearest(middle[1], cols, range(cell.col, cell.col + cell.colspan)),
    )


def _nearest(middle: float, bands: dict[int, tuple[float, float]], choice: range) -> int:
    """The band of some that a point lies in, or is nearest to; the first if none is known."""

    def distance(index: int) -> float:
        begin, end = bands[index]
        return max(begin - middle, middle - end, 0)

    return min((index for index in choice if index in bands), key=distance, default=choice[0])


def _stub_columns(table: Table) -> set[int]:
    """The columns of which most body cells name their rows."""
    counts: Counter[int] = Counter()
    header_rows = table.header_rows
    for cell in table.cells:
        if cell.row >= header_rows:
            counts[cell.col] += 1 if cell.stub else -1
    return {col for col, balance in counts.items() if balance > 0}
