"""Parts the pieces of a page into tables, by correlation clustering of their pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from converter.core.engines.local.structure.page import Page, Places
from converter.core.engines.local.structure.scores import CLIP, Matrix, Scores

TOGETHER: Final = 1.0
"""Neighbours on a line with at least this score are in one table from the start."""
OVERLAP: Final = 0.3
"""Of the smaller table's area: tables that share more are one."""
FOREIGN: Final = 3.0
"""A piece that scores below minus this is in no table, wherever it is."""


def find_tables(page: Page, scores: Scores) -> list[Places]:
    """The pieces of each table; tables are rectangles apart from each other."""
    inside = np.flatnonzero(scores.inside > 0)
    if len(inside) < 2:
        return []
    weights = np.clip(scores.table[np.ix_(inside, inside)], -CLIP, CLIP)
    node = _runs_on_lines(page, inside, weights)
    members = np.zeros((node.max() + 1, len(inside)), np.float32)
    members[node, np.arange(len(inside))] = 1
    cluster = correlation_clusters(members @ weights @ members.T)[node]
    groups = [inside[cluster == number] for number in np.unique(cluster)]
    return _apart(page, scores, [group for group in groups if len(group) > 2])


def _runs_on_lines(page: Page, pieces: Places, weights: Matrix) -> Places:
    """The number of the run of each piece: neighbours on a printed line that belong together."""
    run = np.zeros(len(pieces), np.intp)
    order = np.lexsort((page.boxes[pieces, 0], page.lines[pieces]))
    count = 0
    for before, here in pairwise(order):
        same = page.lines[pieces[before]] == page.lines[pieces[here]]
        if not (same and weights[before, here] > TOGETHER):
            count += 1
        run[here] = count
    return run


def correlation_clusters(weights: Matrix) -> Places:
    """The cluster of each node, by joining the pair that gains most until none gains."""
    left = weights.astype(np.float64)
    np.fill_diagonal(left, -np.inf)
    cluster = np.arange(len(left))
    while len(left):
        first, second = sorted(divmod(int(left.argmax()), len(left)))
        if not left[first, second] > 0:
            break
        left[first] += left[second]
        left[:, first] = left[first]
        left[first, first] = -np.inf
        left[second], left[:, second] = -np.inf, -np.inf
        cluster[cluster == second] = first
    return cluster


def _apart(page: Page, scores: Scores, groups: list[Places]) -> list[Places]:
    """Groups of pieces as rectangles: overlapping ones are joined, pieces within are taken in.

    What is surely no part of a table stays out, such as a stamp.
    """
    groups = list(groups)
    while (pair := _overlapping(page, groups)) is not None:
        first, second = pair
        groups[first] = np.concatenate([groups[first], groups.pop(second)])
    taken = set(np.concatenate(groups).tolist()) if groups else set()
    found = []
    for group in groups:
        left, top, right, bottom = frame(page, group)
        x, y = page.centres, page.middles
        within = np.flatnonzero(
            (left < x) & (x < right) & (top < y) & (y < bottom) & (scores.inside > -FOREIGN)
        )
        more = [piece for piece in within.tolist() if piece not in taken]
        taken.update(more)
        found.append(np.sort(np.concatenate([group, np.array(more, np.intp)])))
    return found


def _overlapping(page: Page, groups: Sequence[Places]) -> tuple[int, int] | None:
    frames = [frame(page, group) for group in groups]
    for second, (left, top, right, bottom) in enumerate(frames):
        for first, (x0, y0, x1, y1) in enumerate(frames[:second]):
            wide, high = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
            least = min((right - left) * (bottom - top), (x1 - x0) * (y1 - y0))
            if wide > 0 and high > 0 and wide * high > OVERLAP * least:
                return first, second
    return None


def frame(page: Page, pieces: Places) -> tuple[float, float, float, float]:
    boxes = page.boxes[pieces]
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    return float(left), float(top), float(right), float(bottom)
