"""What the network is told of each piece of print, in heights of a line."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from converter.core.engines.local.structure.evidence import Values
from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.ruled_boxes import Segments

FAR: Final = 4.0
"""Heights: a ruling line that is farther is not beside a piece."""


def piece_features(page: Page) -> Values:
    """What the network is told of each piece of print: (n, features)."""
    parts = [
        *_placement(page),
        *_looks(page),
        *_ruling(page),
        *_neighbours(page),
        *_alignment(page),
    ]
    features = np.concatenate([np.stack(parts, axis=1), page.kinds], axis=1)
    return np.asarray(np.clip(np.nan_to_num(features), -5, 5), np.float32)


def _placement(page: Page) -> list[Values]:
    left, top, right, bottom = page.boxes.T
    first, last = left.min(), right.max()
    wide, high = max(1.0, last - first), max(1.0, float(np.ptp(page.middles)))
    ones = np.ones(len(left), np.float32)
    return [
        (left - first) / wide,
        (right - first) / wide,
        (page.middles - page.middles.min()) / high,
        np.log1p(right - left) / 3,
        np.log(bottom - top),
        ones * np.log1p(wide) / 4,
        ones * np.log1p(high) / 4,
        ones * np.log1p(len(left)) / 5,
        np.minimum(page.middles - page.middles.min(), 20) / 10,
        np.minimum(page.middles.max() - page.middles, 20) / 10,
    ]


def _looks(page: Page) -> list[Values]:
    evidence = page.evidence
    shade = evidence.ground - page.paper
    typical = np.median(evidence.weight[~page.empty]) if not page.empty.all() else 0.0
    return _floats(
        shade * 3,
        np.abs(shade) > 0.012,
        evidence.contrast,
        (evidence.weight - typical) * 5,
        page.empty,
    )


def _ruling(page: Page) -> list[Values]:
    """The nearest ruling line on each side and its length, and the closed box around."""
    left, _, right, _ = page.boxes.T
    parts: list[Values] = []
    sides = (
        (page.horizontal, page.middles, page.centres, -1),
        (page.horizontal, page.middles, page.centres, 1),
        (page.vertical, left + 0.2, page.middles, -1),
        (page.vertical, right - 0.2, page.middles, 1),
    )
    for lines, at, across, way in sides:
        distance, length = _nearest(lines, at, across, way)
        parts += _floats(distance / 2, np.log1p(length) / 3, distance >= FAR)
    closed = ~np.isnan(page.ruled[:, 0])
    ruled = np.nan_to_num(page.ruled)
    return parts + _floats(
        closed,
        np.where(closed, np.log1p(np.maximum(0, ruled[:, 2] - ruled[:, 0])) / 3, 0),
        np.where(closed, np.log1p(np.maximum(0, ruled[:, 3] - ruled[:, 1])) / 3, 0),
    )


def _floats(*columns: ArrayLike) -> list[Values]:
    return [np.asarray(column, np.float32) for column in columns]


def _nearest(lines: Segments, at: Values, across: Values, way: int) -> tuple[Values, Values]:
    """How far the nearest of `lines` is from `at` (n,) on one side (`way`), and its length."""
    if not len(lines):
        return np.full(len(at), FAR, np.float32), np.zeros(len(at), np.float32)
    passes = (lines[:, 1] - 0.5 < across[:, None]) & (lines[:, 2] + 0.5 > across[:, None])
    away = (lines[:, 0] - at[:, None]) * way
    away = np.where(passes & (away >= 0), away, np.float32(1e6))
    nearest = away.argmin(axis=1)
    distance = away[np.arange(len(at)), nearest]
    length = np.where(distance < 1e5, lines[nearest, 2] - lines[nearest, 1], 0)
    return np.minimum(distance, FAR).astype(np.float32), length.astype(np.float32)


def _neighbours(page: Page) -> list[Values]:
    """Blanks to the next piece on every side, and what the printed line is like."""
    left, _, right, _ = page.boxes.T
    lines = page.lines
    order = np.lexsort((left, lines))
    same = lines[order][1:] == lines[order][:-1]
    gap = np.where(same, left[order][1:] - right[order][:-1], 30)
    to_right, to_left = np.full(len(left), 30.0), np.full(len(left), 30.0)
    to_right[order[:-1]], to_left[order[1:]] = gap, gap
    counts = np.bincount(lines)
    starts, ends = np.full(len(counts), np.inf), np.full(len(counts), -np.inf)
    np.minimum.at(starts, lines, left)
    np.maximum.at(ends, lines, right)
    first, wide = left.min(), max(1.0, float(right.max() - left.min()))
    pitch = np.diff(page.line_middles)
    above = np.concatenate([[6.0], np.minimum(pitch, 6)])
    below = np.concatenate([np.minimum(pitch, 6), [6.0]])
    figures = page.kinds[:, 7]
    share = np.bincount(lines, figures) / np.maximum(1, counts)
    ahead, behind = np.roll(counts, -1), np.roll(counts, 1)
    return [
        np.sign(to_right) * np.log1p(np.abs(to_right)) / 3,
        np.sign(to_left) * np.log1p(np.abs(to_left)) / 3,
        np.log1p(counts[lines]) / 3,
        np.log1p(ahead[lines]) / 3,
        np.log1p(behind[lines]) / 3,
        (starts[lines] - first) / wide,
        (ends[lines] - first) / wide,
        (left - starts[lines]) / wide,
        above[lines] / 3,
        below[lines] / 3,
        share[lines],
    ]


def _alignment(page: Page) -> list[Values]:
    """How many pieces share the left edge, right edge or centre, near and on the whole page."""
    left, _, right, _ = page.boxes.T
    near = np.abs(page.middles[:, None] - page.middles) < 8
    parts: list[Values] = []
    for values in (left, right, page.centres):
        alike = np.abs(values[:, None] - values) < 0.3
        parts += [np.log1p(alike.sum(axis=1)) / 4, np.log1p((alike & near).sum(axis=1)) / 3]
    over = (np.minimum(right[:, None], right) - np.maximum(left[:, None], left)) > 0
    dy = page.middles - page.middles[:, None]
    up = np.where(over & (dy < -0.3), -dy, 6).min(axis=1)
    down = np.where(over & (dy > 0.3), dy, 6).min(axis=1)
    return [*parts, np.minimum(up, 6) / 3, np.minimum(down, 6) / 3]
