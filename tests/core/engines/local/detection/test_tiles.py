from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.detection.tiles import (
    SIDE,
    lines_inside,
    lines_outside,
    tiled,
    tiles_of,
)
from converter.core.engines.local.detection.views import MULTIPLE
from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.picture.pictures import Floats, Pixels

TALL = 4000 // MULTIPLE * MULTIPLE, 1280


def quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


@pytest.mark.parametrize("size", [(64, 32), TALL, (1280, 20000), (4672, 6592)])
def test_tiles_cover_a_view_once(size: tuple[int, int]) -> None:
    counted = np.zeros(size, np.uint8)
    for tile in tiles_of(*size):
        counted[tile.kept] += 1
        for seen, kept in zip(tile.seen, tile.kept, strict=True):
            assert 0 <= seen.start <= kept.start < kept.stop <= seen.stop
            assert (seen.stop - seen.start) % MULTIPLE == 0
    assert (counted == 1).all()


def test_tiles_of_a_view_have_one_size() -> None:
    """So that the networks use the same memory again."""
    sizes = {tuple(part.stop - part.start for part in tile.seen) for tile in tiles_of(*TALL)}
    assert len(sizes) == 1
    assert max(sizes.pop()) <= SIDE + MULTIPLE


def test_a_page_is_one_tile() -> None:
    (tile,) = tiles_of(1600, 1120)
    assert tile.seen == tile.kept == (slice(0, 1600), slice(0, 1120))


def test_maps_are_put_together_as_if_there_were_no_tiles() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*TALL, 3), np.uint8)

    def look(part: Pixels) -> tuple[Floats, Floats]:
        gray = part[:, :, 0].astype(np.float32)
        return gray, np.stack([gray[::4, ::4], -gray[::4, ::4]])

    for found, wanted in zip(tiled(look, pixels), look(pixels), strict=True):
        assert np.array_equal(found, wanted)


def test_lines_on_a_border_are_taken_from_one_network_or_the_other() -> None:
    upper, lower = tiles_of(4000, 640)[:2]
    border = upper.kept[0].stop
    above, across = quad(10, 10, 300, 40), quad(10, border - 12, 300, border + 8)
    assert lines_outside([above, across], [lower]) == [above, across]
    # the other network puts it a little lower, or sees it alone
    shifted = quad(12, border - 9, 301, border + 12)
    below, far = quad(10, border + 60, 300, border + 90), quad(10, 60, 300, 90)
    assert lines_inside([shifted, below, far], [lower], [above, across]) == [below]
    assert lines_inside([shifted, below, far], [lower], [above]) == [shifted, below]
    assert lines_inside([below], [lower], []) == [below]
