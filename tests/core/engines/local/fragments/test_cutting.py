from __future__ import annotations

import pytest

from converter.core.engines.local.fragments.cutting import cut_lines, part_at, part_between_words
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.page.ruling_lines import RulingLine
from converter.core.engines.local.text.page_text import Line
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page

BOX = Box(20, 20, 280, 44)


def line(*placed: tuple[str, float]) -> Line:
    return Line(BOX, tuple(Glyph(text, x, 0.9) for text, x in placed))


def test_cuts_at_a_wide_blank() -> None:
    page = Page(300, 60).text(25, 20, "ab").text(200, 20, "cd")
    read = line(("a", 31), ("b", 42), (" ", 120), ("c", 206), ("d", 217))
    first, second = cut_lines([read], page.gray, [])
    assert (first.text, second.text) == ("ab", "cd")
    assert first.box.right < 60
    assert second.box.left > 195
    assert first.confidence == pytest.approx(0.81)


def test_keeps_words_of_a_sentence_together() -> None:
    page = Page(300, 60).text(25, 20, "to land and air")
    (only,) = cut_lines([line(("x", 40), ("y", 100))], page.gray, [])
    assert only.box.width > 100


def test_cuts_at_a_rule_however_narrow_the_blank() -> None:
    page = Page(300, 60).text(25, 20, "12").down(52, 0, 59).text(56, 20, "34")
    read = line(("1", 30), ("2", 42), ("3", 61), ("4", 72))
    assert [item.text for item in cut_lines([read], page.gray, [RulingLine(52, 0, 59)])] == [
        "12",
        "34",
    ]


def printed(text: str) -> Fragment:
    """`text` in letters 10 wide."""
    glyphs = tuple(Glyph(letter, 10 * i + 5, 0.9) for i, letter in enumerate(text))
    return Fragment(text, Box(0, 0, 10 * len(text), 20), 0.6, glyphs)


def test_words_go_whole_where_their_middles_stand() -> None:
    first, second = part_between_words(printed("12 34"), [35])
    assert (first.text, second.text) == ("12", "34")
    assert (first.box.right, second.box.left) == (35, 35)


def test_characters_go_where_they_stand() -> None:
    assert [part.text for part in part_at(printed("9.876.54"), [50])] == ["9.876", ".54"]
    assert part_at(printed("12"), [50])[0].text == "12"


@pytest.mark.parametrize(("read", "text"), [("|9.8", "9.8"), ("9\u00b78 |", "9\u00b78")])
def test_rules_beside_a_number_are_no_characters(read: str, text: str) -> None:
    glyphs = tuple((letter, 30 + 10.0 * i) for i, letter in enumerate(read))
    page = Page(300, 60).text(30, 20, "9.8")
    assert cut_lines([line(*glyphs)], page.gray, [])[0].text == text
