"""A page as it is seen: in colour, and without its colours, which most stages look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Gray = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Picture:
    """`pixels` is (h, w, 3 RGB); `gray` (h, w) is made once, when it is first asked for."""

    pixels: Pixels

    @cached_property
    def gray(self) -> Gray:
        return cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
