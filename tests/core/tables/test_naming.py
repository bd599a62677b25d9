"""Digits that name something stay as they are."""

from __future__ import annotations

import pytest

from converter.core.tables.model import Cell, Table
from converter.core.tables.naming import section_numbers
from converter.core.tables.values import Surroundings, column_values, table_values

SECTIONS = [
    [f"1.{number}" for number in range(1, 13)],
    ["1.1", "1.2", "1.3", "2.1", "2.2", "3.1"],
    ["1", "1.1", "1.2", "2", "2.1"],
    ["1.1", "1.1.1", "1.1.2", "1.2"],
    ["1.8", "", "1.9", "1.10"],
    ["1.1", "1.2", "1.5", "1.10", "2.3"],
    ["1.", "1.1", "1.2", "2.", "2.1"],
    ["1 Aims", "1.1", "1.2 Means", "1.3", "2 Ends", "2.1"],
]

DECIMALS = [
    ["1.1", "1.2", "1.3"],
    ["1.8", "1.9", "2.0", "2.1"],
    ["1.1", "1.2", "1.10", "1.05"],
    ["1", "2", "3"],
    ["0.5", "1", "1.5", "2"],
    ["9", "9.5", "10", "10.5"],
    ["1.1", "1.10"],
    ["1.0", "2.0", "3.0"],
    ["0.1", "0.2", "0.3", "0.4", "0.5", "0.7"],
    ["1.0", "2.1", "3.0"],
    ["0.08", "0.09", "0.10", "0.11"],
    ["9.8", "9.9", "10.0", "10.1"],
    ["7.25", "7.30", "8.1"],
]


def contents(*texts: str, header: str = "") -> list[object]:
    return [value.content for value in column_values(texts, Surroundings(header=header))]


@pytest.mark.parametrize("texts", SECTIONS)
def test_section_numbers_stay_text(texts):
    assert contents(*texts) == texts


@pytest.mark.parametrize("texts", DECIMALS)
def test_numbers_that_go_up_are_numbers(texts):
    assert section_numbers(texts) == set()


@pytest.mark.parametrize("header", ["Version", "Section no.", "Chapter", "Software\nVersion"])
def test_header_names_section_numbers(header):
    assert contents("3.10", "3.9", header=header) == ["3.10", "3.9"]


def grid(*rows: list[str], header_rows: int = 0) -> Table:
    return Table(
        tuple(
            Cell(row, col, text, header=row < header_rows)
            for row, texts in enumerate(rows)
            for col, text in enumerate(texts)
        )
    )


def test_section_numbers_do_not_settle_the_decimal_mark_of_other_columns():
    values = table_values(grid(*([f"1.{row}", f"{row},50"] for row in range(1, 5))))
    assert [values[row, 1].content for row in range(4)] == [1.5, 2.5, 3.5, 4.5]


def test_lists_stay_text():
    lists = ["413,417,421,423,429", "427,428, 413 419", "421,422", "1,5"]
    assert contents(*lists, "423") == [*lists, 423]


@pytest.mark.parametrize("texts", [("1,2,5", "3,4"), ("12, 13", "3,4")])
def test_short_lists_stay_text(texts):
    assert contents(*texts) == [*texts]


def test_grouped_numbers_are_no_lists():
    assert contents("1,234,567,890", "421,422") == [1234567890, 421422]
    assert contents("1,23,456", "98,765") == ["1,23,456", 98765]
    assert contents("1,234,56", *["1,234"] * 5) == ["1,234,56", *[1234] * 5]


def test_telephones_stay_text():
    assert contents("612 345 678", "5551234567", header="Phone") == ["612 345 678", "5551234567"]
    assert contents("612 345 678", "634 000 111") == ["612 345 678", "634 000 111"]
    assert contents("98", "120", header="Mobile phones per 100 people") == [98, 120]


@pytest.mark.parametrize("header", ["No.", "Account no.", "Fax", "Company\nReg. Nr.", "#"])
def test_numbers_of_things_stay_text_where_spaces_group_them(header):
    assert contents("612 345 678", "12 345", "7", header=header) == ["612 345 678", "12 345", 7]


def test_number_of_many_things_is_a_number():
    assert contents("79 935", "2 961", header="Number of participants") == [79935, 2961]
    assert contents("79 935", "2 961", header="No. of people") == [79935, 2961]


def test_header_of_a_column_names_telephones():
    found = table_values(grid(["Name", "Tel."], ["a", "612 345 678"], header_rows=1))
    assert found[1, 1].content == "612 345 678"
    found = table_values(grid(["Name", "Tel."], ["a", "612 345 678"], ["b", "7"]))
    assert [found[1, 1].content, found[2, 1].content] == ["612 345 678", 7]


def test_label_of_a_row_names_a_telephone():
    found = table_values(grid(["Tel. no:", "5551234567"], ["Age", "42"]))
    assert [found[0, 1].content, found[1, 1].content] == ["5551234567", 42]
