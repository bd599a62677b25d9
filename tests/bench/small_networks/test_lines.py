from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import ImageFont

from converter.core.engines.local.recognition import digits, words
from converter.core.engines.local.recognition.small_network import HEIGHT, OTHER
from tests.bench.small_networks.digits import LONGEST, Numbers, phrase, printed_number
from tests.bench.small_networks.fonts import Font, Fonts, OpenType, Phrase, Phrases
from tests.bench.small_networks.lines import Printer
from tests.bench.small_networks.words import Words


class Default(OpenType):
    """The font that comes with Pillow."""

    def __init__(self) -> None:
        super().__init__(Path("default"))

    def __call__(self, size: int) -> Font:
        font = ImageFont.load_default(size)
        assert isinstance(font, ImageFont.FreeTypeFont)
        return font


FONT = Default()
NUMBERS = Numbers([FONT])
WORDS = Words(Fonts([FONT], [FONT], [FONT], [FONT]), ["Ångström", "Køge"])


@pytest.mark.parametrize("phrases", [NUMBERS, WORDS])
def test_the_same_seed_prints_the_same_lines(phrases: Phrases) -> None:
    first, second = Printer(phrases, 7), Printer(phrases, 7)
    for _ in range(20):
        (one, text), (other, same) = first.line(), second.line()
        assert text == same
        assert np.array_equal(one, other)
    assert Printer(phrases, 8).line()[1] != Printer(phrases, 7).line()[1]


@pytest.mark.parametrize(
    ("phrases", "signs", "fewest", "most"),
    [(NUMBERS, digits.SIGNS, 0.5, 0.95), (WORDS, words.SIGNS, 0.7, 0.98)],
)
def test_lines_are_as_the_readers_see_them(
    phrases: Phrases, signs: str, fewest: float, most: float
) -> None:
    printer = Printer(phrases, 1, widest=200)
    lines = [printer.line() for _ in range(80)]
    assert all(crop.shape[0] == HEIGHT and 8 <= crop.shape[1] <= 200 for crop, _ in lines)
    assert all(crop.dtype == np.uint8 for crop, _ in lines)
    assert all(set(text) <= {*signs, OTHER} for _, text in lines)
    known = sum(OTHER not in text for _, text in lines)
    assert fewest * len(lines) < known < most * len(lines)


def constant(text: str) -> Phrases:
    return lambda _rnd: Phrase(text, text, FONT)


def share_with_ink_at_an_end(pieces: float) -> float:
    printer = Printer(constant("88"), 3, on_their_heads=0, pieces=pieces)
    crops = [printer.line()[0].astype(float) for _ in range(150)]
    ends = [np.concatenate([crop[6:-6, :2], crop[6:-6, -2:]]) for crop in crops]
    pairs = zip(ends, crops, strict=True)
    return float(np.mean([np.ptp(end) > np.ptp(crop) / 2 for end, crop in pairs]))


def test_pieces_of_what_stands_beside_are_not_to_be_read() -> None:
    alone, beside = share_with_ink_at_an_end(0.0), share_with_ink_at_an_end(1.0)
    assert beside > alone + 0.25


def test_a_coarse_line_is_that_of_a_smaller_picture() -> None:
    ink = np.zeros((40, 80), np.uint8)
    ink[:, 20:22] = 255  # half a pixel of the smaller picture
    printer = Printer(NUMBERS, 1)
    smaller = np.array([printer._shrunk(ink, 4) for _ in range(21)])
    assert smaller.shape == (21, 10, 20)
    assert np.median(smaller[:, 5, 5]) == pytest.approx(255 / 2, abs=20)
    assert np.median(smaller[:, 5, 8:]) == 0


def test_numbers_are_short_and_hold_digits() -> None:
    rnd = Random(1)
    assert all(0 < len(phrase(rnd)) <= LONGEST for _ in range(300))
    assert all(any(map(str.isdigit, printed_number(rnd))) for _ in range(300))


class Lacking(Default):
    def has(self, _text: str) -> bool:
        return False


def test_no_sign_is_printed_that_a_font_lacks() -> None:
    numbers = Numbers([Lacking(), FONT])
    assert all(numbers(Random(seed)).type is FONT for seed in range(50))
    assert FONT.has("Oslo 4.5")
    assert not FONT.has("表")
    assert all(FONT.has(WORDS(Random(seed)).text) for seed in range(100))
