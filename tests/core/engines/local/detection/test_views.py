"""How large a picture is seen, and without which margins."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from converter.core.engines.local.detection.views import (
    LARGEST,
    MARGIN,
    MAX_PIXELS,
    MULTIPLE,
    most_times,
    printed_part,
    size_at,
    usual_times,
    view_of,
)


@pytest.mark.parametrize(
    ("size", "seen"),
    [
        ((440, 120), (896, 256)),  # small pictures are enlarged
        ((1240, 1755), (1120, 1600)),  # large ones are reduced
        ((600, 3340), (288, 1600)),
        ((500, 3340), (512, 3328)),  # but not a strip
        ((20000, 50), (20000, 64)),
        ((1, 1), (32, 32)),
    ],
)
def test_size_of_the_input(size: tuple[int, int], seen: tuple[int, int]) -> None:
    assert size_at(*size, usual_times(*size)) == seen


def test_a_view_is_bounded() -> None:
    width, height = size_at(60000, 700, most_times(60000, 700))
    assert width * height < 1.1 * MAX_PIXELS
    assert most_times(100, 100) == LARGEST


def test_print_that_is_reduced_much_keeps_all_its_strokes() -> None:
    pixels = np.full((900, 900, 3), 255, np.uint8)
    pixels[:, 1::9] = 0  # bilinear interpolation would see all of these strokes, or none
    seen = view_of(pixels, 1 / 3).pixels
    assert (seen.min(axis=(0, 2)).reshape(-1, 3).min(axis=1) < 220).all()


def sheet(marks: list[tuple[int, int]], paper: int = 255) -> NDArray[np.uint8]:
    pixels = np.full((640, 480, 3), paper, np.uint8)
    for row, column in marks:
        pixels[row, column] = 255 - paper
    return pixels


def test_blank_margins_are_not_looked_at() -> None:
    rows, columns = printed_part(sheet([(200, 100), (300, 350)]))
    assert (rows.start, columns.start) == (200 - MARGIN, 100 - MARGIN)
    assert rows.stop - rows.start == 192
    assert columns.stop - columns.start == 320
    assert printed_part(sheet([(200, 100), (300, 350)], paper=0)) == (rows, columns)


@pytest.mark.parametrize("marks", [[], [(0, 0), (639, 479)]])
def test_a_page_without_margins_or_marks_is_seen_as_a_whole(marks: list[tuple[int, int]]) -> None:
    assert printed_part(sheet(marks)) == (slice(0, 640), slice(0, 480))


def test_what_is_seen_ends_with_the_page() -> None:
    rows, columns = printed_part(sheet([(630, 470), (620, 475)]))
    assert (rows.stop, columns.stop) == (640, 480)
    assert all((part.stop - part.start) % MULTIPLE == 0 for part in (rows, columns))


def test_grain_of_paper_is_no_margin() -> None:
    grain = np.random.default_rng(1).integers(200, 256, (640, 480, 3), np.uint8)
    assert printed_part(grain) == (slice(0, 640), slice(0, 480))
