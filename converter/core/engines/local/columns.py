"""Where one column ends and the next begins: blanks that most lines share, and vertical rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.boxes import line_height
from converter.core.engines.local.fragments import Fragment, box_around
from converter.core.engines.local.ruling_lines import RulingLine, RulingLines, rails
from converter.core.engines.local.text_lines import PrintLine

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
    blanks = _blanks(lines, int(left), int(right) + 1)
    free = [blank for blank in blanks if not _holds_rule(blank, ruled)]
    if ruled:
        free = [blank for blank in free if _well_supported(blank, lines, ruled)]
    return sorted(ruled + [(start + end) / 2 for start, end in free])


def ruled_boundaries(
    lines: Sequence[PrintLine], vertical: Sequence[RulingLine], left: float, right: float
) -> list[float]:
    """Vertical rules that divide text from text; rules with nothing between count once."""
    boxes = [fragment.box for line in lines for fragment in line]
    tolerance = 0.25 * line_height(boxes)
    mended = rails(vertical, tolerance)
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
    return all(_runs_on(line, item, x) for line, item in beyond)


def _runs_on(line: PrintLine, fragment: Fragment, x: float) -> bool:
    """Whether a fragment beyond `x` goes on from one that ends there."""
    near = 0.8 * fragment.box.height
    before = [item for item in line if item.centre < x]
    return bool(before) and fragment.box.left < x + near and before[-1].box.right > x - near


def _blanks(lines: Sequence[PrintLine], left: int, right: int) -> list[tuple[float, float]]:
    """Blanks between columns, each as wide as most lines leave it.

    Where few lines have text, as over a sparse column, the blank is cut at that text.
    """
    cover = np.zeros(right - left + 1)
    weights = _weights(lines)
    for line, weight in zip(lines, weights, strict=True):
        for fragment in line:
            cover[_span(fragment, left)] += weight
    blanks = []
    for start, end in _runs_below(cover, CROSSED * sum(weights)):
        inside = np.zeros(end - start)
        for fragment in (item for line in lines if _is_full(line, lines) for item in line):
            if start <= fragment.box.left - left and fragment.box.right - left <= end:
                inside[_span(fragment, left + start)] += 1
        sparse = [(start + s, start + e) for s, e in _runs_below(inside, 0.5)]
        blanks += [_clearest(cover, s, e) for s, e in sparse if s > 0 and e < len(cover) - 1]
    return [(left + start, left + end) for start, end in blanks]


def _is_full(line: PrintLine, lines: Sequence[PrintLine]) -> bool:
    """Whether a line has text in most columns; headings alone over a blank are no column."""
    return len(line) >= 0.6 * max(map(len, lines))


def _clearest(cover: NDArray[np.float64], start: int, end: int) -> tuple[int, int]:
    """The widest part of a blank that the fewest lines reach into."""
    part = cover[start:end]
    runs = _runs_below(part, float(part.min()) + 1e-6)
    best = max(runs, key=lambda run: run[1] - run[0])
    return start + best[0], start + best[1]


def _weights(lines: Sequence[PrintLine]) -> list[float]:
    """Lines with many fragments know most about columns; a lone fragment knows little."""
    most = max(len(line) for line in lines)
    return [0.15 if len(line) == 1 else 0.3 + 0.7 * len(line) / most for line in lines]


def _span(fragment: Fragment, left: int) -> slice:
    start = int(fragment.box.left) - left
    return slice(max(0, start), max(start + 1, int(np.ceil(fragment.box.right)) - left))


def _runs_below(cover: NDArray[np.float64], limit: float) -> list[tuple[int, int]]:
    low = np.concatenate(([False], cover <= limit, [False])).astype(np.int8)
    return [(int(start), int(end)) for start, end in np.flatnonzero(np.diff(low)).reshape(-1, 2)]


def _holds_rule(blank: tuple[float, float], ruled: Sequence[float]) -> bool:
    return any(blank[0] - 3 <= x <= blank[1] + 3 for x in ruled)


def _well_supported(
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
