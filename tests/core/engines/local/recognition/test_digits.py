from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageFont

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyph, Glyphs
from converter.core.engines.local.recognition.digits import DigitReader, has_more, is_plain_number
from converter.core.engines.local.recognition.small_network import OTHER, agree, is_sure
from converter.core.engines.local.text.text import TextReader
from tests.core.engines.local.printed import Page


@pytest.fixture(scope="module")
def digits() -> DigitReader:
    return DigitReader()


def glyphs(text: str, confidence: float = 0.99, missed: float = 0.0) -> Glyphs:
    return tuple(Glyph(sign, n / 10, confidence, missed) for n, sign in enumerate(text))


def quads_of(page: Page, reader: TextReader) -> list[Quad]:
    return reader._models.find(page.pixels)


NUMBERS = ["412.5", "1,250", "0.131", "(2.4)", "-17.3", "86%", "1898", "38,417.26"]


def test_numbers_are_read(digits: DigitReader, reader: TextReader) -> None:
    page = Page(400, 500)
    for n, number in enumerate(NUMBERS):
        page.text(60, 30 + 55 * n, number, 26)
    quads = sorted(quads_of(page, reader), key=lambda quad: float(quad[0, 1]))
    read = digits.read(page.gray, quads)
    said = ["".join(g.text for g in found) for found in read if found]
    assert said == [number for number, found in zip(NUMBERS, read, strict=True) if found]
    assert len(said) > len(NUMBERS) / 2


def test_numbers_that_are_read_twice_are_seconded(digits: DigitReader, reader: TextReader) -> None:
    page = Page(400, 500)
    for n, number in enumerate(NUMBERS):
        page.text(60, 30 + 55 * n, number, 26)
    quads = quads_of(page, reader)
    once, twice = (digits.read(page.gray, quads, twice=twice) for twice in (False, True))
    assert all(glyph.seconded for read in twice if read for glyph in read)
    for one, other in zip(once, twice, strict=True):
        assert other is None or (one and [g.text for g in one] == [g.text for g in other])
    assert sum(read is not None for read in twice) > len(NUMBERS) / 2


def test_nothing_is_believed_in_more_than_is_allowed(
    digits: DigitReader, reader: TextReader
) -> None:
    page = Page(400, 100).text(60, 30, "38,417.26", 30)
    (read,) = digits.read(page.gray, quads_of(page, reader), 0.9)
    assert read
    assert max(glyph.confidence for glyph in read) == 0.9


def test_characters_stand_where_they_are(digits: DigitReader, reader: TextReader) -> None:
    page = Page(400, 100).text(100, 30, "412.5", 30)
    (quad,) = quads_of(page, reader)
    (read,) = digits.read(page.gray, [quad])
    assert read
    wide = page.draw.textlength("412.5", font=ImageFont.load_default(30))
    first = quad[0, 0] + read[0].x * (quad[1, 0] - quad[0, 0])
    last = quad[0, 0] + read[-1].x * (quad[1, 0] - quad[0, 0])
    assert first == pytest.approx(100 + wide / 10, abs=6)
    assert last == pytest.approx(100 + wide * 0.9, abs=6)


@pytest.mark.parametrize("text", ["Carbon dioxide", "Total", "10 kg", "B12", "Iso", "No. 7", "Ω 5"])
def test_what_is_no_number_is_left_to_others(
    digits: DigitReader, reader: TextReader, text: str
) -> None:
    page = Page(400, 100).text(60, 30, text, 30)
    assert digits.read(page.gray, quads_of(page, reader)) == [None]


def test_a_number_on_its_head_is_not_read_as_another(
    digits: DigitReader, reader: TextReader
) -> None:
    page = Page(400, 100).text(60, 30, "24735.71", 30)
    (quad,) = quads_of(page, reader)
    assert digits.read(page.gray, [np.roll(quad, 2, axis=0)]) == [None]


def test_an_empty_box_holds_nothing(digits: DigitReader) -> None:
    quad = np.array([[10, 10], [60, 10], [60, 40], [10, 40]], np.float32)
    assert digits.read(np.full((50, 80), 255, np.uint8), [quad]) == [None]
    assert digits.read(np.zeros((50, 80), np.uint8), []) == []


WAYS = ["7", "412.5", "1,250", "12,345.6", "(7)", "-3%", "$5", "9·830 9·837", "12:30", "8 (20%)"]
WAYS += ["0.50 (1.51)", "(9.8-10.4)", "1.2 (0.8-1.9)", "-3 (-1.5)", "39(16.1%)"]


@pytest.mark.parametrize("text", WAYS)
def test_ways_to_write_numbers(text: str) -> None:
    assert is_plain_number(glyphs(text))


OTHERS = [
    "",
    "-",
    "(7",
    "7)",
    "9.84.7",
    "9..2",
    ".05",
    ",5",
    "1,25",
    "7 (",
    "A7",
    "8 (20%",
    "()",
    "8 (2 0)",
]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_number(text: str) -> None:
    assert not is_plain_number(glyphs(text))


@pytest.mark.parametrize("text", [f"9.764 {OTHER}", f"{OTHER}9.764", "2 9.651", "9.764 (", "12 34"])
def test_what_stands_beside_a_number_is_more(text: str) -> None:
    assert has_more(glyphs(text))


@pytest.mark.parametrize("text", ["", "9.764", "- 12", "12 %", "$ 12", f"7 {OTHER}", "8(20%)"])
def test_signs_of_a_number_are_its_own(text: str) -> None:
    assert not has_more(glyphs(text))


def test_one_weak_character_is_enough_to_doubt() -> None:
    strong, weak = glyphs("41"), glyphs("2", 0.6)
    assert is_sure(strong, 0.95, 0.3)
    assert not is_sure(strong + weak, 0.95, 0.3)
    assert not is_sure(strong + glyphs("2", missed=0.4), 0.95, 0.3)


def test_two_readings_agree_or_say_nothing() -> None:
    agreed = agree(glyphs("412", 0.9), glyphs("412", 0.7, 0.2))
    assert [glyph.text for glyph in agreed] == ["4", "1", "2"]
    assert [glyph.confidence for glyph in agreed] == pytest.approx([0.8] * 3)
    assert [glyph.missed for glyph in agreed] == pytest.approx([0.1] * 3)
    assert all(glyph.seconded for glyph in agreed)
    assert agree(glyphs("412"), glyphs("41")) == ()
