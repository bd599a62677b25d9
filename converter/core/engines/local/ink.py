"""Where a line of print has ink, and where it shows the page."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.components import middle_tone
from converter.core.engines.local.pictures import Gray
from converter.core.tables.model import Box


def ink_runs(box: Box, gray: Gray, crossing: Sequence[float]) -> list[tuple[float, float]]:
    """Stretches of x in which `box` shows ink, leaving out the vertical rules at `crossing`."""
    left, top = max(0, int(box.left)), max(0, int(box.top))
    patch = gray[top : int(box.bottom) + 1, left : int(box.right) + 1]
    if not patch.size:
        return []
    ink = is_ink(patch)
    ruled = np.count_nonzero(ink, axis=1) > 0.85 * ink.shape[1]
    ink[ruled] = False  # a horizontal rule inside the box
    columns = np.asarray(ink.any(axis=0))
    for x in crossing:
        columns[max(0, int(x) - left - 2) : int(x) - left + 3] = False
    return [(left + start, left + end) for start, end in runs(columns)]


def is_ink(patch: Gray) -> NDArray[np.bool_]:
    """Which pixels of a part of a page (h, w) differ from its paper, be that light or dark."""
    contrast = np.asarray(cv2.absdiff(patch, np.full_like(patch, middle_tone(patch))), np.uint8)
    return np.greater(contrast, max(25, int(contrast.max()) * 0.35))


def runs(marks: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where (excluded) there are marks in a row of them."""
    padded = np.zeros(len(marks) + 2, np.bool_)
    padded[1:-1] = marks
    edges = np.flatnonzero(padded[1:] != padded[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
