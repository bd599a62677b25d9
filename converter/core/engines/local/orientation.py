"""Which way up a page lies: its lines show their direction, and reading them shows their heads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.detection import Quad, extent
from converter.core.engines.local.recognition import Glyph

LONG: Final = 2.0  # times as long as thick: the box of a digit or two says nothing
TELLING: Final = 8.0  # as long as thick: words enough to tell, and cheap to read again
SAMPLE: Final = 6
CLEAR: Final = 0.9


def lies_on_side(quads: Sequence[Quad]) -> bool:
    """Whether most text, by its length, runs up or down the page."""
    along = down = 0.0
    for quad in quads:
        width, height = extent(quad)
        along += width if width > LONG * height else 0.0
        down += height if height > LONG * width else 0.0
    return down > along


def usual_height(quads: Sequence[Quad]) -> float:
    """How high most lines are at `quads` (one at least)."""
    return float(np.median([extent(quad)[1] for quad in quads]))


def telling(quads: Sequence[Quad]) -> list[Quad]:
    """A few lines from which to tell whether a page stands on its head."""
    return sorted(quads, key=distance_to_telling)[:SAMPLE]


def distance_to_telling(quad: Quad) -> float:
    """How far the length of a line, in times its height, is from one that is best to sample."""
    width, height = extent(quad)
    return abs(width / max(1.0, height) - TELLING)


def legibility(lines: Sequence[Sequence[Glyph]]) -> float:
    """The mean confidence (0..1) of all characters but blanks; 0 where there are none."""
    marks = [glyph.confidence for line in lines for glyph in line if glyph.text != " "]
    return float(np.mean(marks)) if marks else 0.0


def count_clear(lines: Sequence[Sequence[Glyph]]) -> int:
    """How many characters are read with hardly a doubt: few on a page that lies on its side."""
    return sum(glyph.confidence > CLEAR for line in lines for glyph in line if glyph.text != " ")


def turn_clockwise(pixels: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """A page (h, w, 3) turned by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, -degrees // 90))
