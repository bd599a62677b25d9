"""Plain figures, read by a small network of our own before the large one is asked.

It knows the signs of numbers alone and takes every other sign for OTHER. What it is not sure of it
reads a second time, cut out otherwise; where that differs, it has read nothing.
`tests/bench/figures` prints the lines that it learns from, and trains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.cropping import Framing, cut_out, frame
from converter.core.engines.local.detection import Quad
from converter.core.engines.local.recognition import Glyph, batches, decode, place_in_box
from converter.core.engines.local.second_look import without_ends
from converter.core.engines.local.session import open_session

Gray = NDArray[np.uint8]
Glyphs = tuple[Glyph, ...]

MODEL: Final = "figures.onnx"
HEIGHT: Final = 32
SIGNS: Final = "0123456789.,\u00b7-()%:/$ "
OTHER: Final = "\0"
ALPHABET: Final = ["", *SIGNS, OTHER]  # CTC's blank first
FIRST: Final = Framing(across=-0.06, along=0.05, stretch=1.0)
SECOND: Final = Framing(across=-0.13, along=0.05, stretch=1.1)
LONGEST: Final = 12.0
"""How many times as long as high a line may be: longer ones are hardly ever figures."""

NUMBER: Final = r"\$?\d+(?:,\d{3})*(?:[.\u00b7]\d+)?%?"
PLAIN: Final = re.compile(rf"-?{NUMBER}(?:[ :/-]{NUMBER})*|\({NUMBER}\)")
SURE: Final = 0.95
"""One reading stands if it believes in each of its characters this much,"""
MISSED: Final = 0.3
"""and in one more beside any of them at most this much."""
AGREED: Final = 0.5
"""Two readings that are the same stand if they believe so much in each character, on average,"""
AGREED_MISSED: Final = 0.5
"""and in one more at most so much."""
TRUST: Final = 0.98
"""The most to believe a character: small networks are surer than they have reason to be, and the
weights of `confidence` were fitted to a larger one."""


class FigureReader:
    """Made in the main thread. Raises FileNotFoundError where the model is not with the code."""

    def __init__(self) -> None:
        model = files("converter.core.engines.local") / MODEL
        self._session = open_session(model.read_bytes())

    def read(self, gray: Gray, quads: Sequence[Quad]) -> list[Glyphs | None]:
        """The figure at each of `quads` of a page (h, w), or None where none is read for sure.

        The places of characters are shares of the box's width.
        """
        sure: dict[int, Glyphs] = {}
        doubtful: dict[int, Glyphs] = {}
        short = [place for place, quad in enumerate(quads) if _is_short(quad)]
        for place, glyphs in self._look(gray, quads, short, FIRST):
            (sure if is_sure(glyphs, SURE, MISSED) else doubtful)[place] = glyphs
        for place, glyphs in self._look(gray, quads, list(doubtful), SECOND):
            agreed = agree(doubtful[place], glyphs)
            if agreed and is_sure(agreed, AGREED, AGREED_MISSED):
                sure[place] = agreed
        read: list[Glyphs | None] = [None] * len(quads)
        for place, glyphs in sure.items():
            read[place] = place_in_box(trusted(glyphs), quads[place], FIRST)
        return read

    def _look(
        self, gray: Gray, quads: Sequence[Quad], places: Sequence[int], framing: Framing
    ) -> Iterator[tuple[int, Glyphs]]:
        """Those of the `quads` at these places that show a figure, and how it reads.

        The places of characters are shares of the crop's width.
        """
        crops = [
            cut_out(gray, frame(quads[place], framing), framing.stretch, HEIGHT) for place in places
        ]
        for width, batch in batches([crop.shape[1] for crop in crops]):
            scores = self._score([crops[index] for index in batch], width)
            is_other = (scores.argmax(axis=2) == ALPHABET.index(OTHER)).any(axis=1)
            for index, chances, other in zip(batch, scores, is_other, strict=True):
                if other:
                    continue
                glyphs = without_ends(decode(chances, ALPHABET, crops[index].shape[1] / width))
                if is_figure(glyphs):
                    yield places[index], glyphs

    def _score(self, crops: Sequence[Gray], width: int) -> NDArray[np.float32]:
        """The chances (crops, steps, characters) along each crop."""
        tensor = np.zeros((len(crops), 1, HEIGHT, width), np.float32)
        for place, crop in enumerate(crops):
            tensor[place, 0, :, : crop.shape[1]] = crop * np.float32(1 / 127.5) - np.float32(1)
        return np.asarray(self._session.run(None, {"x": tensor})[0], np.float32)


def is_figure(glyphs: Glyphs) -> bool:
    """Whether this is a number, or several, in one of the ways in which tables have them."""
    return PLAIN.fullmatch("".join(glyph.text for glyph in glyphs)) is not None


def is_sure(glyphs: Glyphs, least: float, missed: float) -> bool:
    """Whether all characters are believed in that much, and none more than that is `missed`."""
    return all(glyph.confidence >= least and glyph.missed <= missed for glyph in glyphs)


def trusted(glyphs: Glyphs) -> Glyphs:
    """The same, believed in as far as experience goes."""
    return tuple(replace(glyph, confidence=min(TRUST, glyph.confidence)) for glyph in glyphs)


def agree(first: Glyphs, second: Glyphs) -> Glyphs:
    """What two readings say both, with their mean confidence; nothing if they differ."""
    if [glyph.text for glyph in first] != [glyph.text for glyph in second]:
        return ()
    return tuple(
        replace(
            one,
            confidence=(one.confidence + other.confidence) / 2,
            missed=(one.missed + other.missed) / 2,
            seconded=True,
        )
        for one, other in zip(first, second, strict=True)
    )


def _is_short(quad: Quad) -> bool:
    width = float(np.linalg.norm(quad[1] - quad[0]))
    height = float(np.linalg.norm(quad[3] - quad[0]))
    return width <= LONGEST * height
