"""Large views, looked at tile by tile: what a network says of their pixels is put together again.

Boxes are made from the whole map, so that a line across the border of two tiles is one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise, product
from typing import Final, NamedTuple

import numpy as np

from converter.core.engines.local.detection.views import MULTIPLE
from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.picture.pictures import Floats, Pixels

UNCUT: Final = 2_200_000
"""Pixels: a view with no more is one tile, for the networks see most if they see all of it."""
SIDE: Final = 1152
"""The longest side of the tiles of larger ones: the memory of the networks goes with their area."""
AROUND: Final = 64
"""Pixels beside a tile that are seen too: what a network says depends on what is near."""

Part = tuple[slice, slice]
"""Rows and columns of a view."""


class Tile(NamedTuple):
    """What is seen at once of a view, and the part of that which counts."""

    seen: Part
    kept: Part


def tiles_of(height: int, width: int) -> list[Tile]:
    """Tiles of one size; what counts of them covers a view of this size, and nothing twice.

    The sides are multiples of MULTIPLE.
    """
    if height * width <= UNCUT:
        whole = slice(0, height), slice(0, width)
        return [Tile(whole, whole)]
    return [
        Tile((rows[0], columns[0]), (rows[1], columns[1]))
        for rows, columns in product(_stretches(height), _stretches(width))
    ]


def tiled(look: Callable[[Pixels], Sequence[Floats]], pixels: Pixels) -> list[Floats]:
    """The maps that `look` makes of a view (h, w, 3 RGB), put together from those of its tiles.

    The last two sides of a map are those of the view, or whole parts of them, down to 1 / MULTIPLE.
    """
    height, width = pixels.shape[:2]
    tiles = tiles_of(height, width)
    if len(tiles) == 1:
        return list(look(pixels))
    whole: list[Floats] = []
    for tile in tiles:
        maps = look(pixels[tile.seen])
        whole = whole or [_blank(each, pixels, tile) for each in maps]
        for into, each in zip(whole, maps, strict=True):
            keep(into, each, tile)
    return whole


def keep(into: Floats, seen: Floats, tile: Tile) -> None:
    """Writes the part that counts of a tile's map into the map of the whole view."""
    step = (tile.seen[0].stop - tile.seen[0].start) // seen.shape[-2]
    inside = [
        slice((kept.start - all_.start) // step, (kept.stop - all_.start) // step)
        for all_, kept in zip(tile.seen, tile.kept, strict=True)
    ]
    place = [slice(kept.start // step, kept.stop // step) for kept in tile.kept]
    into[..., place[0], place[1]] = seen[..., inside[0], inside[1]]


def _blank(seen: Floats, pixels: Pixels, tile: Tile) -> Floats:
    step = (tile.seen[0].stop - tile.seen[0].start) // seen.shape[-2]
    height, width = pixels.shape[:2]
    return np.empty((*seen.shape[:-2], height // step, width // step), np.float32)


def _stretches(length: int) -> list[Part]:
    """From where to where tiles are seen along a side, and what counts of them."""
    count = max(1, -(-(length - 2 * AROUND) // (SIDE - 2 * AROUND)))
    borders = [MULTIPLE * round(length * part / count / MULTIPLE) for part in range(count + 1)]
    kept = [slice(start, stop) for start, stop in pairwise(borders)]
    size = min(length, max(part.stop - part.start for part in kept) + 2 * AROUND)
    starts = (min(max(0, part.start - AROUND), length - size) for part in kept)
    return [(slice(start, start + size), part) for start, part in zip(starts, kept, strict=True)]


def lines_outside(quads: Sequence[Quad], tiles: Sequence[Tile]) -> list[Quad]:
    """Those of these boxes whose middle is in none of these tiles."""
    return [quad for quad in quads if not any(_holds(tile, quad.mean(axis=0)) for tile in tiles)]


def lines_inside(quads: Sequence[Quad], tiles: Sequence[Tile], known: Sequence[Quad]) -> list[Quad]:
    """Those of these boxes that reach into one of these tiles, and are none of the `known` ones.

    Not those whose middle is there: two networks may put it on either side of a border.
    """
    near = [quad for quad in quads if any(_meets(tile, quad) for tile in tiles)]
    if not known:
        return near
    corners = np.array(known)
    (left, top), (right, bottom) = corners.min(axis=1).T, corners.max(axis=1).T
    return [
        quad
        for quad in near
        for x, y in [quad.mean(axis=0)]
        if not ((left < x) & (x < right) & (top < y) & (y < bottom)).any()
    ]


def _holds(tile: Tile, point: Floats) -> bool:
    rows, columns = tile.kept
    return bool(columns.start <= point[0] < columns.stop and rows.start <= point[1] < rows.stop)


def _meets(tile: Tile, quad: Quad) -> bool:
    rows, columns = tile.kept
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return bool(
        left < columns.stop and columns.start < right and top < rows.stop and rows.start < bottom
    )
