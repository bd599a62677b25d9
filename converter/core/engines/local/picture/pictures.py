"""The pixels of a page: in colour, in gray, which most stages use, and inverted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad

Pixels = NDArray[np.uint8]
"""A colour image: shape (h, w, 3), RGB."""
Gray = NDArray[np.uint8]
"""A gray image: shape (h, w)."""
Floats = NDArray[np.float32]
"""The input of a network, or its output for each pixel or step."""


@dataclass(frozen=True, eq=False)
class Picture:
    """`pixels` is (h, w, 3 RGB); `gray` (h, w) is made once, when it is first asked for."""

    pixels: Pixels

    @cached_property
    def gray(self) -> Gray:
        return cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def is_light_on_dark(gray: Gray, quads: Sequence[Quad]) -> bool:
    """Whether most text of a page (h, w), by its area, is lighter than its background.

    Letters cover less than half of their box, so most of its pixels are background, and the mean
    lies between these and the letters.
    """
    light = dark = 0
    for quad in quads:
        left, top = np.maximum(quad.min(axis=0), 0).astype(int)
        right, bottom = quad.max(axis=0).astype(int) + 1
        patch = gray[top:bottom, left:right]
        if patch.size and 2 * np.count_nonzero(patch < patch.mean()) > patch.size:
            light += patch.size
        else:
            dark += patch.size
    return light > dark


def negative(pixels: Pixels) -> Pixels:
    """The page with light and dark swapped."""
    return np.asarray(255 - pixels, np.uint8)
