"""Marks on a page that hang together: where each of them stands."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray


def extents(marks: MatLike) -> NDArray[np.int64]:
    """Left, top, width and height of each mark in (h, w), from the top: shape (n, 4).

    Pixels that touch by a corner hang together. Outlines are followed, since labels and statistics
    for every pixel take ten times as long on a page that is mostly blank.
    """
    contours, parents = cv2.findContours(marks, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [
        cv2.boundingRect(contour)
        for contour, (_, _, _, parent) in zip(contours, parents[0] if contours else (), strict=True)
        if parent < 0
    ]
    return np.array(sorted(outer, key=lambda box: (box[1], box[0])), np.int64).reshape(-1, 4)
