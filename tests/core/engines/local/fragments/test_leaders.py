from __future__ import annotations

from collections.abc import Sequence

import pytest

from converter.core.engines.local.fragments.leaders import is_contents, without_leaders
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.page.ruling_lines import RulingLine
from converter.core.engines.local.page.text_lines import PrintLine, group_lines
from converter.core.tables.model import Box
from tests.core.engines.local.printed import fragment, lines_of

PAGES = [("Aims", "3"), ("Methods", "4"), ("Results", "4"), ("Notes", "12"), ("Index", "60")]
LEADERS = [RulingLine(18 + 24 * row, 80, 290, dotted=True) for row in range(5)]


def rows_of(rows: Sequence[Sequence[str]]) -> list[PrintLine]:
    return group_lines(lines_of(rows, (0, 300, 400)))


def test_words_and_pages_with_rows_of_dots_are_contents() -> None:
    assert is_contents(rows_of(PAGES), LEADERS)
    assert is_contents(rows_of([(f"{words} .....", page) for words, page in PAGES]), [])


def test_words_and_pages_below_a_title_are_contents() -> None:
    (title,) = rows_of([("Contents",)])
    assert is_contents(rows_of(PAGES), [], title)


def test_numbered_sections_and_pages_are_contents() -> None:
    sections = [(f"1.{n} {words}", page) for n, (words, page) in enumerate(PAGES)]
    assert is_contents(rows_of(sections), [])


def test_words_and_numbers_alone_are_none() -> None:
    assert not is_contents(rows_of(PAGES), [])


def test_numbers_that_go_back_are_no_pages() -> None:
    assert not is_contents(rows_of([*PAGES, ("Total", "2")]), LEADERS)


def test_two_columns_of_numbers_are_no_pages() -> None:
    assert not is_contents(rows_of([(*row, row[1]) for row in PAGES]), LEADERS)


@pytest.mark.parametrize(
    ("read", "left"),
    [
        ("Rye ....", "Rye"),
        ("Rye .", "Rye"),
        (". . 12.5", "12.5"),
        ("...7", "7"),
        ("....", "...."),
        ("etc.", "etc."),
        ("and so on...", "and so on..."),
        ("...and on", "...and on"),
        (".5", ".5"),
    ],
)
def test_dots_that_lead_to_or_from_a_text(read: str, left: str) -> None:
    assert [item.text for item in without_leaders([fragment(read, 0, 0)])] == [left]


def test_the_characters_go_with_the_text() -> None:
    glyphs = tuple(Glyph(letter, 9 * i, 1.0) for i, letter in enumerate(" ..12 "))
    (bare,) = without_leaders([Fragment("..12", Box(0, 0, 54, 20), 1.0, glyphs)])
    assert "".join(glyph.text for glyph in bare.glyphs) == bare.text == "12"
