"""Numbers as accountants print them."""

from __future__ import annotations

import pytest

from converter.core.tables.model import Cell, Table
from converter.core.tables.sums.amounts import BROKEN, EMPTY, NUMBER, TEXT, amounts_of


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$ 1,204", 1204, 1),
        ("$(734)", -734, 1),
        ("(119 )", -119, 1),
        ("(5.2)%", -5.2, 0.1),
        ("12,50 €", 12.5, 0.01),
        ("1,204 *", 1204, 1),
        ("- 5,000", -5000, 1),
        ("1,249.90-", -1249.9, 0.01),
        ("US$1,000", 1000, 1),
    ],
)
def test_signs_around_a_number_are_no_part_of_it(text, value, unit):
    amounts = amounts_of(Table((Cell(0, 0, text), Cell(1, 0, "0.5"))))
    assert amounts.holds[0, 0] == NUMBER
    assert amounts.values[0, 0] == pytest.approx(value)
    assert amounts.units[0, 0] == pytest.approx(unit)


def test_digits_that_make_no_number_are_told_from_words_and_from_nothing():
    texts = ["1,20O", "300", "75", "—", "n/a", "1,204", "12,34.5"]
    amounts = amounts_of(Table(tuple(Cell(row, 0, text) for row, text in enumerate(texts))))
    assert amounts.holds[:, 0].tolist() == [BROKEN, NUMBER, NUMBER, EMPTY, TEXT, NUMBER, BROKEN]
    assert amounts.values[0, 0] == 1200


def test_a_column_of_codes_has_no_broken_numbers():
    amounts = amounts_of(Table((Cell(0, 0, "1O2"), Cell(1, 0, "A3B"), Cell(2, 0, "x-1"))))
    assert BROKEN not in amounts.holds


def test_one_number_does_not_turn_points_into_commas():
    texts = ["1,204", "3,117", "9,902", "1,442", "7,530", "12,34"]
    amounts = amounts_of(Table(tuple(Cell(row, 0, text) for row, text in enumerate(texts))))
    assert amounts.holds[:, 0].tolist() == [*[NUMBER] * 5, BROKEN]
    assert amounts.values[0, 0] == 1204
    whole = [*texts[:5], "1,188,358"]
    amounts = amounts_of(Table(tuple(Cell(row, 0, text) for row, text in enumerate(whole))))
    assert amounts.values[5, 0] == 1188358


def test_numbers_that_name_columns_are_no_amounts():
    cells = (*(Cell(0, col, f"({col + 1})") for col in range(4)), Cell(1, 0, "12"))
    assert amounts_of(Table(cells)).holds[0].tolist() == [TEXT] * 4
