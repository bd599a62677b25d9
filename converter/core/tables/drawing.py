"""Print that a person points at: the words in a box become a table, or go into a cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import fmean
from typing import Final

from converter.core.errors import EditError
from converter.core.tables.causes import Cause
from converter.core.tables.grids import with_header
from converter.core.tables.model import Box, Cell, Said, Table, Word
from converter.core.tables.numerals import parse_numeral
from converter.core.tables.pieces import Piece, around, in_lines, joined_text, pieces_of
from converter.core.tables.spread import edges_of

Edges = Sequence[float]

_BRIDGES: Final = 0.15  # of the texts of a column may reach over the gap to the next


def texts_of(cell: Cell) -> Iterator[Word]:
    """The lines of a cell, each where it stands; none if nobody knows where the cell is."""
    sure = 1.0 if cell.said else cell.confidence
    for _, line in groupby(pieces_of(cell), key=lambda piece: piece.line):
        if found := _joined(list(line), sure):
            yield found


def parts_in(texts: Iterable[Word], boxes: Sequence[Box]) -> list[Word]:
    """Of each text the words that lie in these boxes, by their middle. Where print was seen and not
    read, the text is empty."""
    found = []
    for text in texts:
        if not text.text and _is_in(text.box, boxes):
            found.append(text)
            continue
        inside = [piece for piece in pieces_of(text) if piece.box and _is_in(piece.box, boxes)]
        if part := _joined(inside, text.confidence):
            found.append(part)
    return found


def taken_out(
    tables: Sequence[Table], boxes: Sequence[Box], kept: tuple[int, int, int] | None = None
) -> tuple[list[Table], list[Word]]:
    """The tables without the words that lie in these boxes, and these words. The cell at the place
    `kept`, of table, row and column, stays as it is."""
    left, found = [], []
    for number, table in enumerate(tables):
        cells = []
        for cell in table.cells:
            inside = parts_in(texts_of(cell), boxes)
            if not inside or (number, cell.row, cell.col) == kept:
                cells.append(cell)
                continue
            found += inside
            rest = [one for one in pieces_of(cell) if not (one.box and _is_in(one.box, boxes))]
            box = around(piece.box for piece in rest if piece.box)
            text = joined_text((piece.line, piece.text) for piece in rest)
            cells.append(replace(cell, text=text, box=box, other="", causes=()))
        left.append(replace(table, cells=tuple(cells)))
    return left, found


def into_cell(table: Table, cell: Cell, texts: Sequence[Word]) -> Table:
    """The table with these texts in one of its cells, in reading order with what it held."""
    pieces = [*pieces_of(cell), *(piece for text in texts for piece in pieces_of(text))]
    boxes = [*(text.box for text in texts), *([cell.box] if cell.box else [])]
    unread = any(not text.text for text in texts)
    sure = min([cell.confidence, *(text.confidence for text in texts)])
    filled = replace(
        cell,
        text=_text(pieces),
        box=around(boxes),
        confidence=sure,
        other="",
        said=Said.NOTHING,
        read="",
        causes=(Cause.NOT_READ,) if unread else (),
    )
    others = [one for one in table.cells if one.place != cell.place]
    ordered = sorted([*others, filled], key=lambda one: one.place)
    return replace(table, cells=tuple(ordered))


def together(texts: Sequence[Word]) -> str:
    """Texts as one, in reading order."""
    return _text(piece for text in texts for piece in pieces_of(text))


def lines_in(texts: Sequence[Word], box: Box) -> tuple[list[float], list[float]]:
    """The edges of the rows and columns that texts in a box seem to stand in."""
    rows = _rows([text for text in texts if text.text])
    cols = _cols(rows)
    row_bands = {
        number: (fmean(one.box.top for one in row), fmean(one.box.bottom for one in row))
        for number, row in enumerate(rows)
    }
    return (
        edges_of(row_bands, max(len(rows), 1), box.top, box.bottom),
        edges_of(dict(enumerate(cols)), max(len(cols), 1), box.left, box.right),
    )


def drawn(texts: Sequence[Word], row_edges: Edges, col_edges: Edges) -> Table:
    """A table of these texts between lines. A text over several columns in which nothing else
    stands spans them; others are parted at the lines."""
    held: dict[tuple[int, int], list[Word]] = {}
    spans: dict[tuple[int, int], int] = {}
    for row, texts_of_row in _by_row(texts, row_edges):
        for text in texts_of_row:
            cols = _columns(text, col_edges)
            others = {_band(one.box.middle[0], col_edges) for one in texts_of_row if one != text}
            if len(cols) > 1 and not others & set(cols):
                held[row, cols[0]] = [text]
                spans[row, cols[0]] = len(cols)
                continue
            for part in _parted(text, col_edges):
                place = row, _band(part.box.middle[0], col_edges)
                held.setdefault(place, []).append(part)
    cells = [
        Cell(
            *place,
            text=together(some),
            colspan=spans.get(place, 1),
            box=around(text.box for text in some),
            confidence=min(text.confidence for text in some),
            causes=() if all(text.text for text in some) else (Cause.NOT_READ,),
        )
        for place, some in sorted(held.items())
    ]
    corner = len(row_edges) - 2, len(col_edges) - 2
    if not any(corner in set(cell.places()) for cell in cells):
        cells.append(Cell(*corner))
    box = Box(col_edges[0], row_edges[0], col_edges[-1], row_edges[-1])
    try:
        table = Table(tuple(cells), box)
    except ValueError as error:
        raise EditError("The texts in this box overlap; draw its lines.") from error
    return with_header(table, 1) if _has_header(table) else table


def _has_header(table: Table) -> bool:
    """Whether the first row has no number, and stands over some."""
    first = [cell for cell in table.cells if cell.row == 0 and cell.text]
    below = [cell for cell in table.cells if cell.row > 0]
    numbers = {cell.col for cell in below if parse_numeral(cell.text) is not None}
    return bool(numbers & {cell.col for cell in first}) and not any(
        parse_numeral(cell.text) is not None for cell in first
    )


def _by_row(texts: Sequence[Word], edges: Edges) -> Iterator[tuple[int, list[Word]]]:
    def row_of(text: Word) -> int:
        return _band(text.box.middle[1], edges)

    for row, some in groupby(sorted(texts, key=row_of), key=row_of):
        yield row, list(some)


def _columns(text: Word, edges: Edges) -> list[int]:
    """The columns into which a text reaches by more than its height, or the one of its middle."""
    box = text.box
    reaches = [min(box.right, end) - max(box.left, begin) for begin, end in pairwise(edges)]
    covered = [number for number, reach in enumerate(reaches) if reach > box.height]
    return covered if len(covered) > 1 else [_band(box.middle[0], edges)]


def _parted(text: Word, edges: Edges) -> list[Word]:
    """A text parted at the lines between columns."""
    pieces = [piece for piece in pieces_of(text) if piece.box]
    groups = groupby(pieces, key=lambda one: _band(one.box.middle[0], edges) if one.box else 0)
    parts = [_joined(list(some), text.confidence) for _, some in groups]
    return [part for part in parts if part] or [text]


def _rows(texts: Iterable[Word]) -> list[list[Word]]:
    """Texts that stand on one line, by their middles."""
    rows: list[list[Word]] = []
    for text in sorted(texts, key=lambda one: one.box.middle[1]):
        line = rows[-1] if rows else []
        if line and text.box.middle[1] < fmean(one.box.bottom for one in line):
            line.append(text)
        else:
            rows.append([text])
    return rows


def _cols(rows: Sequence[Sequence[Word]]) -> list[tuple[float, float]]:
    """The extents of columns: of texts that overlap from side to side, without those that stand
    over or under several texts of most other rows."""
    extents = sorted(
        (text.box.left, text.box.right)
        for row in rows
        for text in row
        if not _is_wide(text, [other for other in rows if other is not row])
    )
    runs: list[list[tuple[float, float]]] = []
    for extent in extents:
        if runs and extent[0] < max(right for _, right in runs[-1]):
            runs[-1].append(extent)
        else:
            runs.append([extent])
    return [col for run in runs for col in _without_bridges(run)]


def _without_bridges(run: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The columns of texts that overlap, parted where hardly any of them reaches over a gap between
    many: a heading that is printed askew must not make one column of two."""
    at = sorted({edge for extent in run for edge in extent})
    counts = [sum(one <= left and right <= two for one, two in run) for left, right in pairwise(at)]
    many = [number for number, count in enumerate(counts) if count * 2 >= max(counts)]
    begin = at[0]
    for one, other in pairwise(many):
        low = min(range(one, other + 1), key=lambda number: counts[number])
        if counts[low] <= _BRIDGES * max(counts):
            yield begin, at[one + 1]
            begin = at[other]
    yield begin, at[-1]


def _is_wide(text: Word, rows: Sequence[Sequence[Word]]) -> bool:
    counts = [
        sum(one.box.left < text.box.right and text.box.left < one.box.right for one in row)
        for row in rows
    ]
    return sum(count > 1 for count in counts) * 2 > sum(count > 0 for count in counts)


def _joined(pieces: Sequence[Piece], confidence: float) -> Word | None:
    box = around(piece.box for piece in pieces if piece.box)
    return Word(" ".join(piece.text for piece in pieces), box, confidence) if box else None


def _text(pieces: Iterable[Piece]) -> str:
    lines = in_lines(pieces)
    return joined_text((number, piece.text) for number, line in lines for piece in line)


def _band(at: float, edges: Edges) -> int:
    return min(max(bisect_right(edges, at) - 1, 0), len(edges) - 2)


def _is_in(box: Box, boxes: Sequence[Box]) -> bool:
    return any(one.holds(*box.middle) for one in boxes)
