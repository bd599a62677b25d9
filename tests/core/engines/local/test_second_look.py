from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from converter.core.engines.local.recognition import HEIGHT, Glyph
from converter.core.engines.local.second_look import (
    crop_large,
    likelihood,
    needs_second_look,
    settle,
    widen,
)

QUAD = np.array([[100, 50], [300, 50], [300, 70], [100, 70]], np.float32)


def glyphs(text: str, confidence: float = 0.95) -> tuple[Glyph, ...]:
    return tuple(Glyph(letter, float(place), confidence) for place, letter in enumerate(text))


def text_of(read: tuple[Glyph, ...]) -> str:
    return "".join(glyph.text for glyph in read)


def agreed(read: tuple[Glyph, ...]) -> list[bool | None]:
    return [glyph.seconded for glyph in read]


@pytest.mark.parametrize(
    ("glyph", "needed"),
    [
        (Glyph("a", 0, 0.99), False),
        (Glyph("a", 0, 0.7), True),
        (Glyph(" ", 0, 0.7), False),
        (Glyph("4", 0, 0.99, missed=0.1), True),
    ],
)
def test_weak_and_lost_characters_need_a_second_look(glyph: Glyph, needed: bool) -> None:
    assert needs_second_look((Glyph("x", 0, 1.0), glyph)) is needed


def test_a_wider_box_keeps_its_middle_and_slope() -> None:
    wide = widen(QUAD)
    assert wide.mean(axis=0) == pytest.approx(QUAD.mean(axis=0))
    assert wide[0] == pytest.approx((98, 48.4), abs=0.01)


def test_a_large_crop_has_the_height_of_the_recogniser() -> None:
    page = np.zeros((120, 400, 3), np.uint8)
    page[50:70, 100:300] = 255
    crop = crop_large(page, QUAD)
    assert crop.shape == (HEIGHT, 538, 3)
    assert crop.mean() > 250


def test_two_readings_alike_second_each_other() -> None:
    assert agreed(settle(glyphs("34.3"), glyphs("34.3"))) == [True] * 4


def test_the_likelier_reading_wins_and_shows_where_they_differ() -> None:
    read = settle(glyphs("delzy", 0.8), glyphs("delay", 0.9))
    assert text_of(read) == "delay"
    assert agreed(read) == [True, True, True, False, True]


def test_a_character_that_only_the_other_reading_has_casts_doubt_on_its_neighbours() -> None:
    read = settle(glyphs("343", 0.95), glyphs("34.3", 0.8))
    assert text_of(read) == "343"
    assert agreed(read) == [True, False, False]


def test_a_reading_that_seems_to_have_lost_a_character_is_less_likely() -> None:
    whole = glyphs("34.3")
    lost = tuple(replace(glyph, missed=0.9) for glyph in glyphs("343"))
    assert text_of(settle(lost, whole)) == "34.3"


def test_nothing_read_is_least_likely() -> None:
    assert likelihood(()) < likelihood(glyphs("a" * 500, 1e-3))
    assert text_of(settle(glyphs("a", 0.1), ())) == "a"
