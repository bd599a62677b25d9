from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import ImageFont

from converter.core.engines.local import figures, words
from converter.core.engines.local.small_network import HEIGHT, OTHER
from tests.bench.small_networks.figures import LONGEST, Figures, figure, phrase
from tests.bench.small_networks.fonts import Font, Fonts, OpenType, Phrases
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
FIGURES = Figures([FONT])
WORDS = Words(Fonts([FONT], [FONT], [FONT], [FONT]), ["Ångström", "Køge"])


@pytest.mark.parametrize("phrases", [FIGURES, WORDS])
def test_the_same_seed_prints_the_same_lines(phrases: Phrases) -> None:
    first, second = Printer(phrases, 7), Printer(phrases, 7)
    for _ in range(20):
        (one, text), (other, same) = first.line(), second.line()
        assert text == same
        assert np.array_equal(one, other)
    assert Printer(phrases, 8).line()[1] != Printer(phrases, 7).line()[1]


@pytest.mark.parametrize(
    ("phrases", "signs", "fewest", "most"),
    [(FIGURES, figures.SIGNS, 0.5, 0.95), (WORDS, words.SIGNS, 0.7, 0.98)],
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


def test_figures_are_short_and_hold_digits() -> None:
    rnd = Random(1)
    assert all(0 < len(phrase(rnd)) <= LONGEST for _ in range(300))
    assert all(any(map(str.isdigit, figure(rnd))) for _ in range(300))


def test_no_sign_is_printed_that_a_font_lacks() -> None:
    assert FONT.has("Oslo 4.5")
    assert not FONT.has("表")
    assert all(FONT.has(WORDS(Random(seed)).text) for seed in range(100))
