"""A small network of our own that finds lines of text, and the pages that it cannot judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.detection.detection import kernels_of
from converter.core.engines.local.detection.edges import quads_between
from converter.core.engines.local.detection.tiles import Tile, tiled, tiles_of
from converter.core.engines.local.networks.model_files import read_own_model
from converter.core.engines.local.networks.session import open_session
from converter.core.engines.local.page.boxes import Quad, extent, quad_height
from converter.core.engines.local.picture.orientation import lies_on_side
from converter.core.engines.local.picture.pictures import Floats, Pixels

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
PAPER: Final = 3.5
"""Pixels by which its boxes are higher than print, from ascent to descent, of any height: measured
on 105 rendered pages, seen in nine sizes."""
QUARTER: Final = 0.25


@dataclass(frozen=True, slots=True)
class Look:
    """What the small network sees in a view: the likelihood (h, w; 0..1) of text, and boxes."""

    likelihood: Floats
    quads: Sequence[Quad]

    @property
    def print_height(self) -> float | None:
        """The height of small letters in the view: a quarter of all print is lower. None if there
        is none. It counts by length, so specks and the strokes of huge letters say little.
        """
        if not self.quads:
            return None
        sizes = np.array([extent(quad) for quad in self.quads])
        along, across = sizes.T if not lies_on_side(self.quads) else sizes.T[::-1]
        order = np.argsort(across)
        counted = np.cumsum((along / np.maximum(1, across))[order])
        return float(across[order][np.searchsorted(counted, QUARTER * counted[-1])]) - PAPER

    def doubtful(self) -> list[Tile]:
        """The tiles of the view that it is not sure of.

        It is never sure if text seems to run down the page: this may also be stacked digits.
        """
        tiles = tiles_of(*self.likelihood.shape)
        if are_tall(self.quads) or lies_on_side(self.quads):
            return tiles
        if is_sure(self.likelihood):
            return []
        return [tile for tile in tiles if not is_sure(self.likelihood[tile.kept])]

    def lines(self) -> list[Quad]:
        """The lines of text, in pixels of the view."""
        return [with_paper(quad) for quad in without_cut_lines(self.quads, len(self.likelihood))]


class SmallDetector:
    """Make it in the main thread. Raises FileNotFoundError if the model file is missing."""

    def __init__(self) -> None:
        self._session = open_session(read_own_model(MODEL))

    def look(self, pixels: Pixels) -> Look:
        """What it sees in a view (h, w, 3 RGB)."""
        likelihood, edges = tiled(self.maps, pixels)
        return Look(likelihood, quads_between(likelihood, edges, LEAST))

    def maps(self, pixels: Pixels) -> tuple[Floats, Floats]:
        """The likelihood (h, w; 0..1) of text for each pixel of a view, and edges.

        See `quads_between` for the edges. The network takes the view in gray.
        """
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        tensor = np.multiply(gray, np.float32(1 / 127.5), dtype=np.float32) - np.float32(1)
        likelihood, edges = self._session.run(None, {"x": tensor[None, None]})
        return np.asarray(likelihood, np.float32), np.asarray(edges, np.float32)


def is_sure(likelihood: Floats) -> bool:
    """Whether a map of likelihood is clear: what is text and what is not, and how many lines."""
    return doubt(likelihood) <= DOUBT and is_steady(likelihood)


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
