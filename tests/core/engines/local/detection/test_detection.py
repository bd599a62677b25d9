from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.detection.detection import quads_of
from converter.core.engines.local.text.text import TextReader
from tests.core.engines.local.printed import Page


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


def test_text_far_from_the_corner_is_found_where_it_stands(reader: TextReader) -> None:
    page = Page(1000, 1400).text(620, 900, "Carbon dioxide", 30)
    (quad,) = reader._models.find(page.pixels)
    assert quad[0].tolist() == pytest.approx([620, 900], abs=14)
