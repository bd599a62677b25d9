"""The lines of text on a page, with the place of each character: detector and recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from converter.core.engines.local.page.boxes import Quad, part_of
from converter.core.engines.local.page.glyphs import Glyph, count_clear, legibility, without_ends
from converter.core.engines.local.picture.flattening import Flattening, find_flattening, flatten
from converter.core.engines.local.picture.orientation import lies_on_side, telling, turn_clockwise
from converter.core.engines.local.picture.pictures import (
    Gray,
    Picture,
    Pixels,
    is_light_on_dark,
    negative,
)
from converter.core.engines.local.recognition.cropping import COMPACT, ROOMY
from converter.core.engines.local.recognition.second_look import doubtful_stretches, settle
from converter.core.engines.local.text.lines import LineReader, Read
from converter.core.engines.local.text.page_text import Line, PageText
from converter.core.engines.local.text.text_models import TextModels, open_models
from converter.core.tables.model import Box

MIN_LEGIBILITY: Final = 0.35
SURE: Final = 0.94  # upright print is above, upside down print is below 0.86
MARGIN: Final = 0.05  # between the two ways up: text that is illegible both ways is not turned
FEW: Final = 9  # characters that may be read by chance on a page that lies on its side
BENT: Final = 2.5  # heights of a line: on a page that shifts more, the first boxes are too coarse


class TextReader:
    """Holds the models: make it once for a process, in its main thread."""

    def __init__(self, models: TextModels | None = None) -> None:
        self._models = models or open_models()
        self._lines = LineReader(self._models)
        self.model = self._models.name

    def read(self, pixels: Pixels) -> PageText:
        """The text of a page (h, w, 3 RGB), whichever way up; a blank page has no lines."""
        turned, picture = 0, Picture(pixels)
        quads = self._find(picture)
        if is_light_on_dark(picture.gray, quads):
            picture = Picture(negative(pixels))
            quads = self._find(picture)
        if lies_on_side(quads):
            side = Picture(turn_clockwise(picture.pixels, 90))
            side_quads = self._find(side)
            if self._reads_better(side, side_quads, picture, quads):
                turned, picture, quads = 90, side, side_quads
        page, sure = self._read_upright(picture, quads)
        if sure < SURE:
            this_way, other_way = map(legibility, self._read_both_ways(picture.gray, quads))
            if other_way > this_way + MARGIN:
                around = Picture(turn_clockwise(picture.pixels, 180))
                other_page, other_sure = self._read_upright(around, self._find(around))
                if other_sure > sure:  # a few lines in a script unknown here say it by chance
                    turned, page = turned + 180, other_page
        return replace(page, turned=turned)

    def _find(self, picture: Picture) -> list[Quad]:
        return self._models.find(picture.pixels)

    def _reads_better(
        self, side: Picture, side_quads: Sequence[Quad], picture: Picture, quads: Sequence[Quad]
    ) -> bool:
        """Whether a page whose lines run down is more legible turned on its `side`.

        Stacked digits look like such lines and are legible on their side too, but then the other
        lines are legible without turning the page.
        """
        standing = self._read_both_ways(picture.gray, quads)
        if max(map(legibility, standing)) > SURE and max(map(count_clear, standing)) > FEW:
            return False
        lying = self._read_both_ways(side.gray, side_quads)
        return max(map(count_clear, lying)) > max(map(count_clear, standing))

    def _read_both_ways(self, gray: Gray, quads: Sequence[Quad]) -> tuple[Read, Read]:
        """A few lines as they are, and upside down."""
        sample = telling(quads)
        around = [np.roll(quad, 2, axis=0) for quad in sample]
        return self._lines.recognise(gray, sample), self._lines.recognise(gray, around)

    def _read_upright(self, picture: Picture, quads: Sequence[Quad]) -> tuple[PageText, float]:
        """The text of a page with boxes at `quads`, and the mean confidence of its characters."""
        flattening = find_flattening(picture.gray, quads)
        if flattening and flattening.shift > BENT:
            picture, flattening = _flat(picture, flattening)
            quads = self._find(picture)
            read, framing = self._lines.read(picture.gray, quads)
        else:
            read, framing = self._lines.read(picture.gray, quads)
            if flattening:
                picture, flattening = _flat(picture, flattening)
                quads = flattening.forth(quads)
        placed = sorted(zip(quads, read, strict=True), key=lambda pair: float(pair[0][0, 1]))
        lines = [_line(quad, glyphs) for quad, glyphs in placed]
        if framing == COMPACT:
            lines = self._look_again(lines, [quad for quad, _ in placed], picture.gray)
        legible = tuple(line for line in lines if _is_legible(line))
        unread = tuple(line for line in lines if not _is_legible(line))
        return PageText(legible, picture, flattening, unread=unread), legibility(read)

    def _look_again(self, lines: Sequence[Line], quads: Sequence[Quad], gray: Gray) -> list[Line]:
        """The lines, with the words that were hard to read decided by a second reading."""
        again = [
            (place, stretch)
            for place, line in enumerate(lines)
            if _is_legible(line)
            for stretch in doubtful_stretches(line.glyphs)
        ]
        parts = []
        for place, (start, end) in again:
            # up to the middle of the spaces beside the words
            box, glyphs = lines[place].box, lines[place].glyphs
            left = box.left if start == 0 else glyphs[start - 1].x
            right = box.right if end == len(glyphs) else glyphs[end].x
            first, last = ((x - box.left) / max(1e-6, box.width) for x in (left, right))
            parts.append(part_of(quads[place], first, last))
        read = self._lines.recognise(gray, parts, ROOMY)
        settled = list(lines)
        # from the end, so that the indices of earlier stretches stay valid
        for (place, (start, end)), part, glyphs in reversed(
            list(zip(again, parts, read, strict=True))
        ):
            known = settled[place].glyphs
            words = settle(known[start:end], _line(part, without_ends(glyphs)).glyphs)
            settled[place] = replace(lines[place], glyphs=(*known[:start], *words, *known[end:]))
        return settled

    def read_boxes(self, picture: Picture, boxes: Sequence[Box]) -> list[Line]:
        """The lines of text in `boxes` of an upright flat page; none for boxes without text."""
        quads = [
            np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
            for left, top, right, bottom in boxes
        ]
        read = self._lines.read_digits_first(picture.gray, quads, ROOMY)
        lines = (_line(quad, glyphs) for quad, glyphs in zip(quads, read, strict=True))
        return [line for line in lines if _is_legible(line)]


def _is_legible(line: Line) -> bool:
    return bool(line.text.strip()) and line.legibility >= MIN_LEGIBILITY


def _flat(picture: Picture, flattening: Flattening) -> tuple[Picture, Flattening]:
    pixels, placed = flatten(picture.pixels, flattening)
    return Picture(pixels), placed


def _line(quad: Quad, glyphs: tuple[Glyph, ...]) -> Line:
    left, top = (float(edge) for edge in quad.min(axis=0))
    right, bottom = (float(edge) for edge in quad.max(axis=0))
    placed = tuple(glyph._replace(x=left + glyph.x * (right - left)) for glyph in glyphs)
    return Line(Box(left, top, right, bottom), placed)
