"""Reads rendered pages as the engine does, and labels what it finds with the truth.

Print is found by the engine's own detector, cut, straightened and measured by its own stages. On
most pages only the characters come from the truth, as recognising them takes the most time and the
network looks only at the kind of a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.fragments.cutting import cut_lines
from converter.core.engines.local.fragments.dittos import mend_dittos
from converter.core.engines.local.fragments.leaders import without_leaders
from converter.core.engines.local.fragments.small_signs import mend_small_signs
from converter.core.engines.local.fragments.strokes import without_strokes
from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph, Glyphs
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.picture.straighten import find_bend, straighten
from converter.core.engines.local.recognition.cropping import COMPACT, Framing
from converter.core.engines.local.rules.ruling_line_detection import find_rules
from converter.core.engines.local.structure.evidence import Evidence, gather
from converter.core.engines.local.text.lines import LineReader, Read
from converter.core.engines.local.text.missed import with_missed
from converter.core.engines.local.text.page_text import Line, PageText
from converter.core.engines.local.text.text import TextReader
from converter.core.engines.local.text.text_models import TextModels
from tests.bench.rendered.page import RenderedPage, TextLine

OUTSIDE: Final = -1
"""The table of print that is in none."""
MISREAD: Final = 0.01
"""Of the characters that the truth gives are read wrong, as a recogniser would."""
SHARE: Final = 0.15
"""Of the characters of a fragment: fewer of another cell do not make it two cells' text."""


@dataclass(frozen=True, eq=False)
class Labels:
    """The truth of each piece of evidence, n in all.

    `places` (n, 6): table (OUTSIDE if in none), first row, row after the last, first column, column
    after the last, and whether it is a header. `joined` (n,) says whether it holds the text of more
    than one cell, and `roles` what print outside of tables is.
    """

    places: NDArray[np.int16]
    joined: NDArray[np.bool_]
    roles: tuple[str, ...]


class TrueLines(LineReader):
    """Reads what the truth says is printed there, with a few characters wrong."""

    def __init__(self, models: TextModels, rnd: Random) -> None:
        super().__init__(models)
        self._rnd = rnd
        self.lines: Sequence[TextLine] = ()

    def read(self, gray: Gray, quads: Sequence[Quad]) -> tuple[Read, Framing]:
        return self.recognise(gray, quads), COMPACT

    def read_digits_first(self, gray: Gray, quads: Sequence[Quad], framing: Framing) -> Read:
        return self.recognise(gray, quads, framing)

    def recognise(self, gray: Gray, quads: Sequence[Quad], framing: Framing = COMPACT) -> Read:
        del gray, framing  # no pixel is looked at
        boxes = np.array([line.box for line in self.lines]).reshape(-1, 4)
        return [self._at(quad, boxes) for quad in quads]

    def _at(self, quad: Quad, boxes: NDArray[np.float64]) -> Glyphs:
        left, top = quad.min(axis=0)
        right, bottom = quad.max(axis=0)
        high = np.minimum(bottom, boxes[:, 3]) - np.maximum(top, boxes[:, 1])
        wide = np.minimum(right, boxes[:, 2]) - np.maximum(left, boxes[:, 0])
        least = np.minimum(bottom - top, boxes[:, 3] - boxes[:, 1])
        held = np.flatnonzero((high > 0.45 * least) & (wide > 1))
        glyphs: list[Glyph] = []
        for index in sorted(held, key=lambda place: boxes[place, 0]):
            line = self.lines[index]
            if glyphs:
                glyphs.append(Glyph(" ", glyphs[-1].x, 0.99))
            step = (line.box[2] - line.box[0]) / max(1, len(line.text))
            places = (line.box[0] + step * (at + 0.5) for at in range(len(line.text)))
            glyphs += [
                Glyph(self._misread(sign), float((x - left) / max(1, right - left)), 0.99)
                for sign, x in zip(line.text, places, strict=True)
                if left - step < x < right + step
            ]
        return tuple(glyphs)

    def _misread(self, sign: str) -> str:
        if sign == " " or self._rnd.random() > MISREAD:
            return sign
        return self._rnd.choice("Il1O0S5,.-")


class Recorder:
    """Holds the engine's models."""

    def __init__(self, seed: int) -> None:
        self._reader = TextReader()
        self._real = self._reader._lines
        self._true = TrueLines(self._reader._models, Random(seed))

    def read(
        self, page: RenderedPage, *, recognised: bool
    ) -> tuple[PageText, list[Line], RulingLines] | None:
        """The lines and rules of a page; None if it was turned or nothing was found."""
        self._true.lines = [line for line, _ in true_lines(page)]
        self._reader._lines = self._real if recognised else self._true
        text = self._reader.read(np.asarray(page.picture))
        if text.turned or not text.lines:
            return None
        rules = find_rules(text.picture.gray, [line.box for line in text.lines])
        return text, list(with_missed(text, self._reader, rules)), rules

    def record(self, page: RenderedPage, *, recognised: bool) -> tuple[Evidence, Labels] | None:
        """The evidence of a page and its labels; None if it was turned or nothing was found.

        With `recognised` also the characters are what the engine reads.
        """
        found = self.read(page, recognised=recognised)
        if not found:
            return None
        text, lines, rules = found
        gray = text.picture.gray
        fragments = without_strokes(cut_lines(lines, gray, rules.vertical), gray)
        fragments = without_leaders(mend_dittos(mend_small_signs(fragments, gray, rules)))
        if not fragments:
            return None
        bend = find_bend(fragments, rules)
        evidence = gather(fragments, straighten(fragments, bend), bend.rules(rules), gray)
        boxes = [fragment.box for fragment in fragments]
        moved = np.array([tuple(box) for box in text.back(boxes)])
        shifts = moved[:, 0] - np.array([box.left for box in boxes])
        empty = evidence.boxes[len(fragments) :]
        return evidence, label(page, fragments, moved, shifts, empty)


def true_lines(page: RenderedPage) -> Iterator[tuple[TextLine, tuple[int, ...] | str]]:
    """The lines of print of a page with the place of their cell, as in `Labels`, or their role."""
    for number, table in enumerate(page.tables):
        for cell in table.cells:
            place = (
                number,
                cell.row,
                cell.row + cell.rowspan,
                cell.col,
                cell.col + cell.colspan,
                int(cell.header),
            )
            for line in cell.lines:
                yield line, place
    for role in page.roles:
        for line in role.lines:
            yield line, role.role


def label(
    page: RenderedPage,
    fragments: Sequence[Fragment],
    boxes: NDArray[np.float64],
    shifts: NDArray[np.float64],
    empty: NDArray[np.float32],
) -> Labels:
    """The labels of fragments, which are at `boxes` of the picture, and of `empty` boxes.

    The characters of a fragment are `shifts` (n,) further left than in the picture.
    """
    truth = list(true_lines(page))
    lines = np.array([line.box for line, _ in truth]).reshape(-1, 4)
    places = np.zeros((len(fragments) + len(empty), 6), np.int16)
    places[:, 0] = OUTSIDE
    places[:, [2, 4]] = 1
    joined = np.zeros(len(places), np.bool_)
    roles = ["none"] * len(places)
    for index, (fragment, box, shift) in enumerate(zip(fragments, boxes, shifts, strict=True)):
        owners = _owners(fragment, box, shift, lines)
        cells = {truth[owner][1] for owner in owners}
        inside = [cell for cell in cells if not isinstance(cell, str)]
        roles[index] = next((cell for cell in cells if isinstance(cell, str)), "none")
        if not inside:
            continue
        first = min(cell[0] for cell in inside)
        held = np.array([cell for cell in inside if cell[0] == first])
        low, high = held.min(axis=0), held.max(axis=0)
        places[index] = (first, low[1], high[2], low[3], high[4], high[5])
        joined[index] = len(cells) > 1
    for index, box in enumerate(empty, len(fragments)):
        place = _cell_around(page, box)
        if place:
            places[index] = place
    return Labels(places, joined, tuple(roles))


def _owners(
    fragment: Fragment, box: NDArray[np.float64], shift: float, lines: NDArray[np.float64]
) -> list[int]:
    """The true lines that share of the characters of a fragment; the most first."""
    left, top, right, bottom = box
    high = np.minimum(bottom, lines[:, 3]) - np.maximum(top, lines[:, 1])
    wide = np.minimum(right, lines[:, 2]) - np.maximum(left, lines[:, 0])
    least = np.minimum(bottom - top, lines[:, 3] - lines[:, 1])
    near = np.flatnonzero((high > 0.4 * least) & (wide > 0.5))
    if not len(near):
        return []
    xs = np.array([glyph.x for glyph in fragment.glyphs if glyph.text.strip()])
    xs = xs + shift if len(xs) else np.array([(left + right) / 2])
    away = np.maximum(lines[near, 0] - xs[:, None], xs[:, None] - lines[near, 2])
    nearest = near[(np.maximum(away, 0) - high[near] / 1000).argmin(axis=1)]
    owners, counts = np.unique(nearest, return_counts=True)
    return [
        int(owner)
        for owner, count in sorted(zip(owners, counts, strict=True), key=lambda pair: -pair[1])
        if count > SHARE * len(xs)
    ]


def _cell_around(page: RenderedPage, box: NDArray[np.float32]) -> tuple[int, ...] | None:
    """The place of the cell that holds the middle of a box, as in `Labels`."""
    x, y = (float(value) for value in (box[:2] + box[2:]) / 2)
    for number, table in enumerate(page.tables):
        for cell in table.cells:
            left, top, right, bottom = cell.box
            if left <= x <= right and top <= y <= bottom:
                rows, cols = cell.row + cell.rowspan, cell.col + cell.colspan
                return number, cell.row, rows, cell.col, cols, int(cell.header)
    return None
