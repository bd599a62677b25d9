"""Finds text: a differentiable-binarisation detector and its boxes.

Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", AAAI 2020.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import onnxruntime as ort
from cv2.typing import MatLike
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.picture.pictures import Pixels

INK: Final = 0.3
MIN_SCORE: Final = 0.5
UNCLIP: Final = 1.6
MIN_SIDE: Final = 3.0


def packaged_likelihood(session: ort.InferenceSession, pixels: Pixels) -> NDArray[np.float32]:
    """How likely (h, w; 0..1) each pixel of a view is of text, by the packaged detector."""
    tensor = np.empty((1, 3, *pixels.shape[:2]), np.float32)
    for place, channel in enumerate((2, 1, 0)):  # the network was trained on blue first
        np.multiply(pixels[:, :, channel], np.float32(1 / 127.5), out=tensor[0, place])
    tensor -= 1
    return np.asarray(session.run(None, {"x": tensor})[0][0, 0], np.float32)


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
