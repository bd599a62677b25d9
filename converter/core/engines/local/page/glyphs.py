"""The characters of a line as a text model reads them, with its confidence in each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np

DISPUTED: Final = 0.6
"""The highest confidence of a character that a second look did not read."""
CLEAR: Final = 0.9


class Glyph(NamedTuple):
    """One character; `x` is its middle as a share (0..1) of the crop's width.

    `missed` is the probability (0..1) of one more character beside it. `seconded` says whether a
    second look at the picture read the same; it is None if there was none.
    """

    text: str
    x: float
    confidence: float
    missed: float = 0.0
    seconded: bool | None = None


Glyphs = tuple[Glyph, ...]
Stretch = tuple[int, int]
"""Some characters of a line: the index of the first, and of the one after the last."""


def text_of(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in glyphs)


def word_places(glyphs: Glyphs) -> Iterator[Stretch]:
    """The stretches of a line that are words: runs of characters other than spaces."""
    for is_space, run in groupby(range(len(glyphs)), lambda place: glyphs[place].text == " "):
        if not is_space:
            places = list(run)
            yield places[0], places[-1] + 1


def without_ends(glyphs: Glyphs) -> Glyphs:
    """The characters without spaces at the ends."""
    words = list(word_places(glyphs))
    return glyphs[words[0][0] : words[-1][1]] if words else ()


def certainty(glyphs: Sequence[Glyph]) -> float:
    """The probability (0..1) that all these characters are right; 1 if there are none."""
    return math.prod(
        min(glyph.confidence, DISPUTED) if glyph.seconded is False else glyph.confidence
        for glyph in glyphs
        if glyph.text != " "
    )


def legibility(lines: Sequence[Sequence[Glyph]]) -> float:
    """The mean confidence (0..1) of all characters but spaces; 0 if there are none."""
    marks = [glyph.confidence for line in lines for glyph in line if glyph.text != " "]
    return float(np.mean(marks)) if marks else 0.0


def count_clear(lines: Sequence[Sequence[Glyph]]) -> int:
    """How many characters were read with high confidence: few on a page that lies on its side."""
    return sum(glyph.confidence > CLEAR for line in lines for glyph in line if glyph.text != " ")
