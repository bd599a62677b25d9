"""Light text on a dark page: whether it is, and the same page as it would be printed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.detection import Quad


def is_light_on_dark(gray: NDArray[np.uint8], quads: Sequence[Quad]) -> bool:
    """Whether most text of a page (h, w), by its area, is lighter than its ground.

    Letters cover less than half of their box, so that the mean lies on their side of the ground.
    """
    light = dark = 0
    for quad in quads:
        patch = _patch(gray, quad)
        if patch.size and 2 * np.count_nonzero(patch < patch.mean()) > patch.size:
            light += patch.size
        else:
            dark += patch.size
    return light > dark


def negative(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page with light and dark exchanged."""
    return np.asarray(255 - pixels, np.uint8)


def _patch(gray: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    left, top = np.maximum(quad.min(axis=0), 0).astype(int)
    right, bottom = quad.max(axis=0).astype(int) + 1
    return gray[top:bottom, left:right]
