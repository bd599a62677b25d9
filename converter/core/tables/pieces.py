"""The print of a cell in pieces: its words, each where it stands on the picture.

Where an engine gives no boxes of words, they follow from the cell's: its lines share its height,
and each word has as much of its line's width as it has of its characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from converter.core.tables.model import Box, Cell, Word


class Piece(NamedTuple):
    """A word of a cell; `line` is its line's number within the cell."""

    text: str
    line: int
    box: Box | None


def pieces_of(printed: Cell | Word) -> Iterator[Piece]:
    """The words of a cell or of other print, in reading order."""
    lines = printed.text.split("\n")
    for number, line in enumerate(lines):
        row = _line(printed.box, number, len(lines)) if printed.box else None
        at = 0
        for word in line.split():
            begin = line.index(word, at)
            at = begin + len(word)
            box = _part(row, begin / len(line), at / len(line)) if row else None
            yield Piece(word, number, box)


def joined_text(parts: Iterable[tuple[int, str]]) -> str:
    """Texts with their line's number, in order: spaces within a line, breaks between lines."""
    lines = groupby(parts, key=lambda part: part[0])
    return "\n".join(" ".join(text for _, text in line) for _, line in lines)


def in_lines(pieces: Iterable[Piece]) -> list[tuple[int, list[Piece]]]:
    """Pieces in reading order, as lines with their numbers. A piece that begins below the middle of
    a line is on the next one."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.top if piece.box else 0.0):
        first = lines[-1][0].box if lines else None
        if first and piece.box and piece.box.top < (first.top + first.bottom) / 2:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    ordered = (sorted(line, key=lambda piece: piece.box.left if piece.box else 0) for line in lines)
    return list(enumerate(ordered))


def around(boxes: Iterable[Box]) -> Box | None:
    """The least box that holds all of these; None for none."""
    known = list(boxes)
    if not known:
        return None
    return Box(
        min(box.left for box in known),
        min(box.top for box in known),
        max(box.right for box in known),
        max(box.bottom for box in known),
    )


def _line(box: Box, number: int, lines: int) -> Box:
    high = box.height / lines
    return box._replace(top=box.top + high * number, bottom=box.top + high * (number + 1))


def _part(line: Box, begin: float, end: float) -> Box:
    """Of a line between two shares of its width; as exact as boxes are stored."""
    left, right = line.left + line.width * begin, line.left + line.width * end
    return Box(*(round(edge, 1) for edge in (left, line.top, right, line.bottom)))
