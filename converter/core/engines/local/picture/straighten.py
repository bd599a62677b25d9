"""Curved lines of print and leaning rules: measures how far, and straightens the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines, stacks_of
from converter.core.tables.model import Box

Slope = tuple[float, float, float, float]
"""x, y, the slope measured there, and the length in pixels over which it was measured."""

LEAST: Final = 0.12
"""By a line's height: boxes of straight print vary by less."""
STEEPEST: Final = 0.06
ENOUGH: Final = 12  # slopes
REACH: Final = 8.0  # by the line's height, to a neighbour on the same line
ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Field:
    """A slope that changes smoothly over the page: a polynomial with `terms` (1, u, v, uu, uv).

    u and v are x and y from `centre`, in units of `scale` pixels.
    """

    terms: NDArray[np.float64]
    centre: tuple[float, float]
    scale: float

    def shift(self, x: float, y: float) -> float:
        """How far the line through (x, y) is from its height at the centre, in pixels."""
        u, v = (x - self.centre[0]) / self.scale, (y - self.centre[1]) / self.scale
        along = np.array([u, u * u / 2, u * v, u**3 / 3, u * u * v / 2])
        return float(self.terms @ along) * self.scale


@dataclass(frozen=True, slots=True)
class Bend:
    """Maps places on a page to those on the same page with straight lines and columns.

    `across` holds the slopes of lines of print, `down` those of upright rules, with x and y
    swapped; None if they are straight.
    """

    across: Field | None = None
    down: Field | None = None

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point, moved to the straight page."""
        dx = self.down.shift(y, x) if self.down else 0.0
        dy = self.across.shift(x, y) if self.across else 0.0
        return x - dx, y - dy

    def forth(self, box: Box) -> Box:
        """A box, moved to the straight page with its size unchanged."""
        return self._moved(box, 1)

    def back(self, box: Box) -> Box:
        """A box of the straight page, moved to the page as it is."""
        return self._moved(box, -1)

    def _moved(self, box: Box, way: int) -> Box:
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        new_x, new_y = self.point(x, y)
        dx, dy = way * (new_x - x), way * (new_y - y)
        return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)

    def rules(self, rules: RulingLines) -> RulingLines:
        """Ruling lines, moved to the straight page."""
        across = [self._rule(rule, upright=False) for rule in rules.horizontal]
        down = [self._rule(rule, upright=True) for rule in rules.vertical]
        leaders = tuple(self._rule(rule, upright=False) for rule in rules.leaders)
        across, down = sorted(across, key=_at), sorted(down, key=_at)
        return RulingLines(tuple(across), tuple(down), leaders=leaders)

    def _rule(self, rule: RulingLine, *, upright: bool) -> RulingLine:
        middle = (rule.start + rule.end) / 2
        x, y = (rule.at, middle) if upright else (middle, rule.at)
        new_x, new_y = self.point(x, y)
        along = new_y - y if upright else new_x - x
        return replace(
            rule, at=new_x if upright else new_y, start=rule.start + along, end=rule.end + along
        )


def find_bend(fragments: Sequence[Fragment], rules: RulingLines) -> Bend:
    """How lines of print and upright rules bend; straight if by less than print always varies."""
    if not fragments:
        return Bend()
    height = line_height(fragment.box for fragment in fragments)
    down: list[Slope] = []  # between pieces of one upright rule, with x and y swapped
    for stack in stacks_of(rules.vertical, 0.45 * height):
        for upper, lower in pairwise(sorted(stack, key=lambda rule: rule.start)):
            start, end = (upper.start + upper.end) / 2, (lower.start + lower.end) / 2
            if end - start > 2 * height:
                slope = (lower.at - upper.at) / (end - start)
                down.append(((start + end) / 2, upper.at, slope, end - start))
    return Bend(_field(list(_slopes_of_lines(fragments)), height), _field(down, height))


def straighten(fragments: Sequence[Fragment], bend: Bend) -> list[Fragment]:
    """The fragments on the straight page."""
    if bend == Bend():
        return list(fragments)
    straight = []
    for fragment in fragments:
        box = bend.forth(fragment.box)
        dx = box.left - fragment.box.left
        glyphs = tuple(glyph._replace(x=glyph.x + dx) for glyph in fragment.glyphs)
        straight.append(replace(fragment, box=box, glyphs=glyphs))
    return straight


def _slopes_of_lines(fragments: Sequence[Fragment]) -> Iterator[Slope]:
    """The slopes from each fragment to its neighbour on the right."""
    boxes = np.array([fragment.box for fragment in fragments])
    left, top, right, bottom = boxes.T
    middle, centre, height = (top + bottom) / 2, (left + right) / 2, bottom - top
    for i in range(len(fragments)):
        gap = left - right[i]
        level = np.abs(middle - middle[i]) < 0.4 * np.minimum(height, height[i])
        alike = np.maximum(height, height[i]) < 1.25 * np.minimum(height, height[i])
        near = (gap > 0) & (gap < REACH * height[i]) & level & alike
        if near.any():
            j = int(np.flatnonzero(near)[np.argmin(gap[near])])
            length = float(centre[j] - centre[i])
            slope = float(middle[j] - middle[i]) / length
            yield float(centre[i] + centre[j]) / 2, float(middle[i]), slope, length


def _field(slopes: Sequence[Slope], height: float) -> Field | None:
    """The field through these slopes, by least squares that give little weight to outliers."""
    if len(slopes) < ENOUGH:
        return None
    x, y, slope, length = np.array(slopes).T
    centre = (float(np.mean(x)), float(np.mean(y)))
    scale = max(1.0, float(np.ptp(x)) / 2, float(np.ptp(y)) / 2)
    u, v = (x - centre[0]) / scale, (y - centre[1]) / scale
    matrix = np.stack([np.ones_like(u), u, v, u * u, u * v], axis=1)
    weights = length * (np.abs(slope) < STEEPEST)
    for _ in range(ROUNDS):
        weighted = matrix * weights[:, None]
        # keeps the higher terms small unless the slopes clearly show them
        ridge = np.diag([0.0, 1, 1, 2, 2]) * 0.02 * max(1e-9, float(weights.sum()))
        normal, target = weighted.T @ matrix + ridge, weighted.T @ slope
        terms = np.linalg.lstsq(normal, target, rcond=None)[0].astype(np.float64)
        error = np.abs(matrix @ terms - slope) * length / (0.1 * height)
        weights = length * (np.abs(slope) < STEEPEST) / (1 + error**2)
    field = Field(terms, centre, scale)
    ends = zip([*(x - length / 2), *(x + length / 2)], [*y, *y], strict=True)
    shifts = [abs(field.shift(along, beside)) for along, beside in ends]
    return field if max(shifts) > LEAST * height else None


def _at(rule: RulingLine) -> float:
    return rule.at
