from __future__ import annotations

import pytest

from converter.core.engines.local.page.fragments import join_text
from tests.core.engines.local.printed import fragment


@pytest.mark.parametrize(
    ("upper", "lower", "joined"),
    [
        ("Gehalts-", "klasse", "Gehaltsklasse"),
        ("self-", "employed", "self-employed"),
        ("HIV-", "positive", "HIV- positive"),
        ("1990-", "total", "1990- total"),
        ("North-", "East", "North- East"),
        ("two", "lines", "two lines"),
    ],
)
def test_a_word_that_goes_on_in_the_next_line(upper: str, lower: str, joined: str) -> None:
    assert join_text([fragment(upper, 0, 0), fragment(lower, 0, 24)]) == joined


def test_a_hyphen_between_pieces_of_one_line_stays() -> None:
    assert join_text([fragment("man-", 0, 0), fragment("made", 60, 0)]) == "man- made"


def test_a_sign_joins_the_word_before_it() -> None:
    assert join_text([fragment("27", 0, 0), fragment(". Nov.", 40, 0)]) == "27. Nov."
    assert join_text([fragment("p", 0, 0), fragment(".05", 40, 0)]) == "p .05"


def test_an_empty_cell_has_no_text() -> None:
    assert join_text([]) == ""
