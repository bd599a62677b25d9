"""A small network of our own that finds lines of text, and the pages that it cannot judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.boxes import Quad, quad_height
from converter.core.engines.local.detection import kernels_of
from converter.core.engines.local.edges import quads_between
from converter.core.engines.local.model_files import read_own_model
from converter.core.engines.local.orientation import lies_on_side
from converter.core.engines.local.pictures import Floats, Pixels
from converter.core.engines.local.session import open_session

MODEL: Final = "detector.onnx"
LEAST: Final = 0.5
"""Threshold of its kernels: they are softer than those of the packaged network, and a higher
threshold separates lines that are close together."""
DOUBT: Final = 0.16
"""Print has less; handwriting, dotted forms and images of anything but documents have more."""
POSSIBLE: Final = 0.1
"""Pixels with a smaller likelihood are certainly no text."""
BARS: Final = (0.35, 0.55, 0.75)
"""Where lines are clear, each of these thresholds finds the same number of them,"""
UNSTEADY: Final = 0.04
"""up to this share of all lines."""
TALL: Final = 40.0
"""Pixels of a view: it was trained on few lines that are this high."""
ABOVE: Final = 0.02
BELOW: Final = 0.05
"""By the height of a box, added to it: with more paper around letters, fewer words are doubtful."""
CUT: Final = 0.7
"""By the median height: a line lower than this at the upper or lower edge was cut off there."""


class SmallDetector:
    """Make it in the main thread. Raises FileNotFoundError if the model file is missing."""

    def __init__(self) -> None:
        self._session = open_session(read_own_model(MODEL))

    def find(self, pixels: Pixels) -> list[Quad] | None:
        """The lines of text in a view (h, w, 3 RGB), in its pixels; None if it is not sure.

        It is never sure if text seems to run down the page: this may also be stacked digits.
        """
        likelihood, edges = self.maps(pixels)
        if doubt(likelihood) > DOUBT or not is_steady(likelihood):
            return None
        quads = quads_between(likelihood, edges, LEAST)
        quads = without_cut_lines(quads, len(pixels))
        if are_tall(quads) or lies_on_side(quads):
            return None
        return [with_paper(quad) for quad in quads]

    def maps(self, pixels: Pixels) -> tuple[Floats, Floats]:
        """The likelihood (h, w; 0..1) of text for each pixel of a view, and edges.

        See `quads_between` for the edges. The network takes the view in gray.
        """
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        tensor = np.multiply(gray, np.float32(1 / 127.5), dtype=np.float32) - np.float32(1)
        likelihood, edges = self._session.run(None, {"x": tensor[None, None]})
        return np.asarray(likelihood, np.float32), np.asarray(edges, np.float32)


def doubt(likelihood: NDArray[np.float32]) -> float:
    """The share (0..1) of possible text that is probably none: 0 if all is clear."""
    text = likelihood[likelihood > POSSIBLE]
    return float(1 - np.vdot(text, text) / text.sum()) if len(text) else 0.0


def is_steady(likelihood: NDArray[np.float32]) -> bool:
    """Whether all BARS find about as many lines: otherwise some may be two lines, or none."""
    counts = [len(kernels_of(likelihood, bar)) for bar in BARS]
    return max(counts) - min(counts) <= UNSTEADY * counts[1]


def are_tall(quads: Sequence[Quad]) -> bool:
    """Whether most lines are higher than those that the network was trained on."""
    return bool(quads) and quad_height(quads) > TALL


def with_paper(quad: Quad) -> Quad:
    """The quad, extended by a little of the page above and below the line."""
    down = quad[[3, 2, 2, 3]] - quad[[0, 1, 1, 0]]
    return quad + down * np.array([[-ABOVE], [-ABOVE], [BELOW], [BELOW]], np.float32)


def without_cut_lines(quads: Sequence[Quad], height: int) -> list[Quad]:
    """The quads, without lines that the top or bottom edge of an image of this height cut off."""
    if not quads:
        return []
    tops, bottoms = (np.array([edge(quad[:, 1]) for quad in quads]) for edge in (np.min, np.max))
    low = bottoms - tops < CUT * np.median(bottoms - tops)
    is_cut = low & ((tops <= 0) | (bottoms >= height - 1))
    return [quad for quad, cut in zip(quads, is_cut, strict=True) if not cut]
