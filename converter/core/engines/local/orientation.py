"""Which way up a page lies: its lines show their direction, and reading them shows their heads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.boxes import Quad, extent

LONG: Final = 2.0  # times as long as thick: the box of a digit or two says nothing
TELLING: Final = 8.0  # as long as thick: words enough to tell, and cheap to read again
SAMPLE: Final = 6


def lies_on_side(quads: Sequence[Quad]) -> bool:
    """Whether most text, by its length, runs up or down the page."""
    along = down = 0.0
    for quad in quads:
        width, height = extent(quad)
        along += width if width > LONG * height else 0.0
        down += height if height > LONG * width else 0.0
    return down > along


def telling(quads: Sequence[Quad]) -> list[Quad]:
    """A few lines from which to tell whether a page stands on its head."""
    return sorted(quads, key=distance_to_telling)[:SAMPLE]


def distance_to_telling(quad: Quad) -> float:
    """How far the length of a line, in times its height, is from one that is best to sample."""
    width, height = extent(quad)
    return abs(width / max(1.0, height) - TELLING)


def turn_clockwise(pixels: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """A page (h, w, 3) turned by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -degrees // 90))
