"""Lines of text on a page with a place for every character: detector and recogniser together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.detection import Quad, find_text
from converter.core.engines.local.level import Turn, slope_of, turn_level
from converter.core.engines.local.orientation import (
    legibility,
    lies_on_side,
    telling,
    turn_clockwise,
)
from converter.core.engines.local.recognition import Glyph, certainty, read_crops
from converter.core.engines.local.session import DETECTOR, RECOGNISER, open_session
from converter.core.tables.model import Box, Word

MIN_LEGIBILITY: Final = 0.35
SURE: Final = 0.94  # print the right way up is above, upside down it is below 0.86


@dataclass(frozen=True, slots=True)
class Line:
    """One detected piece of text. `glyphs` carry the middles of their characters in pixels."""

    box: Box
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def legibility(self) -> float:
        """The mean confidence (0..1) of the characters: low where there is no text at all."""
        return legibility([self.glyphs])

    def as_word(self) -> Word:
        return Word(self.text.strip(), self.box, certainty(self.glyphs))


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of a page from top to bottom, and the page upright and level, as they stand on it.

    The page was turned clockwise by `turned` degrees (0, 90, 180 or 270), then made level. `turn`
    leads boxes back to what it was before it was made level; it is None if that was level.
    """

    lines: tuple[Line, ...]
    pixels: NDArray[np.uint8]
    turn: Turn | None = None
    turned: int = 0

    def back(self, box: Box) -> Box:
        return self.turn.back(box) if self.turn else box


class TextReader:
    """Holds the two sessions; made once for a process, in its main thread."""

    def __init__(self) -> None:
        self._detector = open_session(DETECTOR)
        self._recogniser = open_session(RECOGNISER)

    def read(self, pixels: NDArray[np.uint8]) -> PageText:
        """The text of a page (h, w, 3 RGB), whichever way up; a blank page has no lines."""
        turned = 0
        quads = find_text(self._detector, pixels)
        if lies_on_side(quads):
            turned = 90
            pixels, quads = self._turn(pixels, 90)
        page, sure = self._read_upright(pixels, quads)
        if sure < SURE and self._is_upside_down(pixels, quads):
            turned += 180
            page, _ = self._read_upright(*self._turn(pixels, 180))
        return replace(page, turned=turned)

    def _turn(
        self, pixels: NDArray[np.uint8], degrees: int
    ) -> tuple[NDArray[np.uint8], list[Quad]]:
        # The detector sees a little differently each way up, so that it looks again.
        pixels = turn_clockwise(pixels, degrees)
        return pixels, find_text(self._detector, pixels)

    def _is_upside_down(self, pixels: NDArray[np.uint8], quads: Sequence[Quad]) -> bool:
        """Whether a few lines are more legible when they are turned around."""
        crops = [_crop(pixels, quad) for quad in telling(quads)]
        ways = (crops, [turn_clockwise(crop, 180) for crop in crops])
        this_way, other_way = (legibility(read_crops(self._recogniser, way)) for way in ways)
        return other_way > this_way

    def _read_upright(
        self, pixels: NDArray[np.uint8], quads: Sequence[Quad]
    ) -> tuple[PageText, float]:
        """The text at `quads`, and the mean confidence of its characters."""
        turn = None
        if slope := slope_of(quads):
            pixels, turn = turn_level(pixels, slope)
            quads = [turn.forth(quad) for quad in quads]
        quads = sorted(quads, key=lambda quad: float(quad[0, 1]))
        read = read_crops(self._recogniser, [_crop(pixels, quad) for quad in quads])
        lines = (_line(quad, glyphs) for quad, glyphs in zip(quads, read, strict=True))
        legible = tuple(line for line in lines if _is_legible(line))
        return PageText(legible, pixels, turn), legibility(read)


def _is_legible(line: Line) -> bool:
    return bool(line.text.strip()) and line.legibility >= MIN_LEGIBILITY


def _crop(pixels: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    """The part of the page inside `quad`, made level."""
    width = max(1, round(float(max(_length(quad, 0, 1), _length(quad, 3, 2)))))
    height = max(1, round(float(max(_length(quad, 0, 3), _length(quad, 1, 2)))))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    transform = cv2.getPerspectiveTransform(quad, corners)
    crop = cv2.warpPerspective(
        pixels,
        transform,
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return crop.astype(np.uint8, copy=False)


def _length(quad: Quad, start: int, end: int) -> float:
    return float(np.linalg.norm(quad[start] - quad[end]))


def _line(quad: Quad, glyphs: tuple[Glyph, ...]) -> Line:
    left, top = (float(edge) for edge in quad.min(axis=0))
    right, bottom = (float(edge) for edge in quad.max(axis=0))
    placed = tuple(
        Glyph(glyph.text, left + glyph.x * (right - left), glyph.confidence) for glyph in glyphs
    )
    return Line(Box(left, top, right, bottom), placed)
