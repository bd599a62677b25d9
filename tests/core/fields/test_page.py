"""Which words stand beside and below which."""

from __future__ import annotations

from converter.core.fields.page import Page, on_one_line, union
from converter.core.tables.model import Box, Word


def word(text: str, left: float, top: float, width: float = 100, height: float = 20) -> Word:
    return Word(text, Box(left, top, left + width, top + height))


def texts(words) -> list[str]:
    return [word.text for word in words]


def test_union_holds_all_words():
    assert union([word("a", 0, 50), word("b", 200, 0)]) == Box(0, 0, 300, 70)


def test_one_line_tolerates_a_slant():
    level = Box(0, 100, 50, 120)
    assert on_one_line(level, Box(60, 108, 90, 128))
    assert not on_one_line(level, Box(60, 112, 90, 132))


def test_neighbours_on_the_line_in_order():
    middle = word("b", 200, 2)
    page = Page([word("d", 600, 0), word("c", 400, 0), middle, word("a", 0, 0), word("x", 400, 50)])
    assert texts(page.right_of(middle)) == ["c", "d"]
    assert texts(page.left_of(middle)) == ["a"]


def test_line_ends_at_a_gap():
    page = Page([word("a", 0, 0), word("b", 110, 0), word("c", 300, 0)])
    assert texts(page.line_from(page.words[0])) == ["a", "b"]


def test_nearest_word_below_within_reach():
    first = word("a", 0, 0)
    page = Page([first, word("beside", 300, 25), word("far", 0, 100), word("near", 10, 30)])
    assert page.next_below(first, reach=1).text == "near"
    assert page.next_below(first, reach=0.2) is None


def test_page_without_words_has_a_line_height():
    assert Page([]).line_height > 0
