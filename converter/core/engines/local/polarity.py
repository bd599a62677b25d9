"""Light text on a dark page: whether it is, and the same page as it would be printed."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.detection import Quad


def is_light_on_dark(pixels: NDArray[np.uint8], quads: Sequence[Quad]) -> bool:
    """Whether most text of a page (h, w, 3 RGB), by its area, is lighter than its ground.

    Letters cover less than half of their box, so that the median is the colour of the ground and
    the mean lies on the side of the letters.
    """
    light = dark = 0
    for quad in quads:
        patch = _patch(pixels, quad)
        if patch.size and patch.mean() > np.median(patch):
            light += patch.size
        else:
            dark += patch.size
    return light > dark


def negative(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page with light and dark exchanged."""
    return np.asarray(255 - pixels, np.uint8)


def _patch(pixels: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    left, top = np.maximum(quad.min(axis=0), 0).astype(int)
    right, bottom = quad.max(axis=0).astype(int) + 1
    patch = pixels[top:bottom, left:right]
    return (
        cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
        if patch.size
        else patch
    )
