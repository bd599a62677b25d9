from __future__ import annotations

import pytest

from converter.core.engines.local.fragments import Fragment, cut_lines, ink_runs, part_words
from converter.core.engines.local.recognition import Glyph
from converter.core.engines.local.rules import Rule
from converter.core.engines.local.text import Line
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
    assert [item.text for item in cut_lines([read], page.gray, [Rule(52, 0, 59)])] == ["12", "34"]


def test_light_text_on_a_dark_ground_has_ink() -> None:
    page = Page(300, 60)
    page.draw.rectangle((0, 0, 299, 59), fill="navy")
    page.draw.rectangle((50, 25, 60, 40), fill="white")
    assert ink_runs(BOX, page.gray, []) == [(50, 61)]


def test_a_box_outside_the_page_has_no_ink() -> None:
    assert ink_runs(Box(400, 10, 420, 30), Page(300, 60).gray, []) == []


def test_words_are_parted_at_as_many_places() -> None:
    glyphs = tuple(Glyph(letter, 10 * i, 0.9) for i, letter in enumerate("12 34"))
    read = Fragment("12 34", Box(0, 0, 60, 20), 0.6, glyphs)
    first, second = part_words(read, [25])
    assert (first.text, second.text) == ("12", "34")
    assert (first.box.right, second.box.left) == (25, 25)
    assert part_words(read, [15, 35]) == [read]
