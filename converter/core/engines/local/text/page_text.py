"""The text of a page: its lines, with a place for every character, and how the page was turned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from converter.core.engines.local.page.glyphs import Glyph, certainty, legibility, text_of
from converter.core.engines.local.picture.flattening import Flattening
from converter.core.engines.local.picture.pictures import Picture
from converter.core.tables.model import Box, Word


@dataclass(frozen=True, slots=True)
class Line:
    """One detected piece of text. `x` of its glyphs is the middle of a character in pixels."""

    box: Box
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return text_of(self.glyphs)

    @property
    def legibility(self) -> float:
        """The mean confidence (0..1) of the characters: low if there is no text at all."""
        return legibility([self.glyphs])

    def as_word(self) -> Word:
        return Word(self.text.strip(), self.box, certainty(self.glyphs))


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of a page from top to bottom, and the upright flat page that their boxes are on.

    The page was turned clockwise by `turned` degrees (0, 90, 180 or 270), then flattened if it was
    not flat: `flattening` maps boxes back to the page before. A dark page is inverted. `unread` are
    lines that were found and could not be read.
    """

    lines: tuple[Line, ...]
    picture: Picture
    flattening: Flattening | None = None
    turned: int = 0
    unread: tuple[Line, ...] = ()

    def back(self, boxes: Sequence[Box]) -> list[Box]:
        """Boxes on the turned page before it was flattened."""
        return self.flattening.back(boxes) if self.flattening else list(boxes)
