from __future__ import annotations

from collections.abc import Sequence

import pytest

from converter.core.engines.local.tables.contradictions import (
    CONFIDENCE,
    doubt_contradicted,
    is_code,
)
from converter.core.tables.causes import Cause
from converter.core.tables.doubt import is_doubtful
from converter.core.tables.model import Cell


def doubted(texts: Sequence[str]) -> list[str]:
    """Which cells of a column, all read with confidence, are doubtful for what they say."""
    cells = [Cell(row, 0, text, confidence=0.97) for row, text in enumerate(texts)]
    return [cell.text for cell in doubt_contradicted(cells) if is_doubtful(cell)]


def test_points_among_commas_are_doubted() -> None:
    column = ["1,234 (5.6%)", "56.377 (48.9%)", "2,118 (7.0%)", "905 (3.1%)"]
    assert doubted(column) == ["56.377 (48.9%)"]


def test_where_most_have_points_the_commas_may_as_well_be_wrong() -> None:
    column = ["1,234", "56.377", "2.118"]
    assert sorted(doubted(column)) == sorted(column)


@pytest.mark.parametrize(
    "column",
    [
        ["1.234", "56.377", "2.118"],
        ["1,234", "56,377", "0.118"],
        ["1,234", "5.1", "7.45", "1.2345"],
        ["12.05.1898", "1,234"],
    ],
)
def test_points_that_have_decimals_are_believed(column: Sequence[str]) -> None:
    assert doubted(column) == []


def test_a_last_digit_may_be_a_mark_where_others_have_one() -> None:
    column = ["12.3†", "4.5a", "89.31", "7.0", "1,204.5*"]
    assert doubted(column) == ["89.31"]
    assert doubted(["12.3†", "89.31", "7.0"]) == []  # one mark alone shows no habit
    assert doubted(["12.35†", "4.5a", "89.31", "7.0"]) == []


def test_a_first_digit_may_be_a_sign_of_currency_where_others_have_one() -> None:
    column = ["$17.20", "$3.05", "528.40", "$1,204.50", "$9.00", "n/a"]
    assert doubted(column) == ["528.40"]
    assert doubted(["$17.20", "3.05", "28.40", "204.50", "9.00", "$321.75"]) == []


def test_codes_of_signs_that_look_alike_are_doubted() -> None:
    assert doubted(["9804Q4B", "1307ExQ4", "A7C4", "B12"]) == ["9804Q4B", "1307ExQ4"]


def test_a_number_among_codes_may_be_none() -> None:
    column = ["X140LA", "7181", "A7C4", "3E4D", "B6F9", "1 of 4", "A4", "249"]
    assert doubted(column) == ["X140LA", "7181"]
    assert doubted(["7181", "2010", "A7C4"]) == []


def test_a_t_may_be_a_dagger_where_it_is_no_unit() -> None:
    assert doubted(["12.5", "84.9t", "7.25", "1,120.3"]) == ["84.9t"]
    assert doubted(["12.5t", "84.9t", "7.25", "n/a"]) == []


@pytest.mark.parametrize(
    "text", ["0 = 619", "(0=20)", "Nitrous oxide (N20)", "C02", "Pig lron", "7.1 x 104", "6X10-9"]
)
def test_what_speaks_against_itself(text: str) -> None:
    assert doubted([text]) == [text]


@pytest.mark.parametrize(
    "text",
    ["84.9 t", "10 = 2 + 8", "CO2", "H2O", "C6H12O6", "2019Q1", "1H2020", "10x15", "1h30",
     "1,040E-09", "C10-C13", "3rd-5th year", "Di-(2-ethyl hexyl) phthalate", "COVID19", "B12",
     "12 lbs", "llama", "ln x", "7 x 10412", "7 x 10"],
)  # fmt: skip
def test_what_everybody_knows_is_believed(text: str) -> None:
    assert doubted([text]) == []


def test_words_are_codes_where_letters_and_digits_take_turns() -> None:
    assert all(map(is_code, ["718I0", "IAXQ8I", "E8X7x8-E2"]))
    assert not any(map(is_code, ["2Z", "-", "", "Q1-2019", "12"]))


def test_headings_are_no_part_of_their_column_and_nothing_is_believed_more() -> None:
    cells = [
        Cell(0, 0, "2,118", confidence=0.9, header=True),
        Cell(1, 0, "56.377", confidence=0.9),
        Cell(2, 0, "9804Q4B", confidence=0.3),
    ]
    assert [cell.confidence for cell in doubt_contradicted(cells)] == [0.9, 0.9, 0.3]


@pytest.mark.parametrize("text", ["1.204.5", "37.499.96", "$1,204,50", "(37,499,96)", "-1.204.5 %"])
def test_a_decimal_point_like_the_one_that_groups_is_impossible(text: str) -> None:
    (cell,) = doubt_contradicted([Cell(0, 0, text, confidence=0.99)])
    assert (cell.confidence, cell.causes) == (CONFIDENCE, (Cause.IMPOSSIBLE,))


@pytest.mark.parametrize(
    "text", ["1.204", "1,204.50", "1.204,5", "07.01.2025", "1.2.3", "192.168.1.1", "1,204,500"]
)
def test_numbers_dates_and_versions_are_possible(text: str) -> None:
    (cell,) = doubt_contradicted([Cell(0, 0, text, confidence=0.99)])
    assert (cell.confidence, cell.causes) == (0.99, ())
