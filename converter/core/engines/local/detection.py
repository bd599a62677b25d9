"""Where text stands: a differentiable-binarisation detector and its boxes.

Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import onnxruntime as ort
from cv2.typing import MatLike
from numpy.typing import NDArray

from converter.core.engines.local.components import middle_tone

Quad = NDArray[np.float32]
"""Four corners (x, y) from the top left, clockwise: shape (4, 2)."""

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


def find_text(session: ort.InferenceSession, pixels: NDArray[np.uint8]) -> list[Quad]:
    """Quadrilaterals around the lines of text in `pixels` (h, w, 3 RGB), in its pixels."""
    height, width = pixels.shape[:2]
    new_width, new_height = input_size(width, height)
    seen = cv2.resize(pixels, (new_width, new_height), interpolation=cv2.INTER_LINEAR)
    rows, columns = printed_part(seen)
    probability = session.run(None, {"x": _as_input(seen[rows, columns])})[0][0, 0]
    scale = np.array([width / new_width, height / new_height], dtype=np.float32)
    corner = np.array([columns.start, rows.start], np.float32)
    return [(quad + corner) * scale for quad in quads_of(probability)]


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
    """From the first mark to the last one, with a margin; all if there is none."""
    marks = np.flatnonzero(marked)
    if not len(marks):
        return slice(0, len(marked))
    start, end = max(0, int(marks[0]) - MARGIN), min(len(marked), int(marks[-1]) + 1 + MARGIN)
    length = min(len(marked), -(-(end - start) // MULTIPLE) * MULTIPLE)
    start = min(start, len(marked) - length)
    return slice(start, start + length)


def input_size(width: int, height: int) -> tuple[int, int]:
    """The (width, height) at which the detector sees a picture: small ones are enlarged.

    Only pictures of common proportions are held to MAX_SIDE; in a long strip that would leave
    nothing of the text, so it is held to MAX_PIXELS alone.
    """
    longest, shortest = max(width, height), max(1, min(width, height))
    wanted = max(longest, min(2 * longest, 1000))
    if longest / shortest < 6:
        wanted = min(wanted, MAX_SIDE)
    scale = min(wanted / longest, (MAX_PIXELS / (width * height)) ** 0.5)
    return _round_up(width * scale), _round_up(height * scale)


def quads_of(probability: NDArray[np.float32]) -> list[Quad]:
    """Boxes of the blobs in a map of text probability (h, w), grown back to whole letters."""
    ink = (probability > INK).astype(np.uint8)
    contours, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        centre, (width, height), angle = cv2.minAreaRect(contour)
        if min(width, height) < MIN_SIDE or _mean_inside(probability, contour) < MIN_SCORE:
            continue
        # for a rectangle the offset of Vatti's clipping has this closed form
        grow = 2 * UNCLIP * width * height / (2 * (width + height))
        corners = cv2.boxPoints((centre, (width + grow, height + grow), angle))
        quads.append(_from_top_left(corners.astype(np.float32)))
    return quads


def _as_input(pixels: MatLike) -> NDArray[np.float32]:
    tensor = np.empty((1, 3, *pixels.shape[:2]), np.float32)
    for place, channel in enumerate((2, 1, 0)):  # the network was trained on blue first
        np.multiply(pixels[:, :, channel], np.float32(1 / 127.5), out=tensor[0, place])
    tensor -= 1
    return tensor


def _mean_inside(probability: NDArray[np.float32], contour: MatLike) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([left, top])], (1,))
    return float(cv2.mean(probability[top : top + height, left : left + width], mask)[0])


def _from_top_left(corners: Quad) -> Quad:
    """Order corners clockwise from the top left, as seen on the page."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1])]
    right = by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([left[0], right[0], right[1], left[1]], dtype=np.float32)


def _round_up(length: float) -> int:
    return max(MULTIPLE, round(length / MULTIPLE) * MULTIPLE)
