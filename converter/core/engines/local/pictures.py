"""The pixels of a page: in colour, without its colours, which most stages look at, and inverted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.boxes import Quad

Pixels = NDArray[np.uint8]
"""A picture in colour: shape (h, w, 3), RGB."""
Gray = NDArray[np.uint8]
"""A picture without its colours: shape (h, w)."""
Floats = NDArray[np.float32]
"""What a network takes, or says of each pixel or step."""


@dataclass(frozen=True, eq=False)
class Picture:
    """`pixels` is (h, w, 3 RGB); `gray` (h, w) is made once, when it is first asked for."""

    pixels: Pixels

    @cached_property
    def gray(self) -> Gray:
        return cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def is_light_on_dark(gray: Gray, quads: Sequence[Quad]) -> bool:
    """Whether most text of a page (h, w), by its area, is lighter than its ground.

    Letters cover less than half of their box, so that the mean is between the ground and them.
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
    """The page with light and dark exchanged."""
    return np.asarray(255 - pixels, np.uint8)
