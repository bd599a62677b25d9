"""A line of print cut out of a page, gray and level, at the height that the recogniser sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from converter.core.engines.local.page.boxes import Quad, extent
from converter.core.engines.local.picture.pictures import Gray

HEIGHT: Final = 48
MAX_WIDTH: Final = 3200
NARROWEST: Final = 0.05  # of its width is the most that a box may lose at each end


@dataclass(frozen=True, slots=True)
class Framing:
    """How much of the page around a line's box goes into a crop, and how wide it is drawn.

    `across` (above and below) and `along` (at both ends; negative: less than the box) are shares of
    the box's height. The recogniser's time goes with the width, which `stretch` multiplies.
    """

    across: float
    along: float
    stretch: float


COMPACT: Final = Framing(0.0, -0.05, 0.8)
"""Reads clear print as well as wider crops do, in four fifths of the time."""
ROOMY: Final = Framing(0.04, -0.05, 1.2)
"""For a second look: thin points and commas get a few more steps of the recogniser."""
WORN: Final = Framing(0.12, -0.05, 1.25)
"""For a page of print that is hard to read, where boxes often cut into the letters."""


def frame(quad: Quad, framing: Framing) -> Quad:
    """The corners (4, 2) of the part of the page that a crop of the line at `quad` shows."""
    side = (quad[1] - quad[0]) * margin_along(quad, framing)
    up = (quad[3] - quad[0]) * framing.across
    return np.array(
        [quad[0] - up - side, quad[1] - up + side, quad[2] + up + side, quad[3] + up - side],
        np.float32,
    )


def margin_along(quad: Quad, framing: Framing) -> float:
    """The margin at each end of the line at `quad`, as a share of its box's width."""
    width, height = extent(quad)
    return max(framing.along * height / max(1e-6, width), -NARROWEST)


def cut_out(gray: Gray, quad: Quad, stretch: float = 1.0, lines: int = HEIGHT) -> Gray:
    """The part of a page (h, w) inside `quad`, level: (lines, its width at that height).

    Bilinear, as the crops were that the recogniser learned from: sharper filters, bicubic ones
    among them, cost a twentieth of the words of blurred print. Large print is first cut out at a
    multiple of the height, and then averaged.
    """
    width, height = extent(quad)
    height = max(1.0, height)
    times = max(1, int(height / lines))
    size = (max(1, min(MAX_WIDTH, round(width * lines / height * stretch))), lines)
    large = (size[0] * times, lines * times)
    corners = np.array([[0, 0], [large[0], 0], large, [0, large[1]]], np.float32)
    crop = cv2.warpPerspective(
        gray,
        cv2.getPerspectiveTransform(quad, corners),
        large,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if times > 1:
        crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    return crop.astype(np.uint8, copy=False)
