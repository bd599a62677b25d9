"""Lines that a small network has read in part; the large network reads the doubtful stretches.

The unit is a word: the words of a line that the small network is sure of are kept. The large
network reads the others together with the word before them. If it reads that word differently,
nothing of the line is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from converter.core.engines.local.page.boxes import Quad, part_of
from converter.core.engines.local.page.glyphs import Glyph, Glyphs, Stretch, text_of, word_places

MOST: Final = 0.7
"""The share of a line that may be read again; if more is doubtful, the whole line is."""


class Part(NamedTuple):
    """A part of a box from `start` to `end`, as shares (0..1) of its width."""

    start: float = 0.0
    end: float = 1.0

    def of(self, quad: Quad) -> Quad:
        """The part of the box at `quad`."""
        return quad if self == WHOLE else part_of(quad, *self)

    def placed(self, glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
        """Characters with `x` as shares of the box's width, from shares of the part's."""
        if self == WHOLE:
            return tuple(glyphs)
        width = self.end - self.start
        return tuple(glyph._replace(x=self.start + glyph.x * width) for glyph in glyphs)


WHOLE: Final = Part()


@dataclass(frozen=True, slots=True)
class PartialLine:
    """A line and its doubtful stretches; `x` of its characters are shares of its box's width."""

    glyphs: Glyphs
    stretches: tuple[Stretch, ...] = ()

    @property
    def is_worth_it(self) -> bool:
        """Whether so little is doubtful that reading only the stretches again saves time."""
        return sum(end - start for start, end in self.stretches) <= MOST * len(self.glyphs)

    def parts(self, quad: Quad) -> list[Quad]:
        """The parts of its box with its stretches, up to the middle of the spaces beside them."""
        return [Part(*self._edges(stretch)).of(quad) for stretch in self.stretches]

    def completed(self, read: Sequence[Glyphs]) -> Glyphs | None:
        """The whole line, given the text `read` in its parts; None if words beside them differ."""
        glyphs = self.glyphs
        for stretch, found in reversed(list(zip(self.stretches, read, strict=True))):
            start, end = stretch
            placed = Part(*self._edges(stretch)).placed(found)
            # the sure word that was read again with the doubtful ones must be the same
            known, new = words_of(self.glyphs[start:end]), words_of(placed)
            same_first, same_last = new[:1] == known[:1], new[-1:] == known[-1:]
            if not new or not (same_first or (start == 0 and same_last)):
                return None
            glyphs = (*glyphs[:start], *placed, *glyphs[end:])
        return glyphs

    def sure_words(self) -> list[str]:
        """The words outside its doubtful stretches."""
        inside = {place for stretch in self.stretches for place in range(*stretch)}
        return [
            text_of(self.glyphs[start:end])
            for start, end in word_places(self.glyphs)
            if start not in inside
        ]

    def _edges(self, stretch: Stretch) -> tuple[float, float]:
        start, end = stretch
        left = 0.0 if start == 0 else self.glyphs[start - 1].x
        return left, 1.0 if end == len(self.glyphs) else self.glyphs[end].x


def read_parts(
    drafts: Sequence[PartialLine | None],
    quads: Sequence[Quad],
    read: Callable[[list[Quad]], Sequence[Glyphs]],
) -> list[list[Glyphs]]:
    """The text in the parts of each draft, all read at once; an empty list if it is None."""
    parts = [draft.parts(quad) if draft else [] for draft, quad in zip(drafts, quads, strict=True)]
    found = iter(read([part for line in parts for part in line]))
    return [list(islice(found, len(line))) for line in parts]


def words_of(glyphs: Glyphs) -> list[str]:
    return text_of(glyphs).split()
