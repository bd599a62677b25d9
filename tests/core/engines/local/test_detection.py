from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.detection import MAX_PIXELS, input_size, quads_of


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
