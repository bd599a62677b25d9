"""Makes pages flat that are askew, were photographed at an angle or curl."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad, quad_height
from converter.core.engines.local.picture.flow import Flow, Values, fit_flow
from converter.core.engines.local.picture.pictures import Gray, Pixels
from converter.core.engines.local.picture.pieces import (
    Pieces,
    along_and_down_rules,
    along_text,
    between_neighbours,
    slopes_of,
    turned,
)
from converter.core.tables.model import Box

ROWS: Final = (0.4, 0.05, 0.1, 0.05, 0.05, 0.03, 0.05)
COLUMNS: Final = (0.2, 0.02, 0.1, 0.03, 0.02, 0.005, 0.005)
"""How large the terms of a flow are on photos: slope, and how it changes along and across."""
STRAY: Final = 0.12  # a line that differs this much in slope from most belongs to no row
LEAST: Final = 0.2  # of the height of the text: a page that moves less is flat enough
MESH: Final = 48


@dataclass(frozen=True, slots=True)
class Flattening:
    """Maps the flat page to the page as it was, where its origin is at `offset`.

    `shift` is how far text moves against other text, in heights of a line.

    A point of the flat page is on the row that passes the page's middle column at its y, and on the
    column that passes, once rows are straight, the middle row at its x.
    """

    rows: Flow
    columns: Flow
    shift: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)

    def forth(self, quads: Sequence[Quad]) -> list[Quad]:
        """Corners on the flat page."""
        if not quads:
            return []
        x, y = np.moveaxis(np.array(quads, np.float64), -1, 0)
        return list(np.stack(self.targets(x, y), axis=-1).astype(np.float32))

    def back(self, boxes: Sequence[Box]) -> list[Box]:
        """Where boxes of the flat page are on the page as it was; they keep their sizes."""
        if not boxes:
            return []
        left, top, right, bottom = np.array(boxes, np.float64).T
        x, y = self.sources((left + right) / 2, (top + bottom) / 2)
        dx, dy = x - (left + right) / 2, y - (top + bottom) / 2
        edges = np.stack([left + dx, top + dy, right + dx, bottom + dy], axis=1)
        return [Box(*edge) for edge in edges.tolist()]

    def sources(self, u: Values, v: Values) -> tuple[Values, Values]:
        """Where points of the flat page come from."""
        u, v = u + self.offset[0], v + self.offset[1]
        x = self.columns.follow(np.full_like(u, self.columns.centre[0]), u, v)
        return x, self.rows.follow(np.full_like(v, self.rows.centre[0]), v, x)

    def targets(self, x: Values, y: Values) -> tuple[Values, Values]:
        """Where points of the page as it was are on the flat page."""
        v = self.rows.follow(x, y, self.rows.centre[0])
        u = self.columns.follow(v, x, self.columns.centre[0])
        return u - self.offset[0], v - self.offset[1]


def find_flattening(gray: Gray, quads: Sequence[Quad]) -> Flattening | None:
    """How to flatten a page (h, w) with text at `quads`; None if it is flat already."""
    if not quads:
        return None
    height = quad_height(quads)
    across, upright = along_and_down_rules(gray, height)
    size = (float(gray.shape[1]), float(gray.shape[0]))
    text = along_text(quads)
    slope = _usual_slope(text if len(text) else across)
    pieces = np.concatenate([text, across, between_neighbours(quads, slope)])
    rows = fit_flow(_near(pieces, slope), size, ROWS, slope)
    # the columns on a page whose rows are straight already, with x and y exchanged
    middle = np.array([rows.centre[0]]), np.array([rows.centre[1]])
    tilt = float(rows.slope(*middle)[0])
    square = -tilt / (1 + tilt**2)
    straight = upright.copy()
    for x, y in ((0, 1), (2, 3)):
        straight[:, y] = rows.follow(upright[:, x], upright[:, y], rows.centre[0])
    down = turned(straight)
    usual = _usual_slope(down) if len(down) else square
    columns = fit_flow(_near(down, usual), size[::-1], COLUMNS, square)
    flattening = Flattening(rows, columns)
    corners = np.concatenate(quads).astype(np.float64).T
    flat = flattening.targets(*corners)
    shift = max(float(np.ptp(new - old)) for new, old in zip(flat, corners, strict=True)) / height
    return replace(flattening, shift=shift) if shift > LEAST else None


def flatten(pixels: Pixels, flattening: Flattening) -> tuple[Pixels, Flattening]:
    """The page (h, w, 3) flat, on a canvas that holds all of it, and the way back from there."""
    height, width = pixels.shape[:2]
    edge = np.linspace(0, 1, MESH)
    side = [(edge, 0 * edge), (edge, 0 * edge + 1), (0 * edge, edge), (0 * edge + 1, edge)]
    x, y = (np.concatenate(ends) for ends in zip(*side, strict=True))
    u, v = flattening.targets(x * width, y * height)
    offset = (float(np.floor(u.min())), float(np.floor(v.min())))
    size = (int(np.ceil(np.ptp(u))) + 1, int(np.ceil(np.ptp(v))) + 1)
    placed = replace(flattening, offset=offset)
    flat = cv2.remap(pixels, *_maps(placed, size), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return flat.astype(np.uint8, copy=False), placed


def _near(pieces: Pieces, slope: float) -> Pieces:
    return pieces[np.abs(slopes_of(pieces) - slope) < STRAY]


def _usual_slope(pieces: Pieces) -> float:
    """The slope that most pieces have, by their length."""
    if not len(pieces):
        return 0.0
    slopes = slopes_of(pieces)
    order = np.argsort(slopes)
    share = np.cumsum((pieces[:, 2] - pieces[:, 0])[order])
    return float(slopes[order[np.searchsorted(share, share[-1] / 2)]])


def _maps(
    flattening: Flattening, size: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each pixel of the flat page the x and y it comes from, worked out on a mesh."""
    width, height = size
    u, v = np.meshgrid(np.linspace(0, width - 1, MESH), np.linspace(0, height - 1, MESH))
    x, y = flattening.sources(u, v)
    scale = np.array([[(MESH - 1) / (width - 1), 0, 0], [0, (MESH - 1) / (height - 1), 0]])
    column, row = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shift_x, shift_y = (
        np.asarray(cv2.warpAffine(shift.astype(np.float32), scale, size, flags=flags), np.float32)
        for shift in (x - u, y - v)
    )
    np.add(shift_x, column, out=shift_x)
    np.add(shift_y, row[:, None], out=shift_y)
    return shift_x, shift_y
