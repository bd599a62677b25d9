"""Pieces of print, the smallest parts of a table: where they are, and what several say together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from converter.core.engines.local.page.glyphs import Glyph
from converter.core.tables.model import Box

PARTED: Final = re.compile(r"(?P<word>\b[^\W\d_]+)(?<=[a-zà-ÿ]{2})-$")
SIGN: Final = re.compile(r"[.,;:](\s|$)")
WHOLE: Final = re.compile(
    r"anti|cross|full|half|high|long|low|multi|non|part|post|pre|self|semi|short|well",
    re.IGNORECASE,
)
"""Parts of words that most often keep their hyphen."""
HARDLY: Final = 2.0
"""Pixels by which a mark may reach out of the print that it belongs to."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Text without a wide blank inside. `box` is as wide as its ink and as high as its line."""

    text: str
    box: Box
    confidence: float
    glyphs: tuple[Glyph, ...] = ()

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.box.left + self.box.right) / 2

    def is_in(self, box: Box) -> bool:
        """Whether its middle is inside of a box."""
        left, top, right, bottom = box
        return left <= self.centre <= right and top <= self.middle <= bottom


def join_text(fragments: Sequence[Fragment]) -> str:
    """The text of fragments (one cell's, in reading order), in one line.

    A word that was hyphenated at the end of a line becomes whole again.
    """
    text = fragments[0].text if fragments else ""
    for before, fragment in pairwise(fragments):
        more = fragment.text
        on_next_line = fragment.box.top > before.middle
        parted = PARTED.search(text) if on_next_line and more[:1].islower() else None
        if parted:
            text = (text if WHOLE.fullmatch(parted["word"]) else text[:-1]) + more
        else:
            text = text + more if SIGN.match(more) else f"{text} {more}"
    return text


def box_around(fragments: Sequence[Fragment]) -> Box:
    """The least box around fragments, one at least."""
    return Box(
        min(fragment.box.left for fragment in fragments),
        min(fragment.box.top for fragment in fragments),
        max(fragment.box.right for fragment in fragments),
        max(fragment.box.bottom for fragment in fragments),
    )


def find_around(mark: Box, fragments: Sequence[Fragment]) -> int | None:
    """The place of the first fragment that a mark lies in, or hardly outside of."""
    return next(
        (
            place
            for place, (left, top, right, bottom) in enumerate(item.box for item in fragments)
            if left - HARDLY <= mark.left
            and mark.right <= right + HARDLY
            and top - HARDLY <= mark.top
            and mark.bottom <= bottom + HARDLY
        ),
        None,
    )
