"""Bands of colour behind the rows of a table: their edges, taken for evidence like rules."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.rules import Gray, Rule
from converter.core.tables.model import Box

STEP: Final = 4  # of 255, between the grounds of two rows
EVEN: Final = 2  # of 255, within the ground of one row
SHORTEST: Final = 6  # pixels: less is a rule


def find_bands(gray: Gray, box: Box) -> tuple[Rule, ...]:
    """The upper and lower edges of bands across the table at `box` of a page (h, w)."""
    top, bottom = max(0, int(box.top) - SHORTEST), int(box.bottom) + SHORTEST
    patch = gray[top:bottom, max(0, int(box.left)) : int(box.right)]
    if patch.size == 0:
        return ()
    grounds = _grounds(np.median(patch, axis=1))
    return tuple(
        Rule(top + (upper_end + lower_start) / 2, box.left, box.right)
        for (_, upper_end, upper), (lower_start, _, lower) in pairwise(grounds)
        if abs(upper - lower) >= STEP
    )


def _grounds(levels: NDArray[np.float64]) -> list[tuple[int, int, float]]:
    """Stretches (start, end excluded, level) of lines of pixels with one ground."""
    breaks = np.flatnonzero(np.abs(np.diff(levels)) > EVEN) + 1
    edges = [0, *breaks.tolist(), len(levels)]
    return [
        (start, end, float(np.median(levels[start:end])))
        for start, end in pairwise(edges)
        if end - start >= SHORTEST
    ]
