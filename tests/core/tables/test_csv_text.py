"""CSV that opens as it was meant, whatever was read."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from converter.core.tables.csv_text import MARK, csv_text, rows_of
from converter.core.tables.model import Cell, Table


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix(MARK), newline="")))


def test_text_comes_back_as_it_was():
    rows = [["a,b", 'say "x"', "two\nlines", ""], ["ß", "00123", "1,50", "一"]]
    text = csv_text(rows)
    assert text.startswith(MARK)
    assert parsed(text) == rows


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\tx", "\rx"])
def test_what_would_be_a_formula_is_text(text):
    assert parsed(csv_text([[text]])) == [[f"'{text}"]]


@pytest.mark.parametrize("text", ["-5", "+3.50", "- 1 234,5", "-12 %", "5", ""])
def test_numbers_stay_as_they_are(text):
    assert csv_text([[text, "x"]]) == f"{MARK}{next(iter(written(text)))},x\r\n"


def written(text: str) -> list[str]:
    return [f'"{text}"' if "," in text else text]


def test_a_span_has_its_text_once():
    table = Table((Cell(0, 0, "both", colspan=2), Cell(1, 1, "x")))
    assert list(rows_of(table)) == [["both", ""], ["", "x"]]


@pytest.mark.parametrize(
    "text",
    ["\uff1d1+1", "\uff0b1", "\uff0dA1", "\uff20SUM", "\n=1", "\t=1", "\r=1", "'quoted", "''"],
)
def test_what_spreadsheets_may_run_is_escaped_and_can_be_had_back(text: str) -> None:
    [[cell]] = parsed(csv_text([[text]]))
    assert (cell, cell.removeprefix("'")) == (f"'{text}", text)
