"""A table filled again along new lines, from what its cells hold: nothing is read again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from converter.core.tables.model import Box, Cell, Place, Said, Table
from converter.core.tables.pieces import Piece, around, in_lines, joined_text, pieces_of
from converter.core.tables.spread import grid_edges

Edges = Sequence[float]


def fill(table: Table, row_edges: Edges, col_edges: Edges) -> Table:
    """The table with rows and columns between these edges, in pixels.

    A cell whose words stay together is kept whole, with all that is known of it; one that a new
    line cuts is parted at that line. What lies beyond the outer edges goes to the nearest row and
    column: no word is lost.
    """
    taken: dict[Place, list[tuple[Cell, list[Piece]]]] = {}
    whole: list[tuple[Cell, Place, Place]] = []
    for cell in table.cells:
        if not cell.text and not cell.other:
            continue
        places: dict[Place, list[Piece]] = {}
        for piece in pieces_of(cell) or [Piece("", 0, cell.box)]:
            places.setdefault(_place(piece.box, row_edges, col_edges), []).append(piece)
        if not places:
            places = {_place(cell.box, row_edges, col_edges): []}
        span = _span(table, cell, row_edges, col_edges)
        if span and set(places) <= _covered(*span):
            whole.append((cell, *span))
            continue
        for place, pieces in places.items():
            taken.setdefault(place, []).append((cell, pieces if len(places) > 1 else []))
    cells = [_cell(place, parts) for place, parts in taken.items()]
    cells = _with_spans(cells, whole)
    return _finished(table, cells, row_edges, col_edges)


def _place(box: Box | None, rows: Edges, cols: Edges) -> Place:
    if box is None:
        return 0, 0
    return _band((box.top + box.bottom) / 2, rows), _band((box.left + box.right) / 2, cols)


def _band(middle: float, edges: Edges) -> int:
    return min(max(bisect_right(edges, middle) - 1, 0), len(edges) - 2)


def _span(table: Table, cell: Cell, rows: Edges, cols: Edges) -> tuple[Place, Place] | None:
    """The first and the last of the new places over which a cell of several goes on reaching."""
    if (cell.rowspan, cell.colspan) == (1, 1) or cell.box is None:
        return None
    old_rows, old_cols = grid_edges(table)
    new_rows = _within(rows, old_rows[cell.row], old_rows[cell.row + cell.rowspan])
    new_cols = _within(cols, old_cols[cell.col], old_cols[cell.col + cell.colspan])
    if len(new_rows) * len(new_cols) < 2:
        return None
    return (new_rows[0], new_cols[0]), (new_rows[-1], new_cols[-1])


def _within(edges: Edges, begin: float, end: float) -> list[int]:
    """The bands of which the middle lies between two edges."""
    middles = [(one + other) / 2 for one, other in pairwise(edges)]
    return [index for index, middle in enumerate(middles) if begin <= middle <= end]


def _covered(first: Place, last: Place) -> set[Place]:
    return {
        (row, col) for row in range(first[0], last[0] + 1) for col in range(first[1], last[1] + 1)
    }


def _cell(place: Place, parts: list[tuple[Cell, list[Piece]]]) -> Cell:
    """What comes to stand in one place: whole cells, those without pieces, and parts of others."""
    first, pieces = parts[0]
    if len(parts) == 1 and not pieces:
        return replace(first, row=place[0], col=place[1], rowspan=1, colspan=1)
    together = [piece for cell, some in parts for piece in (some or pieces_of(cell))]
    boxes = [piece.box for piece in together if piece.box]
    lines = in_lines(together)
    settled = all(cell.said for cell, _ in parts)
    return Cell(
        *place,
        text=joined_text((number, piece.text) for number, line in lines for piece in line),
        box=around(boxes),
        confidence=min(cell.confidence for cell, _ in parts),
        header=first.header,
        stub=first.stub,
        indent=first.indent,
        said=Said.CORRECTED if settled else Said.NOTHING,
    )


def _with_spans(cells: list[Cell], whole: list[tuple[Cell, Place, Place]]) -> list[Cell]:
    """With the cells that reach over several places. One that others stand in the way of keeps to
    its first place, together with what stands there."""
    placed = {cell.place: cell for cell in cells}
    taken = set(placed)
    for cell, first, last in whole:
        end = first if taken & _covered(first, last) else last
        rows, cols = end[0] - first[0] + 1, end[1] - first[1] + 1
        spanning = replace(cell, row=first[0], col=first[1], rowspan=rows, colspan=cols)
        there = placed.get(first)
        placed[first] = _cell(first, [(there, []), (cell, [])]) if there else spanning
        taken |= _covered(first, end)
    return list(placed.values())


def _finished(table: Table, cells: list[Cell], rows: Edges, cols: Edges) -> Table:
    """With the header rows where they were on the picture, and a cell in the last corner."""
    heads = [cell.box.bottom for cell in table.cells if cell.header and cell.box]
    body = [cell.box.top for cell in table.cells if not cell.header and cell.box]
    below = min(body, default=max(heads, default=0.0)) if heads else float("-inf")
    header_rows = sum(
        1 for end, begin in zip(rows[1:], rows, strict=False) if (begin + end) / 2 < below
    )
    told = [replace(cell, header=cell.row < header_rows) for cell in cells]
    corner = len(rows) - 2, len(cols) - 2
    if not any(corner in set(cell.places()) for cell in told):
        told.append(Cell(*corner, header=corner[0] < header_rows))
    ordered = tuple(sorted(told, key=lambda cell: cell.place))
    return Table(ordered, Box(cols[0], rows[0], cols[-1], rows[-1]))
