"""Which blanks part cells, by the lines around."""

from __future__ import annotations

import pytest

from converter.core.engines.local.fragments.word_gaps import Word, parts_cells, signs_of_gaps
from converter.core.engines.local.page.glyphs import Glyph

HEIGHT, PITCH, LETTER = 20.0, 26.0, 9.0


def line(number: int, *placed: tuple[float, str]) -> list[Word]:
    """Words that start at x, in letters 9 wide and 20 high."""
    return [
        Word(
            left,
            left + LETTER * len(text),
            PITCH * number,
            HEIGHT,
            False,
            [Glyph(sign, left + LETTER * (at + 0.5), 0.9) for at, sign in enumerate(text)],
        )
        for left, text in placed
    ]


def cut(lines: list[list[Word]]) -> list[list[bool]]:
    return [[parts_cells(signs) for signs in each] for each in signs_of_gaps(lines)]


def test_a_blank_that_goes_on_through_columns_of_figures_parts_cells() -> None:
    rows = [line(at, (0, f"{at}.25"), (46, f"{70 + at}.5"), (92, "118")) for at in range(7)]
    assert cut(rows) == [[True, True]] * 7


def test_words_of_a_paragraph_stay_together() -> None:
    texts = ("while the long years", "went by in that old", "town nobody thought of", "it again so")
    lines = []
    for number, text in enumerate(texts):
        left, placed = 0.0, []
        for word in text.split():
            placed.append((left, word))
            left += LETTER * len(word) + 6
        lines.append(line(number, *placed))
    assert not any(any(each) for each in cut(lines))


def test_a_blank_of_one_line_alone_parts_nothing() -> None:
    assert cut([line(0, (0, "New"), (34, "York"))]) == [[False]]


@pytest.mark.parametrize("lines", [[], [line(0, (0, "alone"))]])
def test_lines_without_blanks(lines: list[list[Word]]) -> None:
    assert cut(lines) == [[] for _ in lines]


def test_signs_tell_of_the_rows_around() -> None:
    rows = [line(at, (0, "Oak"), (60, "12")) for at in range(3)]
    [sign] = signs_of_gaps([*rows, line(3, (0, "Beech and"), (100, "7"))])[1]
    assert sign.open == pytest.approx(2 / 3)  # of the rows that print on both sides
    assert sign.wide == pytest.approx(2 / 3)
    assert (sign.width, sign.figures) == (pytest.approx(33 / 20), 1)
