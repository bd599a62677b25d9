from __future__ import annotations

import cv2
import numpy as np
import pytest

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.picture.pieces import (
    along_and_down_rules,
    along_text,
    between_neighbours,
    slopes_of,
    turned,
)
from tests.core.engines.local.printed import Page


def quad(left: float, top: float, width: float, slope: float = 0, height: float = 20) -> Quad:
    down = slope * width
    corners = [(0, 0), (width, down), (width, height + down), (0, height)]
    return np.array(corners, np.float32) + np.float32([left, top])


def test_long_lines_have_a_slope() -> None:
    pieces = along_text([quad(10, 10, 200, 0.05), quad(10, 50, 30, 0.3), quad(10, 90, 90, 0.5)])
    assert slopes_of(pieces) == pytest.approx([0.05])
    assert pieces[0, :4] == pytest.approx([10, 20, 210, 30])


def test_rules_across_and_upright() -> None:
    page = np.full((400, 600), 255, np.uint8)
    no_longer_than_a_letter = (10, 10), (20, 10)
    for ends in (((50, 100), (550, 110)), ((300, 50), (290, 350)), no_longer_than_a_letter):
        cv2.line(page, *ends, color=(0,), thickness=2, lineType=cv2.LINE_AA)
    across, upright = along_and_down_rules(page, 20)
    assert slopes_of(across) == pytest.approx([0.02] * len(across), abs=0.004)
    assert slopes_of(turned(upright)) == pytest.approx([-1 / 30] * len(upright), abs=0.004)
    assert min(len(across), len(upright)) > 0


def test_a_blank_page_has_no_rules() -> None:
    across, upright = along_and_down_rules(Page(60, 40).gray, 20)
    assert across.shape == upright.shape == (0, 5)


def test_neighbours_on_a_line_that_slopes() -> None:
    words = [quad(0, 0, 30), quad(200, 10, 30), quad(400, 20, 30), quad(200, 40, 30)]
    pieces = between_neighbours(words, 0.05)
    assert len(pieces) == 2
    assert slopes_of(pieces) == pytest.approx([0.05, 0.05])
    assert between_neighbours(words[:1], 0).shape == (0, 5)
