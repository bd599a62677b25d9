"""Which mark has the decimals, and whether a space groups thousands or parts two values."""

from __future__ import annotations

import pytest

from converter.core.tables.conventions import Usage, agreed, convention_of, run_together
from converter.core.tables.model import Cell, Table
from converter.core.tables.numerals import Marks, parse_numeral
from converter.core.tables.values import column_values, table_values

NUMBERS = [
    ["12 345"],
    ["12 345", "n/a", ""],
    ["79 935", "2 961", "1 649 692"],
    ["100", "100 000", "10 000", "50"],
    ["2005", "33 000", "29 500"],
    ["79 935", "2961", "51 955"],
    ["1 000", "0,1", "2 000"],
]

MAY_BE_TWO = [
    ["1,234", "12 345"],
    ["1,234", "2,345", "12 345", "23 456"],
    ["12345", "54321", "12 345"],
    ["4321", "12 345"],
    ["12", "345", "7", "12 345"],
    ["12 345", "12 34", "7 890"],
]


def found(texts: list[str], *, spaced_elsewhere: bool = False) -> list[str]:
    numerals = [parse_numeral(text) for text in texts]
    indices = run_together(texts, numerals, spaced_elsewhere=spaced_elsewhere)
    return [text for index, text in enumerate(texts) if index in indices]


@pytest.mark.parametrize("texts", NUMBERS)
def test_space_between_thousands(texts):
    assert found(texts) == []


@pytest.mark.parametrize("texts", MAY_BE_TWO)
def test_space_that_may_part_two_values(texts):
    assert found(texts) == [text for text in texts if " " in text and parse_numeral(text)]


def test_rest_of_the_table_may_group_by_spaces():
    assert found(["12", "7", "50 000"], spaced_elsewhere=True) == []


def test_columns_of_a_table_learn_from_each_other():
    rows = [["1 000", "12"], ["2 000", "50 000"], ["500", "7"]]
    cells = tuple(
        Cell(row, col, text) for row, pair in enumerate(rows) for col, text in enumerate(pair)
    )
    assert table_values(Table(cells))[1, 1].content == 50000


def test_votes_for_a_decimal_mark():
    def of(*texts: str) -> object:
        return convention_of(map(parse_numeral, texts))

    assert of("12", "1,234") is Usage.UNKNOWN
    assert of("12.5", "1,234") is Marks.POINT
    assert of("12,5", "12.5") is Usage.MIXED


def test_column_and_table_against_each_other():
    assert agreed(Usage.UNKNOWN, Marks.COMMA) is Marks.COMMA
    assert agreed(Marks.POINT, Usage.UNKNOWN) is Marks.POINT
    assert agreed(Marks.POINT, Marks.COMMA) is Usage.MIXED


def contents(*texts: str) -> list[object]:
    return [value.content for value in column_values(texts)]


def test_comma_among_numbers_with_three_decimals_may_be_a_misread_point():
    texts = ["0.323", "1.244", "9,533", "2.101", "3.111"]
    assert contents(*texts) == [0.323, 1.244, "9,533", 2.101, 3.111]


def test_comma_among_other_numbers_groups():
    assert contents("0.32", "1.24", "9,533", "2.10") == [0.32, 1.24, 9533, 2.1]
    assert contents("0.323", "1.244", "9,533", "12") == [0.323, 1.244, 9533, 12]
