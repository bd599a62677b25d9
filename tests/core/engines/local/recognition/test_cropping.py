from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.recognition.cropping import (
    HEIGHT,
    MAX_WIDTH,
    NARROWEST,
    WORN,
    Framing,
    cut_out,
    frame,
    margin_along,
)

QUAD = np.array([[100, 50], [300, 50], [300, 70], [100, 70]], np.float32)


def test_a_frame_keeps_the_middle_of_its_box() -> None:
    wide = frame(QUAD, Framing(0.1, 0.5, 1.0))
    assert wide.mean(axis=0) == pytest.approx(QUAD.mean(axis=0))
    assert wide[0] == pytest.approx((90, 48))


def test_margins_are_counted_along_the_line() -> None:
    slanted = QUAD @ np.array([[0.8, 0.6], [-0.6, 0.8]], np.float32)
    assert np.linalg.norm(frame(slanted, WORN)[1] - frame(slanted, WORN)[0]) == pytest.approx(198)


def test_a_box_of_one_digit_loses_little_of_its_width() -> None:
    digit = np.array([[0, 0], [12, 0], [12, 20], [0, 20]], np.float32)
    assert margin_along(digit, Framing(0, -0.1, 1)) == -NARROWEST


@pytest.mark.parametrize(("stretch", "width"), [(1.0, 480), (0.75, 360)])
def test_crops_have_one_height_and_show_the_box_alone(stretch: float, width: int) -> None:
    page = np.zeros((120, 400), np.uint8)
    page[50:70, 100:300] = 255
    crop = cut_out(page, QUAD, stretch)
    assert crop.shape == (HEIGHT, width)
    assert crop.mean() > 250


def test_crops_are_no_wider_than_the_recogniser_can_bear() -> None:
    strip = np.array([[0, 0], [5000, 0], [5000, 10], [0, 10]], np.float32)
    assert cut_out(np.zeros((10, 5000), np.uint8), strip).shape == (HEIGHT, MAX_WIDTH)


def test_large_print_is_averaged_not_thinned() -> None:
    page = np.zeros((480, 960), np.uint8)
    page[:, ::8] = 255
    quad = np.array([[0, 0], [960, 0], [960, 480], [0, 480]], np.float32)
    assert np.abs(cut_out(page, quad).astype(float) - 32).max() < 48


def test_nothing_is_brighter_or_darker_than_the_page() -> None:
    page = np.full((40, 200), 200, np.uint8)
    page[15:25, 50:150] = 40
    quad = np.array([[40, 10], [160, 10], [160, 30], [40, 30]], np.float32)
    crop = cut_out(page, quad)
    assert (crop.min(), crop.max()) == (40, 200)
