"""What counts as the same text, and what does not."""

from __future__ import annotations

import pytest

from converter.core.engines.two_readings.agreement import key_of, likeness


def agree(ours: str, theirs: str) -> float:
    return likeness(key_of(ours), key_of(theirs))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("10 000", "10\u2009000"),
        ("10^5", "10\u2075"),
        (r"\(10^{5}\)", "10\u2075"),
        ("-1.5", "\u22121.5"),
        ("10\u201320", "10-20"),
        ("3\u00b714", "3.14"),
        ("$5", "5"),
        ("[0.3]", "(0.3)"),
        ("\u201cOslo\u201d", "'oslo'"),
        ("Total .....", "Total"),
        ("Zürich", "Zurich"),
        ("12", "l2"),
        ("CO2", "C02"),
        ("..", ".."),
    ],
)
def test_conventions_do_not_matter(ours, theirs):
    assert agree(ours, theirs) == 1


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("12", "13"),
        ("12", "21"),
        ("-5", "5"),
        ("+5", "-5"),
        ("1.5", "15"),
        ("1.5", "1,5"),
        ("(5)", "5"),
        ("1,234", "1.234"),
        ("<5", "5"),
        ("12", ""),
        ("12%", "12"),
        ("-", "5"),
        ("Class 3", "Class 5"),
        ("3.5 kg", "35 kg"),
        ("-3 kg", "3 kg"),
    ],
)
def test_figures_signs_marks_and_brackets_do(ours, theirs):
    assert agree(ours, theirs) == 0


def test_a_misread_letter_is_nearly_the_same():
    assert agree("Manufacturing", "Manufacturlng") == 1
    assert 0.9 < agree("Manufacturing", "Manufactoring") < 1


def test_short_words_must_be_the_same():
    assert agree("yes", "yer") < 0.8


def test_other_words_are_unlike():
    assert agree("Greece", "Portugal") < 0.5
