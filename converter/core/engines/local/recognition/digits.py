"""Plain numbers, read by a small network of our own before the large one.

It knows the signs of numbers alone. What it is not sure of it reads a second time, cut out
otherwise; where that differs, it has read nothing. `tests/bench/small_networks` prints the lines
that it learns from, and trains it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from converter.core.engines.local.page.boxes import Quad, extent
from converter.core.engines.local.page.glyphs import Glyphs, text_of
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.recognition.box_ends import own_part
from converter.core.engines.local.recognition.cropping import Framing
from converter.core.engines.local.recognition.partial_lines import WHOLE, Part
from converter.core.engines.local.recognition.recognition import place_in_box
from converter.core.engines.local.recognition.small_network import (
    TRUST,
    SmallNetwork,
    agree,
    is_sure,
    trusted,
)

MODEL: Final = "digits.onnx"
CLEAR_MODEL: Final = "clear_digits.onnx"
"""Knows coarse print better, and worn print worse."""
SIGNS: Final = "0123456789.,\u00b7-()%:/$ "
FIRST: Final = Framing(across=-0.06, along=0.05, stretch=1.0)
SECOND: Final = Framing(across=-0.13, along=0.05, stretch=1.1)
LONGEST: Final = 12.0
"""How many times as long as high a line may be: longer ones are hardly ever numbers."""

NUMBER: Final = r"\$?\d+(?:,\d{3})*(?:[.\u00b7]\d+)?%?"
BRACKETED: Final = rf"\(-?{NUMBER}(?:-{NUMBER})?\)"
"""Without a blank: a faint point may be read as one, and `(1.5)` as `(1 5)`."""
PLAIN: Final = re.compile(rf"-?{NUMBER}(?:[ :/-]{NUMBER})*(?: ?{BRACKETED})?|{BRACKETED}")
SIGNED: Final = frozenset("-%$")
"""At an end these belong to a number, however far away they are."""
SURE: Final = 0.95
"""One reading is enough if each of its characters has at least this confidence,"""
MISSED: Final = 0.3
"""and one more beside any of them at most this chance."""
AGREED: Final = 0.5
"""Two readings that agree are enough if each character has this mean confidence,"""
AGREED_MISSED: Final = 0.5
"""and one more beside it at most this chance."""


class DigitReader:
    """Made in the main thread. Raises FileNotFoundError where the model is not with the code."""

    def __init__(self, model: str = MODEL) -> None:
        self._network = SmallNetwork(model, SIGNS)

    def read(
        self, gray: Gray, quads: Sequence[Quad], trust: float = TRUST, *, twice: bool = False
    ) -> list[Glyphs | None]:
        """The number at each of `quads` of a page (h, w), or None where none is read for sure.

        No character has more confidence than `trust`. With `twice`, one reading is never enough.
        The places of characters are shares of the box's width.
        """
        read: list[Glyphs | None] = [None] * len(quads)
        first, parts = self._first_look(gray, quads)
        own = [part.of(quad) for quad, part in zip(quads, parts, strict=True)]
        doubtful: dict[int, Glyphs] = {}
        for place, glyphs in first.items():
            if is_plain_number(glyphs):
                if not twice and is_sure(glyphs, SURE, MISSED):
                    read[place] = glyphs
                else:
                    doubtful[place] = glyphs
        again = self._network.look(gray, [own[place] for place in doubtful], SECOND)
        for (place, glyphs), other in zip(doubtful.items(), again, strict=True):
            agreed = agree(glyphs, other)
            if agreed and is_sure(agreed, AGREED, AGREED_MISSED):
                read[place] = agreed
        return [
            glyphs and part.placed(place_in_box(trusted(glyphs, trust), quad, FIRST))
            for glyphs, quad, part in zip(read, own, parts, strict=True)
        ]

    def _first_look(
        self, gray: Gray, quads: Sequence[Quad]
    ) -> tuple[dict[int, Glyphs], list[Part]]:
        """What is read of short lines, by their places, and in which part of their boxes.

        Where a number has more beside it, only the line's own part is looked at.
        """
        short = [place for place, quad in enumerate(quads) if is_short(quad)]
        first = self._network.look(gray, [quads[place] for place in short], FIRST)
        read = dict(zip(short, first, strict=True))
        parts = [WHOLE] * len(quads)
        for place, glyphs in read.items():
            if has_more(glyphs):
                parts[place] = own_part(gray, quads[place])
        cut = [place for place, part in enumerate(parts) if part != WHOLE]
        own = [parts[place].of(quads[place]) for place in cut]
        read |= zip(cut, self._network.look(gray, own, FIRST), strict=True)
        return read, parts


def has_more(glyphs: Glyphs) -> bool:
    """Whether there is a number of some digits and something beside it, maybe another one."""
    digits = sum(glyph.text.isdigit() for glyph in glyphs)
    if digits < 2 or SIGNED & {glyphs[0].text, glyphs[-1].text}:
        return False
    return not is_plain_number(glyphs) or any(glyph.text == " " for glyph in glyphs)


def is_plain_number(glyphs: Glyphs) -> bool:
    """Whether this is a number, or several, in one of the ways in which tables have them."""
    return PLAIN.fullmatch(text_of(glyphs)) is not None


def is_short(quad: Quad) -> bool:
    """Whether a line is no longer than numbers are."""
    width, height = extent(quad)
    return width <= LONGEST * height
