"""Bands of colour behind the rows of a table: their edges, taken for evidence like rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from converter.core.engines.local.page.ruling_lines import RulingLine
from converter.core.engines.local.picture.pictures import Gray
from converter.core.tables.model import Box

STEP: Final = 4  # of 255, between the grounds of two rows
EVEN: Final = 2  # of 255, within the ground of one row
PARTS: Final = 12  # along the edge of a band
ALIKE: Final = 0.8  # of the parts change by as much
SHORTEST: Final = 6  # pixels: less is a rule


def find_bands(gray: Gray, box: Box, text: Sequence[Box]) -> tuple[RulingLine, ...]:
    """The upper and lower edges of bands across the table at `box` of a page (h, w).

    Print at the boxes of its `text` does not count, however dense it is.
    """
    top, bottom = max(0, int(box.top) - SHORTEST), int(box.bottom) + SHORTEST
    left = max(0, int(box.left))
    patch = gray[top:bottom, left : int(box.right)].copy()
    if patch.size == 0:
        return ()
    for item in text:
        rows = slice(max(0, round(item.top - top)), max(0, round(item.bottom - top)))
        start = max(0, int(item.left - left) - 1)
        end = min(patch.shape[1] - 1, int(item.right - left) + 1)
        if start < end:  # paint over print with what is on its sides, row by row of pixels
            patch[rows, start:end] = np.maximum(patch[rows, start], patch[rows, end])[:, None]
    levels = np.median(patch, axis=1)
    breaks = np.flatnonzero(np.abs(np.diff(levels)) > EVEN) + 1
    grounds = [
        (start, end, float(np.median(levels[start:end])))
        for start, end in pairwise([0, *breaks.tolist(), len(levels)])
        if end - start >= SHORTEST
    ]
    return tuple(
        RulingLine(top + (upper_end + lower_start) / 2, box.left, box.right)
        for (_, upper_end, upper), (lower_start, _, lower) in pairwise(grounds)
        if abs(upper - lower) >= STEP and _runs_across(patch, upper_end, lower_start)
    )


def _runs_across(patch: Gray, upper_end: int, lower_start: int) -> bool:
    """Whether the ground changes alike all along an edge, unlike paper in uneven light."""
    above = patch[max(0, upper_end - SHORTEST) : upper_end]
    below = patch[lower_start : lower_start + SHORTEST]
    steps = [
        float(np.median(lower)) - float(np.median(upper))
        for upper, lower in zip(
            np.array_split(above, PARTS, axis=1), np.array_split(below, PARTS, axis=1), strict=True
        )
        if upper.size
    ]
    usual = float(np.median(steps))
    alike = sum(abs(step - usual) <= EVEN + abs(usual) / 4 for step in steps)
    return abs(usual) >= STEP and alike > ALIKE * len(steps)
