"""The words of a page as lines of print, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Final, Protocol

from converter.core.engines.two_readings.agreement import key_of
from converter.core.tables.model import Box, Word

LEVEL: Final = 0.4  # of a word's usual height, between the middles of words on one line


class Glyph(Protocol):
    """One character with its middle, in pixels from the left."""

    @property
    def text(self) -> str: ...

    @property
    def x(self) -> float: ...

    @property
    def confidence(self) -> float: ...


class Piece(Protocol):
    """Text on one line with its characters, if they are known one by one."""

    @property
    def text(self) -> str: ...

    @property
    def box(self) -> Box: ...

    @property
    def confidence(self) -> float: ...

    @property
    def glyphs(self) -> Sequence[Glyph]: ...


@dataclass(frozen=True, slots=True)
class Token:
    """A word on a page; `line` counts lines of print from the top, `key` is what it says."""

    word: Word
    key: str
    line: int

    @property
    def left(self) -> float:
        return self.word.box.left

    @property
    def right(self) -> float:
        return self.word.box.right

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


def words_of(pieces: Iterable[Piece]) -> list[Word]:
    """The words of pieces of text, cut at blanks; each box is about as wide as its characters."""
    words = []
    for piece in pieces:
        groups = groupby(piece.glyphs, key=lambda glyph: bool(glyph.text.strip()))
        runs = [list(group) for is_inked, group in groups if is_inked]
        if len(runs) < 2:
            words.append(Word(piece.text.strip(), piece.box, piece.confidence))
            continue
        pitch = piece.box.width / max(1, len(piece.glyphs))
        for place, run in enumerate(runs):
            left = run[0].x - pitch / 2 if place else piece.box.left
            right = run[-1].x + pitch / 2 if place < len(runs) - 1 else piece.box.right
            box = Box(left, piece.box.top, max(left, right), piece.box.bottom)
            text = "".join(glyph.text for glyph in run)
            words.append(Word(text, box, min(glyph.confidence for glyph in run)))
    return words


def tokens_of(words: Sequence[Word]) -> list[Token]:
    """The words from the top of a page, those of one line from the left.

    A line may slope: each word is level with the one before it.
    """
    keyed = [(word, key) for word in words if (key := key_of(word.text))]
    if not keyed:
        return []
    tolerance = LEVEL * median(word.box.height for word, _ in keyed)
    lines: list[list[tuple[Word, str]]] = []
    for word, key in sorted(keyed, key=lambda pair: pair[0].box.left):
        ends = [abs(_middle(line[-1][0]) - _middle(word)) for line in lines]
        nearest = min(range(len(lines)), key=ends.__getitem__, default=None)
        if nearest is not None and ends[nearest] <= tolerance:
            lines[nearest].append((word, key))
        else:
            lines.append([(word, key)])
    lines.sort(key=lambda line: median(_middle(word) for word, _ in line))
    return [Token(word, key, number) for number, line in enumerate(lines) for word, key in line]


def around(tokens: Sequence[Token]) -> Box:
    """The box around one word or more."""
    lefts, tops, rights, bottoms = zip(*(token.word.box for token in tokens), strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _middle(word: Word) -> float:
    return (word.box.top + word.box.bottom) / 2
