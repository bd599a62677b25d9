from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
from PIL import ImageFont

from converter.core.engines.local.figures import HEIGHT, OTHER, SIGNS
from tests.bench.figures.lines import WIDEST, Printer
from tests.bench.figures.phrases import LONGEST, figure, phrase

TYPES: list[Callable[[int], ImageFont.FreeTypeFont]] = [ImageFont.load_default]  # type: ignore[list-item]


def test_the_same_seed_prints_the_same_lines() -> None:
    first, second = Printer(TYPES, 7), Printer(TYPES, 7)
    for _ in range(20):
        (one, text), (other, same) = first.line(), second.line()
        assert text == same
        assert np.array_equal(one, other)
    assert Printer(TYPES, 8).line()[1] != Printer(TYPES, 7).line()[1]


def test_lines_are_as_the_reader_sees_them() -> None:
    printer = Printer(TYPES, 1)
    lines = [printer.line() for _ in range(60)]
    assert all(crop.shape[0] == HEIGHT and 8 <= crop.shape[1] <= WIDEST for crop, _ in lines)
    assert all(crop.dtype == np.uint8 for crop, _ in lines)
    assert all(set(text) <= {*SIGNS, OTHER} for _, text in lines)
    figures = sum(OTHER not in text for _, text in lines)
    assert 0.5 * len(lines) < figures < 0.95 * len(lines)


def test_phrases_are_short_and_figures_hold_digits() -> None:
    rnd = Random(1)
    assert all(0 < len(phrase(rnd)) <= LONGEST for _ in range(300))
    assert all(any(map(str.isdigit, figure(rnd))) for _ in range(300))
