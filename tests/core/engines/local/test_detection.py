from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from converter.core.engines.local.detection import (
    MARGIN,
    MAX_PIXELS,
    MULTIPLE,
    input_size,
    printed_part,
    quads_of,
)
from converter.core.engines.local.text import TextReader
from tests.core.engines.local.printed import Page


@pytest.mark.parametrize(
    ("size", "seen"),
    [
        ((440, 120), (896, 256)),  # small pictures are enlarged
        ((1240, 1755), (1120, 1600)),  # large ones are held to 1600
        ((20000, 50), (20000, 64)),  # a strip keeps its text
        ((1, 1), (32, 32)),
    ],
)
def test_size_of_the_input(size: tuple[int, int], seen: tuple[int, int]) -> None:
    assert input_size(*size) == seen


def test_input_is_bounded() -> None:
    width, height = input_size(60000, 700)
    assert width * height < 1.1 * MAX_PIXELS


def test_box_grows_around_a_blob() -> None:
    probability = np.zeros((64, 128), np.float32)
    probability[20:30, 30:90] = 0.9
    (quad,) = quads_of(probability)
    grown = 1.6 * 59 * 9 / (2 * (59 + 9))
    assert quad[0] == pytest.approx([30 - grown, 20 - grown], abs=0.1)
    assert quad[2] == pytest.approx([89 + grown, 29 + grown], abs=0.1)


@pytest.mark.parametrize("level", [0.2, 0.4])
def test_faint_blob_is_no_text(level: float) -> None:
    probability = np.zeros((64, 128), np.float32)
    probability[20:30, 30:90] = level
    assert quads_of(probability) == []


def test_corners_start_at_the_top_left_of_a_slanted_box() -> None:
    probability = np.zeros((100, 100), np.float32)
    for x in range(20, 80):
        probability[x // 4 + 20 : x // 4 + 30, x] = 0.9
    (quad,) = quads_of(probability)
    (left, top), (right, _), _, (_, bottom) = quad
    assert left < 30
    assert right > 70
    assert top < bottom


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


def test_text_far_from_the_corner_is_found_where_it_stands(reader: TextReader) -> None:
    page = Page(1000, 1400).text(620, 900, "Carbon dioxide", 30)
    (quad,) = reader._models.find(page.pixels)
    assert quad[0].tolist() == pytest.approx([620, 900], abs=14)
