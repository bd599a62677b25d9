"""What stands out in a column of values, and above all what does not."""

from __future__ import annotations

import pytest

from converter.core.fields.outliers import FEWEST, Profile
from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import Mark

TEXT = FieldSpec("Note")
NUMBER = FieldSpec("Pages", type=FieldType.NUMBER)
DATE = FieldSpec("Date", type=FieldType.DATE)

SHELFMARKS = [f"B.{n}.{10 * n}" for n in range(30)]
NAMES = ["Curie", "de la Cour", "Noether", "van 't Hoff", "Bohr", "Lise Meitner", "O'Neill"]
PLACES = ["Königsberg"] * 12 + ["Malchin i. M."] * 9 + ["Bonn"] * 6


@pytest.mark.parametrize(
    ("spec", "column", "text", "mark"),
    [
        (TEXT, SHELFMARKS, "B.12", Mark.FORM),
        (TEXT, SHELFMARKS, "B.1l.20", Mark.FORM),
        (TEXT, NAMES * 4, "Curie, Marie. " * 9, Mark.LENGTH),
        (TEXT, PLACES, "Kònigsberg", Mark.SPELLING),
        (NUMBER, [str(n) for n in range(90, 140)], "11200", Mark.RANGE),
        (DATE, [f"{n % 28 + 1} May 19{n:02}" for n in range(10, 40)], "3 May 1192", Mark.RANGE),
    ],
)
def test_what_stands_out_is_marked(spec, column, text, mark):
    assert mark in Profile.of(spec, [*column, text]).marks(text)


@pytest.mark.parametrize(
    ("spec", "column"),
    [
        (TEXT, SHELFMARKS),
        (TEXT, NAMES * 4),
        (TEXT, PLACES),
        (TEXT, [f"Box {n}" for n in (*[12] * 8, 13, 14, *[15] * 20)]),
        (NUMBER, [f"{2.5 * n * n:.2f}" for n in range(1, 60)]),
        (DATE, [f"{year}" for year in range(1880, 1960)]),
        (TEXT, ["short", "a good deal longer than the others are", "of medium length"] * 10),
    ],
)
def test_usual_values_are_not_marked(spec, column):
    profile = Profile.of(spec, column)
    assert [text for text in column if profile.marks(text)] == []


def test_of_a_few_cards_nothing_is_said():
    few = SHELFMARKS[: FEWEST - 2]
    assert Profile.of(TEXT, [*few, "x"]).marks("x") == ()
    assert Profile.of(TEXT, ["", " "] * FEWEST).marks("x") == ()


def test_what_has_no_text_is_not_marked():
    assert Profile.of(TEXT, SHELFMARKS).marks("  ") == ()


def test_where_the_field_says_what_is_right_the_others_do_not_count():
    spec = FieldSpec("Mark", pattern=r"B\..*")
    assert Profile.of(spec, SHELFMARKS).marks("B.12") == ()


def test_two_names_that_are_both_usual_are_no_misreadings():
    column = ["Anna Berg"] * 20 + ["Anne Berg"] * 10
    profile = Profile.of(TEXT, column)
    assert profile.marks("Anne Berg") == ()
    assert Profile.of(TEXT, [*column, "Anna Rerg"]).marks("Anna Rerg") == (Mark.SPELLING,)


def test_ten_thousand_different_values_are_compared():
    column = [f"Person {n // 26} {chr(97 + n % 26) * 3}" for n in range(10_000)]
    assert Profile.of(TEXT, [*column, *["Königsberg"] * 30, "Könisberg"]).misread == {"Könisberg"}
