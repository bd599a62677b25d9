"""A picture as the detectors see it: at a size that suits its print, without its margins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.picture.ink import middle_tone
from converter.core.engines.local.picture.pictures import Pixels

MULTIPLE: Final = 32
"""The networks halve their input five times."""
USUAL_PIXELS: Final = 1_810_000
"""Of a view while nothing is known of the print: a sheet of A4 is 1600 high."""
USUAL_SIDE: Final = 1600
"""Pixels of such a view's longer side, if it is less than LONG times the other: in a strip that
would leave nothing of the print."""
LONG: Final = 6
MAX_PIXELS: Final = 20_000_000
"""Of a view, whatever its print: with what is known of each, a pixel takes nine bytes."""
LARGEST: Final = 3.0
"""Times that a picture may be enlarged: there is no more to be seen in it."""
CONTRAST: Final = 4
"""By which a pixel differs from blank paper,"""
MARGIN: Final = 32
"""and the blank left around all that does: a network looks at what is beside text too."""


@dataclass(frozen=True, slots=True)
class View:
    """What a detector is shown of a picture: `pixels` (h, w, 3 RGB) of it, at their size there.

    `corner` is where they begin, in pixels of the view; `scale` how large such a pixel is in the
    picture, both (x, y).
    """

    pixels: Pixels
    corner: NDArray[np.float32]
    scale: NDArray[np.float32]

    def placed(self, quads: Sequence[Quad]) -> list[Quad]:
        """Boxes that were found in the view, in pixels of the picture."""
        return [(quad + self.corner) * self.scale for quad in quads]


def view_of(pixels: Pixels, times: float) -> View:
    """A picture (h, w, 3 RGB), `times` as large, without its margins."""
    height, width = pixels.shape[:2]
    new_width, new_height = size_at(width, height, times)
    # beyond a half, bilinear interpolation skips pixels
    how = cv2.INTER_LINEAR if times > 0.5 else cv2.INTER_AREA
    seen = cv2.resize(pixels, (new_width, new_height), interpolation=how)
    rows, columns = printed_part(seen)
    return View(
        np.asarray(seen[rows, columns], np.uint8),
        np.array([columns.start, rows.start], np.float32),
        np.array([width / new_width, height / new_height], np.float32),
    )


def usual_times(width: int, height: int) -> float:
    """How large a picture is seen while nothing is known of its print: small ones are enlarged."""
    longest = max(width, height)
    wanted = max(longest, min(2 * longest, 1000))
    if longest < LONG * min(width, height):
        wanted = min(wanted, USUAL_SIDE)
    return min(wanted / longest, math.sqrt(USUAL_PIXELS / (width * height)))


def size_at(width: int, height: int, times: float) -> tuple[int, int]:
    """The (width, height) of a picture `times` as large, which the networks take."""
    return _round_up(width * times), _round_up(height * times)


def most_times(width: int, height: int) -> float:
    """How large a picture may be seen at most."""
    return min(LARGEST, math.sqrt(MAX_PIXELS / (width * height)))


def printed_part(pixels: MatLike) -> tuple[slice, slice]:
    """The rows and columns of a picture (h, w, 3) between its blank margins.

    Both are multiples of MULTIPLE long. A margin is blank where no pixel differs from most others,
    so photos and scans of whole sheets have none.
    """
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    marks = cv2.absdiff(gray, np.full_like(gray, middle_tone(gray)))
    rows, columns = (cv2.reduce(marks, axis, cv2.REDUCE_MAX).ravel() for axis in (1, 0))
    return _between(rows > CONTRAST), _between(columns > CONTRAST)


def _between(marked: NDArray[np.bool_]) -> slice:
    """From the first mark to the last one, with a margin; all if there are no marks."""
    marks = np.flatnonzero(marked)
    if not len(marks):
        return slice(0, len(marked))
    start, end = max(0, int(marks[0]) - MARGIN), min(len(marked), int(marks[-1]) + 1 + MARGIN)
    length = min(len(marked), -(-(end - start) // MULTIPLE) * MULTIPLE)
    start = min(start, len(marked) - length)
    return slice(start, start + length)


def _round_up(length: float) -> int:
    return max(MULTIPLE, round(length / MULTIPLE) * MULTIPLE)
