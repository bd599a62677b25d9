from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageFont

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.recognition.box_ends import own_part
from converter.core.engines.local.recognition.digits import DigitReader
from converter.core.engines.local.recognition.partial_lines import WHOLE, Part
from tests.core.engines.local.printed import Page

SIZE, LEFT, TOP, BOTTOM = 26, 100, 58, 92
"""Of print, and of the box around it: its digits are 18 high."""
TEXT = "9.764"
RIGHT = LEFT + ImageFont.load_default(SIZE).getlength(TEXT)


def quad(left: float, right: float) -> Quad:
    return np.array([[left, TOP], [right, TOP], [right, BOTTOM], [left, BOTTOM]], np.float32)


def page() -> Page:
    return Page(400, 150).text(LEFT, 60, TEXT, SIZE)


def kept(page: Page, left: float, right: float) -> tuple[float, float]:
    """From where to where a box is its own, in pixels."""
    part = own_part(page.gray, quad(left, right))
    return left + part.start * (right - left), left + part.end * (right - left)


def test_a_box_of_its_own_print_alone_is_whole() -> None:
    assert own_part(page().gray, quad(LEFT - 3, RIGHT + 3)) == WHOLE


@pytest.mark.parametrize("side", [-1, 1])
def test_a_rule_at_an_end_is_not_the_lines_own(side: int) -> None:
    at = LEFT - 8 if side < 0 else RIGHT + 8
    ruled = page().down(at, 0, 149, 2)
    left, right = kept(ruled, LEFT - 12, RIGHT + 12)
    assert at < left < LEFT if side < 0 else RIGHT < right < at


@pytest.mark.parametrize("side", [-1, 1])
def test_the_edge_of_a_number_beside_is_not_the_lines_own(side: int) -> None:
    wide = ImageFont.load_default(SIZE).getlength("8")
    at = LEFT - wide - 12 if side < 0 else RIGHT + 12
    beside = page().text(at, 60, "8", SIZE)
    box = (at + wide / 2, RIGHT + 3) if side < 0 else (LEFT - 3, at + wide / 2)
    left, right = kept(beside, *box)
    assert LEFT - 12 < left <= LEFT
    assert RIGHT <= right < RIGHT + 12


def test_a_number_that_is_wholly_in_a_box_stays() -> None:
    both = page().text(RIGHT + 14, 60, "8", SIZE)
    assert own_part(both.gray, quad(LEFT - 3, RIGHT + 45)) == WHOLE


def test_its_own_last_digit_stays_though_the_box_cuts_through_it() -> None:
    assert own_part(page().gray, quad(LEFT - 3, RIGHT - 7)) == WHOLE


def test_ones_above_each_other_are_no_rule() -> None:
    column = Page(400, 150)
    for line in range(-2, 5):
        column.text(LEFT, 60 + 24 * line, "9.711", SIZE)
    right = LEFT + ImageFont.load_default(SIZE).getlength("9.711")
    assert own_part(column.gray, quad(LEFT - 3, right + 2)) == WHOLE


def test_hardly_anything_is_left_whole() -> None:
    ruled = Page(400, 150).down(LEFT + 8, 0, 149, 2).down(LEFT + 20, 0, 149, 2)
    assert own_part(ruled.gray, quad(LEFT, LEFT + 28)) == WHOLE


@pytest.mark.parametrize("left", [-30, 395, 500])
def test_boxes_that_stand_over_the_edge_of_a_page_are_no_trouble(left: float) -> None:
    assert own_part(page().gray, quad(left, left + 25)) == WHOLE


def test_characters_keep_their_places_in_the_box() -> None:
    (glyph,) = Part(0.2, 0.6).placed([Glyph("7", 0.5, 0.9)])
    assert glyph == Glyph("7", pytest.approx(0.4), 0.9)
    box = quad(100, 200)
    assert Part(0.2, 0.6).of(box)[:, 0].tolist() == pytest.approx([120, 160, 160, 120])
    assert WHOLE.of(box) is box


def test_a_number_is_read_without_what_stands_beside_it() -> None:
    wide = ImageFont.load_default(SIZE).getlength("8")
    beside = page().down(LEFT - 8, 0, 149, 2).text(RIGHT + 12, 60, "8", SIZE)
    box = quad(LEFT - 12, RIGHT + 12 + wide / 2)
    (read,) = DigitReader().read(beside.gray, [box])
    assert read
    assert "".join(glyph.text for glyph in read) == TEXT
    first, last = (box[0, 0] + glyph.x * (box[1, 0] - box[0, 0]) for glyph in (read[0], read[-1]))
    assert LEFT < first < LEFT + 16
    assert RIGHT - 16 < last < RIGHT
