"""Lines that a small network has read in part: what stands, and where the large one is to look.

Words are the unit: what stands of a line are its words that are sure. The others are read by the
large network together with the word before, which it must read alike; where it does not, nothing of
the line stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from converter.core.engines.local.boxes import Quad, part_of
from converter.core.engines.local.glyphs import Glyph, Glyphs, Stretch, text_of, word_places

MOST: Final = 0.7
"""The share of a line that may be read again: of more, all is."""


class Part(NamedTuple):
    """A part of a box, from `start` to `end`: shares (0..1) of its width."""

    start: float = 0.0
    end: float = 1.0

    def of(self, quad: Quad) -> Quad:
        """The part of the box at `quad`."""
        return quad if self == WHOLE else part_of(quad, *self)

    def placed(self, glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
        """Characters with places as shares of the box's width, from shares of the part's."""
        if self == WHOLE:
            return tuple(glyphs)
        width = self.end - self.start
        return tuple(glyph._replace(x=self.start + glyph.x * width) for glyph in glyphs)


WHOLE: Final = Part()


@dataclass(frozen=True, slots=True)
class PartialLine:
    """A line with its doubtful stretches; `x` of its characters are shares of its box's width."""

    glyphs: Glyphs
    stretches: tuple[Stretch, ...] = ()

    @property
    def is_worth_it(self) -> bool:
        """Whether it saves enough to read only the stretches again."""
        return sum(end - start for start, end in self.stretches) <= MOST * len(self.glyphs)

    def parts(self, quad: Quad) -> list[Quad]:
        """The stretches of its box, up to the middle of the spaces beside them."""
        return [Part(*self._edges(stretch)).of(quad) for stretch in self.stretches]

    def completed(self, read: Sequence[Glyphs]) -> Glyphs | None:
        """The whole line, given what stands in its parts; None if words beside them differ."""
        glyphs = self.glyphs
        for stretch, found in reversed(list(zip(self.stretches, read, strict=True))):
            placed = Part(*self._edges(stretch)).placed(found)
            if not self._fits(stretch, placed):
                return None
            glyphs = (*glyphs[: stretch[0]], *placed, *glyphs[stretch[1] :])
        return glyphs

    def sure_words(self) -> list[str]:
        """The words that stand outside its doubtful stretches."""
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

    def _fits(self, stretch: Stretch, found: Glyphs) -> bool:
        """Whether the word that stands beside the doubtful ones of a stretch is there again."""
        start, end = stretch
        known, new = (words_of(one) for one in (self.glyphs[start:end], found))
        at_start = new[:1] == known[:1]
        return bool(new) and (at_start or (start == 0 and new[-1] == known[-1]))


def read_parts(
    drafts: Sequence[PartialLine | None],
    quads: Sequence[Quad],
    read: Callable[[list[Quad]], Sequence[Glyphs]],
) -> list[list[Glyphs]]:
    """What stands in the parts of each draft, all read at once; nothing where there is no draft."""
    parts = [draft.parts(quad) if draft else [] for draft, quad in zip(drafts, quads, strict=True)]
    found = iter(read([part for line in parts for part in line]))
    return [list(islice(found, len(line))) for line in parts]


def words_of(glyphs: Glyphs) -> list[str]:
    return text_of(glyphs).split()
