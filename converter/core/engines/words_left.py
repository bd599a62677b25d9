"""The print of a reading that no cell holds, as people have left the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from converter.core.engines.protocol import Reading, TextLine
from converter.core.tables.drawing import texts_of
from converter.core.tables.model import Box, Cell, Table, Word
from converter.core.tables.pieces import Piece, around, pieces_of

_BAND = 64  # pixels of height that are looked up together


def words_left(reading: Reading, tables: Sequence[Table]) -> list[Word]:
    """Text with its place that is in no cell of `tables`: lines outside of what was read as tables,
    what stood in cells that people took away, and places with print that was not read."""
    held = _Held(tables)
    lines = [*reading.loose_text, *reading.missing, *reading.lines]
    texts = [Word(line.text, line.box, line.confidence) for line in lines if line.box]
    texts += [text for table in reading.tables for cell in table.cells for text in texts_of(cell)]
    unread = [Word("", box, 0.0) for box in reading.unread if not held.holds(Piece("", 0, box))]
    return [*held.without(texts), *unread]


def as_left(reading: Reading, tables: Sequence[Table]) -> Reading:
    """The reading with the tables as people have left them, and without the lines beside them that
    they have taken into cells."""
    held = _Held(tables)
    return replace(
        reading,
        tables=tuple(tables),
        loose_text=tuple(_lines(held, reading.loose_text)),
        missing=tuple(_lines(held, reading.missing)),
        unread=tuple(box for box in reading.unread if not held.holds(Piece("", 0, box))),
    )


def _lines(held: _Held, lines: Iterable[TextLine]) -> Iterator[TextLine]:
    for line in lines:
        if line.box is None:
            yield line
        for word in held.without([Word(line.text, line.box)] if line.box else []):
            yield replace(line, text=word.text, box=word.box)


class _Held:
    """The cells of tables, found by their place on the picture."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._cells: dict[int, list[tuple[Box, Cell]]] = {}
        for table in tables:
            for cell in table.cells:
                if box := cell.box:
                    for band in range(int(box.top) // _BAND, int(box.bottom) // _BAND + 1):
                        self._cells.setdefault(band, []).append((box, cell))

    def holds(self, piece: Piece) -> bool:
        """Whether a cell of the same place has this word, or a person has said what it says."""
        if piece.box is None:
            return False
        x, y = piece.box.middle
        return any(
            box.holds(x, y) and (cell.said or not piece.text or piece.text in cell.text.split())
            for box, cell in self._cells.get(int(y) // _BAND, ())
        )

    def without(self, texts: Iterable[Word]) -> Iterator[Word]:
        """Of each text the words that no cell holds."""
        for text in texts:
            pieces = list(pieces_of(text))
            free = [piece for piece in pieces if not self.holds(piece)]
            box = around(piece.box for piece in free if piece.box)
            if box:
                whole = len(free) == len(pieces)
                words = " ".join(piece.text for piece in free)
                yield text if whole else replace(text, text=words, box=box)
