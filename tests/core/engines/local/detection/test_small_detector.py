from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest
from numpy.typing import NDArray

from converter.core.engines.local.detection import small_detector
from converter.core.engines.local.detection.small_detector import (
    SmallDetector,
    doubt,
    is_steady,
    with_paper,
    without_cut_lines,
)
from converter.core.engines.local.detection.views import View, usual_times, view_of
from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.text.text import TextReader
from tests.core.engines.local.printed import Page

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def detector() -> SmallDetector:
    return SmallDetector()


def seen(pixels: Pixels) -> View:
    height, width = pixels.shape[:2]
    return view_of(pixels, usual_times(width, height))


def boxes(detector: SmallDetector, pixels: Pixels) -> list[list[float]]:
    """Left, top, right and bottom of what is found, from top to bottom."""
    view = seen(pixels)
    look = detector.look(view.pixels)
    assert not look.doubtful()
    placed = ([*quad.min(0), *quad.max(0)] for quad in view.placed(look.lines()))
    return sorted(placed, key=lambda box: box[1])


def table() -> Page:
    page = Page(900, 500)
    for row, (name, value) in enumerate([("Oslo", "12.5"), ("Lisbon", "-3.08"), ("Ohio", "7")]):
        page.text(60, 60 + 60 * row, name, 26).text(500, 60 + 60 * row, value, 26)
    return page


def test_lines_are_found_where_they_stand(detector: SmallDetector) -> None:
    found = boxes(detector, table().pixels)
    assert len(found) == 6
    for row in range(3):
        pair = sorted(found[2 * row : 2 * row + 2])
        assert [left for left, *_ in pair] == pytest.approx([60, 500], abs=14)
        for _, top, _, bottom in pair:
            assert top == pytest.approx(60 + 60 * row, abs=14)
            assert 20 < bottom - top < 50


def test_the_maps_have_the_size_of_the_picture(detector: SmallDetector) -> None:
    likelihood, edges = detector.maps(np.full((96, 160, 3), 255, np.uint8))
    assert likelihood.shape == (96, 160)
    assert edges.shape == (2, 24, 40)
    assert likelihood.dtype == edges.dtype == np.float32
    assert 0 <= likelihood.min() <= likelihood.max() < 0.1


@pytest.mark.parametrize("ink", [(0, 0, 0), (160, 0, 0), (0, 0, 200)])
def test_coloured_print_is_found(detector: SmallDetector, ink: tuple[int, int, int]) -> None:
    page = table().pixels
    coloured = np.where(page < 128, np.array(ink, np.uint8), page)
    assert len(boxes(detector, coloured)) == 6


def test_a_page_on_its_head_has_as_many_lines(detector: SmallDetector) -> None:
    assert len(boxes(detector, np.ascontiguousarray(table().pixels[::-1, ::-1]))) == 6


@pytest.mark.parametrize("turns", [1, 3])
def test_a_page_on_its_side_is_left_to_the_large_network(
    detector: SmallDetector, turns: int
) -> None:
    turned = np.ascontiguousarray(np.rot90(table().pixels, turns))
    assert detector.look(seen(turned).pixels).doubtful()


def test_what_is_no_text_is_not_taken_for_it(detector: SmallDetector) -> None:
    pixels = np.full((640, 640, 3), 240, np.uint8)
    pixels[40:600, 40:44] = pixels[40:44, 40:600] = pixels[596:600, 40:600] = 20
    noise = np.random.default_rng(1).normal(0, 4, (640, 640, 1))
    framed = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    look = detector.look(seen(framed).pixels)
    assert look.doubtful() or not look.lines()


def test_doubt_is_what_is_neither_text_nor_none() -> None:
    likelihood = np.full((64, 64), 0.01, np.float32)
    assert doubt(likelihood) == 0
    likelihood[10:20, 10:50] = 1
    assert doubt(likelihood) == 0
    likelihood[30:40, 10:50] = 0.5
    assert doubt(likelihood) == pytest.approx(1 / 6, abs=1e-6)


def test_lines_that_come_and_go_with_the_bar_are_not_steady() -> None:
    likelihood = np.zeros((400, 200), np.float32)
    for top in range(10, 390, 20):
        likelihood[top : top + 10, 20:180] = 0.9
    assert is_steady(likelihood)
    likelihood[:, 95:105] = likelihood[:, 95:105] * np.float32(0.5)  # a gap, or none
    assert not is_steady(likelihood)


def test_what_the_small_network_is_not_sure_of_is_left_to_the_large_one(
    reader: TextReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_detector, "is_sure", Mock(return_value=False))
    assert len(reader._models.find(table().pixels)) == 6


def test_a_line_that_the_edge_cuts_off_is_none() -> None:
    def quad(top: float, bottom: float) -> Quad:
        return np.array([[0, top], [90, top], [90, bottom], [0, bottom]], np.float32)

    lines = [quad(30, 50), quad(60, 80), quad(90, 110)]
    assert without_cut_lines([quad(-3, 6), *lines, quad(112, 121)], 120) == lines
    assert len(without_cut_lines([quad(-3, 20), *lines], 120)) == 4
    assert without_cut_lines([], 120) == []


def test_a_box_gets_more_paper_below_than_above() -> None:
    quad = np.array([[0, 10], [200, 30], [196, 70], [-4, 50]], np.float32)
    larger = with_paper(quad)
    assert larger.dtype == np.float32
    assert np.allclose(larger[[0, 1]], quad[[0, 1]] - 0.02 * np.array([-4, 40]), atol=1e-4)
    assert np.allclose(larger[[2, 3]], quad[[2, 3]] + 0.05 * np.array([-4, 40]), atol=1e-4)
