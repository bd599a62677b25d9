"""Where one column ends and the next begins: blanks that most lines share, and vertical rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment, box_around
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines, mended_rules
from converter.core.engines.local.page.text_lines import PrintLine
from converter.core.engines.local.picture.ink import runs

CROSSED: Final = 0.34  # share of the lines, by weight, that may run across a boundary
OFTEN: Final = 2
MARGIN: Final = 2.0
"""Pixels by which a fragment may reach over a boundary without counting as crossing it."""


def find_boundaries(lines: Sequence[PrintLine], vertical: Sequence[RulingLine]) -> list[float]:
    """The x of each boundary between two columns of these lines, from left to right."""
    fragments = [fragment for line in lines for fragment in line]
    if not fragments:
        return []
    left, _, right, _ = box_around(fragments)
    ruled = ruled_boundaries(lines, vertical, left, right)
    blanks = [
        (start, end)
        for start, end in _blanks(lines, int(left), int(right) + 1)
        if not any(start - 3 <= x <= end + 3 for x in ruled)
    ]
    if ruled:
        blanks = [blank for blank in blanks if _is_well_supported(blank, lines, ruled)]
    return sorted(ruled + [(start + end) / 2 for start, end in blanks])


def ruled_boundaries(
    lines: Sequence[PrintLine], vertical: Sequence[RulingLine], left: float, right: float
) -> list[float]:
    """Vertical rules that divide text from text; rules with nothing between count once."""
    boxes = [fragment.box for line in lines for fragment in line]
    tolerance = 0.25 * line_height(boxes)
    mended = mended_rules(vertical, tolerance)
    found: list[float] = []
    last = left
    for x in sorted(rule.at for rule in mended if left < rule.at < right):
        if any(last - MARGIN <= box.left and box.right <= x + MARGIN for box in boxes):
            found.append(x)
            last = x
    while found and not any(box.left >= found[-1] - MARGIN for box in boxes):
        found.pop()
    return found


def is_overrun(x: float, lines: Sequence[PrintLine], rules: RulingLines) -> bool:
    """Whether a boundary is the right side of a frame, past which text of its last column runs."""
    beyond = [(line, item) for line in lines for item in line if item.box.left >= x - MARGIN]
    ends = [rule.end for rule in rules.horizontal if rule.start < x]
    if not beyond or len(ends) < OFTEN:
        return False
    height = line_height(item.box for _, item in beyond)
    if max(ends) > x + height or sum(end > x - height for end in ends) < OFTEN:
        return False
    for line, item in beyond:
        near = 0.8 * item.box.height
        before = [other for other in line if other.centre < x]
        if not before or before[-1].box.right <= x - near or item.box.left >= x + near:
            return False
    return True


def _blanks(lines: Sequence[PrintLine], left: int, right: int) -> list[tuple[int, int]]:
    """Blanks between columns, each as wide as most lines leave it.

    Where few lines have text, as over a sparse column, the blank is cut at that text.
    """
    most = max(map(len, lines))
    # lines with many fragments show columns best, a lone fragment hardly at all
    weights = [0.15 if len(line) == 1 else 0.3 + 0.7 * len(line) / most for line in lines]
    cover = np.zeros(right - left + 1)
    for line, weight in zip(lines, weights, strict=True):
        for fragment in line:
            cover[_span(fragment, left)] += weight
    # headings alone over a blank are no column
    full = [item for line in lines if len(line) >= 0.6 * most for item in line]
    parts = []
    for start, end in runs(cover <= CROSSED * sum(weights)):
        inside = np.zeros(end - start)
        for fragment in full:
            if start <= fragment.box.left - left and fragment.box.right - left <= end:
                inside[_span(fragment, left + start)] += 1
        parts += [(start + first, start + last) for first, last in runs(inside <= 0.5)]
    blanks = []
    for start, end in parts:
        if start > 0 and end < len(cover) - 1:
            # the widest part of those that the fewest lines reach into
            clear = runs(cover[start:end] <= float(cover[start:end].min()) + 1e-6)
            first, last = max(clear, key=lambda run: run[1] - run[0])
            blanks.append((left + start + first, left + start + last))
    return blanks


def _span(fragment: Fragment, left: int) -> slice:
    start = int(fragment.box.left) - left
    return slice(max(0, start), max(start + 1, int(np.ceil(fragment.box.right)) - left))


def _is_well_supported(
    blank: tuple[float, float], lines: Sequence[PrintLine], ruled: Sequence[float]
) -> bool:
    """Between rules a bare blank divides only if many lines have text on both its sides."""
    start = max((x for x in ruled if x <= blank[0]), default=float("-inf"))
    end = min((x for x in ruled if x >= blank[1]), default=float("inf"))
    both = 0
    for line in lines:
        inside = [fragment for fragment in line if start < fragment.centre < end]
        on_left = any(fragment.box.right <= blank[0] + MARGIN for fragment in inside)
        on_right = any(fragment.box.left >= blank[1] - MARGIN for fragment in inside)
        both += on_left and on_right
    return both >= max(3, len(lines) * 0.6)
