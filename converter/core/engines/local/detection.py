"""Finds text: a differentiable-binarisation detector and its boxes.

Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import onnxruntime as ort
from cv2.typing import MatLike
from numpy.typing import NDArray

from converter.core.engines.local.boxes import Quad
from converter.core.engines.local.ink import middle_tone
from converter.core.engines.local.pictures import Pixels

MULTIPLE: Final = 32  # the network halves its input five times
MAX_SIDE: Final = 1600
MAX_PIXELS: Final = 2_000_000
CONTRAST: Final = 4
"""By which a pixel differs from blank paper,"""
MARGIN: Final = 32
"""and the blank left around all that does: the network looks at what is beside text too."""
INK: Final = 0.3
MIN_SCORE: Final = 0.5
UNCLIP: Final = 1.6
MIN_SIDE: Final = 3.0


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


def view_of(pixels: Pixels) -> View:
    """A picture (h, w, 3 RGB) as a detector sees it: of a common size, without its margins."""
    height, width = pixels.shape[:2]
    new_width, new_height = input_size(width, height)
    seen = cv2.resize(pixels, (new_width, new_height), interpolation=cv2.INTER_LINEAR)
    rows, columns = printed_part(seen)
    return View(
        np.asarray(seen[rows, columns], np.uint8),
        np.array([columns.start, rows.start], np.float32),
        np.array([width / new_width, height / new_height], np.float32),
    )


def packaged_likelihood(session: ort.InferenceSession, pixels: Pixels) -> NDArray[np.float32]:
    """How likely (h, w; 0..1) each pixel of a view is of text, by the packaged detector."""
    tensor = np.empty((1, 3, *pixels.shape[:2]), np.float32)
    for place, channel in enumerate((2, 1, 0)):  # the network was trained on blue first
        np.multiply(pixels[:, :, channel], np.float32(1 / 127.5), out=tensor[0, place])
    tensor -= 1
    return np.asarray(session.run(None, {"x": tensor})[0][0, 0], np.float32)


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


def input_size(width: int, height: int) -> tuple[int, int]:
    """The (width, height) at which the detector sees a picture: small ones are enlarged.

    Only pictures of common proportions are limited to MAX_SIDE; in a long strip that would leave
    nothing of the text, so it is limited to MAX_PIXELS alone.
    """
    longest, shortest = max(width, height), max(1, min(width, height))
    wanted = max(longest, min(2 * longest, 1000))
    if longest / shortest < 6:
        wanted = min(wanted, MAX_SIDE)
    scale = min(wanted / longest, (MAX_PIXELS / (width * height)) ** 0.5)
    return _round_up(width * scale), _round_up(height * scale)


def quads_of(probability: NDArray[np.float32]) -> list[Quad]:
    """Boxes of the kernels in a map of text probability (h, w), grown back to whole letters."""
    quads = [grown(kernel) for kernel in kernels_of(probability, INK)]
    return [quad for quad in quads if quad is not None]


def kernels_of(probability: NDArray[np.float32], least: float) -> list[MatLike]:
    """The outlines of what is above `least` in a map (h, w) of text probability: of the inner parts
    of lines, apart from each other. Holes in them do not count.
    """
    blobs = (probability > least).astype(np.uint8)
    outlines, tree = cv2.findContours(blobs, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return []
    outer = (each for each, (*_, parent) in zip(outlines, tree[0], strict=True) if parent < 0)
    large = (each for each in outer if min(cv2.boundingRect(each)[2:]) >= MIN_SIDE)
    return [each for each in large if cv2.mean(*inside(probability, each))[0] >= MIN_SCORE]


def grown(kernel: MatLike) -> Quad | None:
    """The box around the line of a kernel; None if it is too small to be of one."""
    centre, (width, height), angle = cv2.minAreaRect(kernel)
    if min(width, height) < MIN_SIDE:
        return None
    # for a rectangle the offset of Vatti's clipping has this closed form
    grow = 2 * UNCLIP * width * height / (2 * (width + height))
    corners = cv2.boxPoints((centre, (width + grow, height + grow), angle)).astype(np.float32)
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1])]
    right = by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([left[0], right[0], right[1], left[1]], dtype=np.float32)


def inside(probability: NDArray[np.float32], kernel: MatLike) -> tuple[MatLike, MatLike]:
    """The part of a map (h, w) around a kernel, and which of its pixels are in it."""
    left, top, width, height = cv2.boundingRect(kernel)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [kernel - np.array([left, top])], (1,))
    return probability[top : top + height, left : left + width], mask


def _round_up(length: float) -> int:
    return max(MULTIPLE, round(length / MULTIPLE) * MULTIPLE)
