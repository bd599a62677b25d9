"""Marks on a page: the tone of what is around them, and where those stand that hang together."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray


def middle_tone(gray: NDArray[np.uint8]) -> int:
    """The median (the lower of two) by counting, several times faster than by sorting."""
    counts = np.bincount(gray.ravel(), minlength=256).cumsum()
    return int(np.searchsorted(counts, (gray.size + 1) // 2))


def extents(marks: MatLike) -> NDArray[np.int64]:
    """Left, top, width and height of each mark in (h, w), from the top: shape (n, 4).

    Pixels that touch by a corner hang together. Outlines are followed, since labels and statistics
    for every pixel take ten times as long on a page that is mostly blank.
    """
    contours, family = cv2.findContours(marks, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return np.empty((0, 4), np.int64)
    outer = np.flatnonzero(family[0, :, 3] < 0)  # the others run around holes
    boxes = np.array([cv2.boundingRect(contours[place]) for place in outer.tolist()], np.int64)
    return boxes[np.lexsort((boxes[:, 0], boxes[:, 1]))]
