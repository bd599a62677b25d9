from __future__ import annotations

import numpy as np

from converter.core.engines.local.picture.pictures import Picture, is_light_on_dark, negative
from tests.core.engines.local.printed import Page

LINES = [np.array([(30, y), (330, y), (330, y + 30), (30, y + 30)], np.float32) for y in (18, 68)]


def page() -> Page:
    return Page(400, 120).text(40, 20, "Carbon dioxide 412.5").text(40, 70, "Total 00123")


def test_printed_text_is_dark() -> None:
    assert not is_light_on_dark(page().gray, LINES)


def test_text_of_a_dark_screen_is_light() -> None:
    dark = negative(page().pixels)
    assert is_light_on_dark(Picture(dark).gray, LINES)
    assert (negative(dark) == page().pixels).all()


def test_a_dark_photo_of_print_is_not_dark_mode() -> None:
    assert not is_light_on_dark(page().gray // 3, LINES)


def test_one_dark_heading_does_not_decide() -> None:
    gray = page().gray.copy()
    gray[18:48] = 255 - gray[18:48]
    third = LINES[1] + np.float32([0, 20])
    assert not is_light_on_dark(gray, [*LINES, third])


def test_nothing_written() -> None:
    assert not is_light_on_dark(np.zeros((20, 20), np.uint8), [])
    outside = np.array([(30, 30), (40, 30), (40, 40), (30, 40)], np.float32)
    assert not is_light_on_dark(np.zeros((20, 20), np.uint8), [outside])


def test_colours_are_left_out_once() -> None:
    picture = Picture(np.full((2, 3, 3), (255, 0, 0), np.uint8))
    assert picture.gray.tolist() == [[76] * 3] * 2
    assert picture.gray is picture.gray
