from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest
from PIL import ImageFont

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyph, text_of
from converter.core.engines.local.recognition.partial_lines import PartialLine
from converter.core.engines.local.recognition.words import Trial, WordReader, is_odd, is_plain
from converter.core.engines.local.text.text import TextReader
from tests.core.engines.local.printed import Page


@pytest.fixture(scope="module")
def words() -> WordReader:
    return WordReader()


def quads_of(page: Page, reader: TextReader) -> list[Quad]:
    quads = reader._models.find(page.pixels)
    return sorted(quads, key=lambda quad: float(quad[0, 1]))


def glyphs(text: str, confidence: float = 0.99) -> tuple[Glyph, ...]:
    return tuple(Glyph(sign, n / len(text), confidence) for n, sign in enumerate(text))


PRINT = [
    "Carbon dioxide", "Households with children", "of which: under 65", "Mean (SD), n = 128",
    "Total expenditure in 2019", "Agriculture and fishing", "Northern Ireland", "Gross margin %",
]  # fmt: skip


def test_clear_print_is_read(words: WordReader, reader: TextReader) -> None:
    page = Page(600, 500)
    for n, text in enumerate(PRINT):
        page.text(40, 30 + 55 * n, text, 26)
    drafts = words.read(page.gray, quads_of(page, reader))
    said = [draft.sure_words() if draft else [] for draft in drafts]
    assert all(set(sure) <= set(text.split()) for sure, text in zip(said, PRINT, strict=True))
    assert sum(map(len, said)) > 0.7 * sum(len(text.split()) for text in PRINT)


def test_characters_stand_where_they_are(words: WordReader, reader: TextReader) -> None:
    page = Page(700, 100).text(100, 30, "Carbon dioxide", 26)
    (quad,) = quads_of(page, reader)
    (draft,) = words.read(page.gray, [quad])
    assert draft
    wide = page.draw.textlength("Carbon dioxide", font=ImageFont.load_default(26))
    first, last = (quad[0, 0] + draft.glyphs[end].x * (quad[1, 0] - quad[0, 0]) for end in (0, -1))
    assert first == pytest.approx(100 + wide * 0.5 / 14, abs=10)
    assert last == pytest.approx(100 + wide * 13.5 / 14, abs=10)


@pytest.mark.parametrize("text", ["412.5", "I", "O", "l1", "Name ........", "1,250 (3.4)"])
def test_what_does_not_say_how_it_is_meant_is_left_to_others(
    words: WordReader, reader: TextReader, text: str
) -> None:
    page = Page(500, 100).text(60, 30, text, 30)
    assert words.read(page.gray, quads_of(page, reader)) == [None]


@pytest.mark.parametrize("blank", [" ", ""])
def test_a_word_that_runs_over_a_blank_is_left_to_others(
    words: WordReader, reader: TextReader, monkeypatch: pytest.MonkeyPatch, blank: str
) -> None:
    text, font = "Total income of cities", ImageFont.load_default(30)
    page, wide = Page(700, 100).text(60, 30, text, 30), font.getlength(text)
    middles = [font.getlength(text[:n]) + font.getlength(sign) / 2 for n, sign in enumerate(text)]
    read = [Glyph(sign, x / wide, 0.99) for sign, x in zip(text, middles, strict=True)]
    if not blank:
        del read[5]
    look = Mock(side_effect=lambda _gray, quads, _framing: [tuple(read)] * len(quads))
    monkeypatch.setattr(words._network, "look", look)
    (draft,) = words.read(page.gray, quads_of(page, reader))
    assert draft
    assert draft.sure_words() == (["Total", "income", "of", "cities"] if blank else ["cities"])


def test_nothing_is_read_of_a_line_on_its_head(words: WordReader, reader: TextReader) -> None:
    page = Page(600, 100).text(60, 30, "Households with children", 30)
    (quad,) = quads_of(page, reader)
    assert words.read(page.gray, [np.roll(quad, 2, axis=0)]) == [None]


def test_an_empty_box_holds_nothing(words: WordReader) -> None:
    quad = np.array([[10, 10], [60, 10], [60, 40], [10, 40]], np.float32)
    assert words.read(np.full((50, 80), 255, np.uint8), [quad]) == [None]
    assert words.read(np.zeros((50, 80), np.uint8), []) == []


@pytest.mark.parametrize("text", ["Bern", "No. 7", "of which", "x²"])
def test_lines_that_say_how_they_are_meant(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text", ["", "12.5", "(3)", "O", "III", "so", "Page . . 7", "Name ___", "Name …"]
)
def test_lines_that_do_not(text: str) -> None:
    assert is_plain(text) is (text == "Page . . 7")


@pytest.mark.parametrize("word", ["K0HWD", "l0km", "CO2", "twO", "12kg", "v", "(I)", "0"])
def test_words_that_may_be_meant_otherwise(word: str) -> None:
    assert is_odd(word)


@pytest.mark.parametrize("word", ["pH", "2019", "(12)", "Oslo", "TOTAL", "a", "7", "-"])
def test_words_that_may_not(word: str) -> None:
    assert not is_odd(word)


KNOWN = ["Carbon dioxide", "of which: rail", "Northern Ireland"]


def test_a_trial_is_passed_where_both_networks_say_the_same() -> None:
    known = [glyphs(text) for text in KNOWN]
    drafts = [PartialLine(line) for line in known]
    assert Trial().go_on(drafts, known) == (7, 0)
    assert Trial().go_on(drafts, known).is_passed
    assert Trial().go_on([*drafts, None], [*known, glyphs("handwriting")]).is_passed


def test_a_trial_is_not_passed_if_a_word_differs_or_few_are_read() -> None:
    known = [glyphs(text) for text in KNOWN]
    drafts = [PartialLine(line) for line in known]
    misread = Trial().go_on([PartialLine(glyphs("Garbon dioxide")), *drafts[1:]], known)
    assert misread == (7, 1)
    assert misread.tells
    assert not misread.is_passed
    few = Trial().go_on([drafts[0], None, None], known)
    assert not few.tells
    assert not few.is_passed
    assert few.go_on(drafts, known).is_passed
    assert not Trial().tells


def test_lines_that_the_large_network_doubts_tell_nothing() -> None:
    lines = [glyphs(text) for text in KNOWN]
    doubted = [glyphs("Garbon dioxide", 0.6), *lines[1:]]
    assert Trial().go_on([PartialLine(line) for line in lines], doubted) == (5, 0)


def test_of_many_words_one_may_differ() -> None:
    assert Trial(60, 1).is_passed
    assert not Trial(40, 1).is_passed


def test_dashes_and_quotation_marks_may_differ() -> None:
    drafts = [PartialLine(glyphs("“2–3” days of the next year’s term"))]  # noqa: RUF001
    assert Trial().go_on(drafts, [glyphs('"2-3" days of the next year\'s term')]) == (7, 0)


def test_doubtful_words_are_not_held_against_a_page() -> None:
    draft = PartialLine(glyphs("six words that are read we11"), ((19, 28),))
    assert Trial().go_on([draft], [glyphs("six words that are read well")]) == (4, 0)
    assert text_of(draft.glyphs).endswith("we11")
