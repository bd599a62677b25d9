from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.picture.flattening import find_flattening, flatten
from converter.core.engines.local.picture.pictures import Picture
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page

Bend = Callable[[NDArray[np.float64]], NDArray[np.float64]]

WIDTH, HEIGHT = 900, 600
LINES = [(x, y) for y in range(60, 560, 40) for x in (80, 360, 640)]


def box(x: float, y: float) -> NDArray[np.float64]:
    """A line of text, as corners."""
    return np.array([(x, y), (x + 180, y), (x + 180, y + 20), (x, y + 20)], np.float64)


def photo(bend: Bend) -> tuple[NDArray[np.uint8], list[Quad]]:
    """A page with columns between rules, and the boxes of its text, each point moved by `bend`."""
    page = Page(WIDTH, HEIGHT)
    for x in (60, 340, 620, 840):
        corners = bend(np.array([(x, y) for y in range(40, 561, 10)], np.float64))
        page.draw.line([tuple(point) for point in corners.tolist()], fill="black", width=2)
    return page.pixels, [bend(box(*place)).astype(np.float32) for place in LINES]


def skewed(points: NDArray[np.float64]) -> NDArray[np.float64]:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 5, 1)
    return points @ matrix[:, :2].T + matrix[:, 2]


def leaning(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """As seen by a camera that is not above the middle of the page."""
    corners = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    moved = corners + np.array([(60, 10), (-20, 40), (0, -30), (10, 0)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return cv2.perspectiveTransform(points[None], matrix)[0]


def curled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return points + np.stack([0 * points[:, 0], 15 * np.cos(points[:, 0] / 250)], axis=1)


@pytest.mark.parametrize("bend", [skewed, leaning, curled])
def test_rows_and_columns_become_straight(bend: Bend) -> None:
    pixels, quads = photo(bend)
    found = find_flattening(Picture(pixels).gray, quads)
    assert found
    flat, placed = flatten(pixels, found)
    centres = np.array(placed.forth(quads)).mean(axis=1).reshape(-1, 3, 2)
    assert np.ptp(centres[:, :, 1], axis=1).max() < 4
    assert np.ptp(centres[:, :, 0], axis=0).max() < 6
    assert (centres > 0).all()
    assert (centres < [flat.shape[1], flat.shape[0]]).all()


@pytest.mark.parametrize("bend", [skewed, leaning, curled])
def test_boxes_find_their_way_back(bend: Bend) -> None:
    pixels, quads = photo(bend)
    found = find_flattening(Picture(pixels).gray, quads)
    assert found
    _, placed = flatten(pixels, found)
    (left, top), (right, bottom) = (
        edge(placed.forth(quads)[7], axis=0) for edge in (np.min, np.max)
    )
    back = placed.back([Box(left, top, right, bottom)])[0]
    middle = ((back.left + back.right) / 2, (back.top + back.bottom) / 2)
    assert middle == pytest.approx(quads[7].mean(axis=0), abs=2)
    assert back.width == pytest.approx(right - left)


def test_the_picture_moves_with_the_boxes() -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    quads = [skewed(box(*place)).astype(np.float32) for place in LINES]
    cv2.fillPoly(pixels, [quads[7].astype(np.int32)], (0, 0, 0))
    found = find_flattening(Picture(pixels).gray, quads)
    assert found
    flat, placed = flatten(pixels, found)
    x, y = placed.forth(quads)[7].mean(axis=0)
    rows, columns = np.nonzero(flat[:, :, 0] < 128)
    assert (columns.mean(), rows.mean()) == pytest.approx((x, y), abs=1)


def test_a_flat_page_stays_as_it_is() -> None:
    pixels, quads = photo(lambda points: points)
    assert find_flattening(Picture(pixels).gray, quads) is None


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (300, 400)])
def test_without_text_there_is_nothing_to_flatten(shape: tuple[int, int]) -> None:
    assert find_flattening(np.zeros(shape, np.uint8), []) is None
