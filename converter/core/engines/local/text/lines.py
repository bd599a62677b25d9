"""Reads lines of a page: small networks what they are sure of, the large one the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Final

import numpy as np

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyphs, certainty
from converter.core.engines.local.picture.orientation import distance_to_telling
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.recognition.cropping import COMPACT, WORN, Framing, cut_out, frame
from converter.core.engines.local.recognition.digits import CLEAR_MODEL, DigitReader
from converter.core.engines.local.recognition.partial_lines import read_parts
from converter.core.engines.local.recognition.recognition import place_in_box
from converter.core.engines.local.recognition.second_look import (
    is_clear,
    is_hard,
    needs_second_look,
)
from converter.core.engines.local.recognition.small_network import TRUST_ON_CLEAR
from converter.core.engines.local.recognition.words import Trial, WordReader, is_coarse
from converter.core.engines.local.text.text_models import TextModels

Read = list[Glyphs]

FEW: Final = 16
"""Lines that the large network reads by itself: a sample of them would save nothing."""
SAMPLE: Final = 8
"""Lines that show, read by the large network, what a page is like; as many again if they do not."""
CERTAIN: Final = 0.93
"""The least certainty (0..1) of a number on a clear page by a small network: the large one is
surer there."""
MANY: Final = 40
"""Lines that a page has for which the framing for worn print is worth a look."""


class Print(Enum):
    """What the print of a page is like, by a sample of its lines."""

    CLEAR = auto()
    FAIR = auto()
    WORN = auto()


class _Lines:
    """The lines of a page at `quads`, as far as they are `read`, by their places."""

    def __init__(self, quads: Sequence[Quad], read: dict[int, Glyphs]) -> None:
        self._quads = quads
        self.read = dict(read)

    @property
    def left(self) -> list[Quad]:
        """The lines that are still to be read."""
        return self.at(self._places())

    def at(self, places: Iterable[int]) -> list[Quad]:
        return [self._quads[place] for place in places]

    def take(self, found: Sequence[Glyphs | None]) -> None:
        """Keeps what was found at the places that were left."""
        self.read |= {
            place: glyphs
            for place, glyphs in zip(self._places(), found, strict=True)
            if glyphs is not None
        }

    def telling(self) -> list[int]:
        """The places of a few that are left, of the length that shows most."""
        places = sorted(self._places(), key=lambda place: distance_to_telling(self._quads[place]))
        return places[:SAMPLE]

    def _places(self) -> list[int]:
        return [place for place in range(len(self._quads)) if place not in self.read]


class LineReader:
    """Made in the main thread."""

    def __init__(self, models: TextModels) -> None:
        self._models = models
        self._digits = DigitReader()
        self._clear_digits = DigitReader(CLEAR_MODEL)
        self._words = WordReader()

    def read(self, gray: Gray, quads: Sequence[Quad]) -> tuple[Read, Framing]:
        """What is at `quads` of a page (h, w), and in what framing that was read.

        The lines of a page that is hard to read are all read in the framing for worn print at once.
        The small networks know upright print: some signs are others on their heads.
        """
        if len(quads) < FEW:
            return self.recognise(gray, quads), COMPACT
        sample = known = self._read_sample(gray, quads)
        framing, kind = COMPACT, Print.CLEAR if is_clear(list(sample.values())) else Print.FAIR
        if len(quads) >= MANY and is_hard(list(sample.values())):
            framing, kind = WORN, Print.WORN
            known = {
                place: glyphs for place, glyphs in sample.items() if not needs_second_look(glyphs)
            }
        lines = _Lines(quads, known)
        lines.take(self._read_numbers(gray, lines.left, kind))
        if (
            kind is Print.CLEAR
            and not is_coarse(quads)
            and self._words_are_legible(gray, lines, sample)
        ):
            left = lines.left
            drafts = self._words.read(gray, left)
            # their doubtful stretches are left to the large network
            read = read_parts(drafts, left, lambda parts: self.recognise(gray, parts))
            lines.take(
                [
                    draft.completed(found) if draft else None
                    for draft, found in zip(drafts, read, strict=True)
                ]
            )
        lines.take(self.recognise(gray, lines.left, framing))
        return [lines.read[place] for place in range(len(quads))], framing

    def _read_numbers(self, gray: Gray, quads: Sequence[Quad], kind: Print) -> list[Glyphs | None]:
        """The numbers that a small network has read for sure; None for other lines."""
        if kind is Print.WORN:
            return self._digits.read(gray, quads)
        if kind is Print.CLEAR:
            least = CERTAIN
            read = self._clear_digits.read(gray, quads, TRUST_ON_CLEAR, twice=True)
        else:
            least = 0.0
            read = self._digits.read(gray, quads, twice=True)
        # a line that the large network has to look at anyway it reads at once
        return [
            one if one and not needs_second_look(one) and certainty(one) >= least else None
            for one in read
        ]

    def _words_are_legible(self, gray: Gray, lines: _Lines, sample: dict[int, Glyphs]) -> bool:
        """Whether the words of a page are legible to the small network; a `sample` is known.

        Where the sample is mostly numbers, some more lines are read by the large one.
        """
        trial = self._tried(Trial(), gray, lines, sample)
        if not trial.tells:
            places = lines.telling()
            known = self.recognise(gray, lines.at(places))
            more = dict(zip(places, known, strict=True))
            trial = self._tried(trial, gray, lines, more)
            lines.read |= more
        return trial.is_passed

    def _tried(self, trial: Trial, gray: Gray, lines: _Lines, known: dict[int, Glyphs]) -> Trial:
        return trial.go_on(self._words.read(gray, lines.at(known)), list(known.values()))

    def _read_sample(self, gray: Gray, quads: Sequence[Quad]) -> dict[int, Glyphs]:
        """What the large network reads of a few lines; of more where these do not settle it."""
        read: dict[int, Glyphs] = {}
        for places in sample_of(quads):
            read |= zip(places, self.recognise(gray, [quads[i] for i in places]), strict=True)
            known = list(read.values())
            if is_clear(known) or is_hard(known, of=2 * SAMPLE):
                break
        return read

    def read_digits_first(self, gray: Gray, quads: Sequence[Quad], framing: Framing) -> Read:
        """As `recognise` does; plain numbers cost next to nothing here."""
        digits = self._digits.read(gray, quads)
        others = [place for place, glyphs in enumerate(digits) if glyphs is None]
        read = iter(self.recognise(gray, [quads[place] for place in others], framing))
        return [glyphs if glyphs is not None else next(read) for glyphs in digits]

    def recognise(self, gray: Gray, quads: Sequence[Quad], framing: Framing = COMPACT) -> Read:
        """The characters at `quads` of a page (h, w), their places as shares of the box's width."""
        crops = [cut_out(gray, frame(quad, framing), framing.stretch) for quad in quads]
        read = self._models.read(crops)
        return [
            place_in_box(glyphs, quad, framing) for glyphs, quad in zip(read, quads, strict=True)
        ]


def sample_of(quads: Sequence[Quad]) -> tuple[list[int], list[int]]:
    """The places of two times SAMPLE lines all over a page of FEW lines or more.

    Of the lines in each part of a page they are the two whose length shows most: a line of running
    text costs as much as ten cells.
    """
    parts = [
        sorted(part.tolist(), key=lambda place: distance_to_telling(quads[place]))
        for part in np.array_split(np.arange(len(quads)), SAMPLE)
    ]
    return [part[0] for part in parts], [part[1] for part in parts]
