"""Words of a page in reading order."""

from __future__ import annotations

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.two_readings.print_lines import tokens_of, words_of
from converter.core.tables.model import Box, Word


def test_a_piece_is_cut_at_its_blanks():
    glyphs = tuple(Glyph(text, 10.0 + 10 * place, 0.9) for place, text in enumerate("ab 12"))
    piece = Fragment("ab 12", Box(5, 0, 55, 20), 0.8, glyphs)
    assert words_of([piece]) == [
        Word("ab", Box(5, 0, 25, 20), 0.9),
        Word("12", Box(35, 0, 55, 20), 0.9),
    ]


def test_a_piece_without_characters_is_one_word():
    piece = Fragment("-", Box(5, 0, 9, 4), 0.9)
    assert words_of([piece]) == [Word("-", Box(5, 0, 9, 4), 0.9)]


def test_words_are_read_line_by_line():
    words = [
        Word("c", Box(0, 30, 10, 50)),
        Word("b", Box(40, 3, 50, 23)),
        Word("a", Box(0, 0, 10, 20)),
    ]
    assert [(token.word.text, token.line) for token in tokens_of(words)] == [
        ("a", 0),
        ("b", 0),
        ("c", 1),
    ]


def test_lines_of_leaders_count_no_line():
    words = [Word(" ", Box(0, 0, 9, 20)), Word("a", Box(0, 30, 9, 50))]
    assert [token.line for token in tokens_of(words)] == [0]


def test_a_line_that_slopes_is_one():
    words = [
        Word(
            f"{line}{place}",
            Box(left, 30 * line + left / 15, left + 40, 30 * line + left / 15 + 20),
        )
        for line in range(3)
        for place, left in enumerate(range(0, 600, 60))
    ]
    assert [(token.word.text[0], token.line) for token in tokens_of(words)] == [
        (str(line), line) for line in range(3) for _ in range(10)
    ]


def test_a_blank_page_has_no_words():
    assert tokens_of([]) == []
