"""Wears rendered pages as photos, scans and screens do, the picture and all boxes alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from PIL import Image

from tests.bench.rendered.page import (
    Band,
    Box,
    CellTruth,
    RenderedPage,
    Rule,
    TableTruth,
    TextLine,
)
from tests.support.photo_variants import VARIANTS, Move, Points, vary_and_move

WEARS: Final = tuple(VARIANTS)
SIDE: Final = 9  # points along each side of a box, whose bent outline they follow


def worn(page: RenderedPage, name: str, seed: str) -> RenderedPage:
    """The page after one of `WEARS`; boxes are upright and enclose what they enclosed before.

    Colours of rules and bands stay those of the page before.
    """
    pixels, move = vary_and_move(name, np.asarray(page.picture), seed)
    return _Moved(move).page(page, Image.fromarray(pixels))


class _Moved:
    """Truth at other places; `scale` is by how much lengths have changed in the middle."""

    def __init__(self, move: Move) -> None:
        self._move = move

    def page(self, page: RenderedPage, picture: Image.Image) -> RenderedPage:
        middle = page.picture.width / 2, page.picture.height / 2
        steps = np.array([middle, (middle[0] + 10, middle[1]), (middle[0], middle[1] + 10)])
        first, right, down = self._move(steps.astype(np.float64))
        self._scale = float(np.hypot(*(right - first)) + np.hypot(*(down - first))) / 20
        self._turned = bool(abs((right - first)[1]) > abs((right - first)[0]))
        return RenderedPage(
            picture,
            tuple(self._table(table) for table in page.tables),
            tuple(replace(role, lines=self._lines(role.lines)) for role in page.roles),
            tuple(self._rule(rule) for rule in page.rules),
            tuple(Band(self._box(band.box), band.colour) for band in page.bands),
            tuple(self._box(box) for box in page.ornaments),
        )

    def _table(self, table: TableTruth) -> TableTruth:
        return TableTruth(self._box(table.box), tuple(self._cell(cell) for cell in table.cells))

    def _cell(self, cell: CellTruth) -> CellTruth:
        return replace(cell, box=self._box(cell.box), lines=self._lines(cell.lines))

    def _lines(self, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
        return tuple(
            TextLine(line.text, self._box(line.box), line.vertical != self._turned)
            for line in lines
        )

    def _rule(self, rule: Rule) -> Rule:
        ends = self._move(np.array(rule.ends, np.float64).reshape(2, 2)).round(2).ravel().tolist()
        return replace(rule, ends=tuple(ends), thickness=round(rule.thickness * self._scale, 2))

    def _box(self, box: Box) -> Box:
        moved = self._move(_outline(box))
        (left, top), (right, bottom) = moved.min(axis=0).round(2), moved.max(axis=0).round(2)
        return float(left), float(top), float(right), float(bottom)


def _outline(box: Box) -> Points:
    left, top, right, bottom = box
    across, down = np.linspace(left, right, SIDE), np.linspace(top, bottom, SIDE)
    sides = [(across, np.full(SIDE, y)) for y in (top, bottom)]
    sides += [(np.full(SIDE, x), down) for x in (left, right)]
    return np.concatenate([np.stack(side, axis=1) for side in sides])
