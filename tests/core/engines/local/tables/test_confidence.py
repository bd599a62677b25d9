from __future__ import annotations

from collections import Counter

import pytest

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.tables.confidence import (
    chance,
    count_lines,
    form_of,
    judge,
    oddness,
    signs_of,
)
from converter.core.engines.local.tables.places import SURE
from converter.core.tables.causes import Cause
from converter.core.tables.doubt import DOUBT_BELOW
from converter.core.tables.model import Box, Cell
from tests.core.engines.local.printed import fragment, layout_of

AMOUNTS = ("12.50", "9.75", "1,022.00", "-3.10", "48.99")


def printed(text: str, top: float, confidence: float = 0.999, **marks: object) -> Fragment:
    """A fragment whose characters all have this confidence; the first one has `marks`."""
    glyphs = [Glyph(letter, 9.0 * place, confidence) for place, letter in enumerate(text)]
    glyphs[0] = glyphs[0]._replace(**marks)
    return Fragment(text, Box(0, top, 9 * len(text), top + 20), confidence, tuple(glyphs))


def column(*pieces: Fragment) -> list[float]:
    """The confidence of each cell of a table with one column."""
    cells = [Cell(row, 0, piece.text) for row, piece in enumerate(pieces)]
    judged = judge(cells, [[piece] for piece in pieces], layout_of(pieces, ()))
    return [cell.confidence for cell in judged]


def amounts(**marks: object) -> list[Fragment]:
    """A column of clear print, whose first cell differs by `marks`."""
    first, *others = AMOUNTS
    rest = [printed(text, 24.0 * row) for row, text in enumerate(others, start=1)]
    return [printed(first, 0, **marks), *rest]


def test_clear_print_is_sure() -> None:
    assert min(column(*amounts())) > 0.9


@pytest.mark.parametrize(
    "marks",
    [{"confidence": 0.5}, {"missed": 0.5}, {"seconded": False}],
    ids=["weak", "lost", "disputed"],
)
def test_doubtful_characters_make_a_cell_less_sure(marks: dict[str, object]) -> None:
    first, *others = column(*amounts(**marks))
    assert first < min(others)


def test_a_weak_character_and_two_readings_are_flagged() -> None:
    assert column(*amounts(confidence=0.4, seconded=False))[0] < DOUBT_BELOW


def test_a_lost_point_in_a_column_of_decimals_is_less_sure() -> None:
    *others, last = column(*amounts(), printed("4899", 140))
    assert last < min(others)


def test_a_table_that_is_hard_to_read_is_less_sure_of_all_its_cells() -> None:
    blurred = [printed(text, 24.0 * row, 0.8) for row, text in enumerate(AMOUNTS[1:], start=1)]
    assert column(amounts()[0], *blurred)[0] < column(*amounts())[0]


def test_a_cell_over_two_columns_is_less_sure() -> None:
    pieces = [fragment("Bob", 0, 0), fragment("14 and more", 100, 0), fragment("Ann", 0, 24)]
    cells = [Cell(0, 0, "Bob"), Cell(0, 1, "14 and more", colspan=2), Cell(1, 0, "Ann")]
    name, wide, _ = judge(cells, [[piece] for piece in pieces], layout_of(pieces, (80, 150)))
    assert wide.confidence < name.confidence


def test_a_cell_whose_place_is_unsure_says_so() -> None:
    pieces = amounts()
    cells = [Cell(row, 0, piece.text) for row, piece in enumerate(pieces)]
    places = [SURE._replace(row=-6.0, implausible=-1.0), *[SURE] * 4]
    contents = [[piece] for piece in pieces]
    first, *others = judge(cells, contents, layout_of(pieces, ()), places)
    assert first.confidence < DOUBT_BELOW < min(cell.confidence for cell in others)
    assert first.causes == (Cause.PLACE,)
    assert {cell.causes for cell in others} == {()}


def test_an_empty_cell_keeps_its_confidence() -> None:
    piece = fragment("Ann", 0, 0)
    cells = [Cell(0, 0, "Ann"), Cell(0, 1)]
    layout = layout_of([piece], ())
    assert judge(cells, [[piece], []], layout)[1] is cells[1]
    assert signs_of(cells, [[piece], []], layout)[1] is None


def test_text_that_was_told_by_its_shape_counts_as_one_character() -> None:
    dash = fragment("-", 0, 0, 0.9)
    (signs,) = signs_of([Cell(0, 0, "-")], [[dash]], layout_of([dash], ()))
    assert signs is not None
    assert signs.text.weakest == pytest.approx(signs_of_weak(0.9))
    assert 0 < chance(signs) < 1


def test_a_fragment_of_blanks_alone_does_no_harm() -> None:
    blank = Fragment("", Box(0, 0, 9, 20), 0.5, (Glyph(" ", 4, 0.5),))
    assert 0 < column(blank)[0] < 1


def signs_of_weak(confidence: float) -> float:
    piece = printed("x", 0, confidence)
    (signs,) = signs_of([Cell(0, 0, "x")], [[piece]], layout_of([piece], ()))
    assert signs is not None
    return signs.text.weakest


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1,250.75", "9.88"),
        ("-3.10", "9.88"),
        ("<0.5", "9.8"),
        ("3267 (34.3)", "9 (9.8)"),
        ("12%", "9%"),
        ("Oslo", "a"),
        ("New York", "a"),
        ("R2D2", "a9a9"),
        ("", "a"),
    ],
)
def test_forms(text: str, form: str) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize(
    ("form", "odd"), [("9.88", 0.0), ("9", pytest.approx(6 / 7)), ("a", pytest.approx(6 / 7))]
)
def test_oddness(form: str, odd: float) -> None:
    assert oddness(form, Counter({"9.88": 6, "9": 1, "a": 1})) == odd


def test_nothing_is_odd_in_a_short_column() -> None:
    assert oddness("9", Counter({"a": 2, "9": 1})) == 0


def test_lines_of_print_in_a_cell() -> None:
    side_by_side = [fragment("a", 0, 0), fragment("b", 40, 2)]
    assert count_lines(side_by_side) == 1
    assert count_lines([*side_by_side, fragment("c", 0, 24)]) == 2
