"""What the text of a cell means: a number as it was printed, a date, or text that stays text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from converter.core.tables.dates import parse_date
from converter.core.tables.model import Cell, Table
from converter.core.tables.numerals import Marks, Negative, Numeral, parse_numeral

TEXT_FORMAT: Final = "@"

_DIGITS: Final = re.compile(r"[0-9]+")
_CODE: Final = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Value:
    """What to store for a cell, and the Excel number format that shows it as it was printed."""

    content: str | int | float | date
    number_format: str = TEXT_FORMAT


class Usage(Enum):
    """Where there is no single decimal mark to go by."""

    UNKNOWN = "nothing printed gives it away"
    MIXED = "both marks are in use"


Convention = Marks | Usage

Place = tuple[int, int]


def parse_value(text: str) -> Value:
    """What `text` means by itself, with no column around it. Never raises.

    Text comes back unchanged; a number or a date only where its format shows what was printed.
    """
    return column_values([text])[0]


def column_values(texts: Sequence[str], elsewhere: Convention = Usage.UNKNOWN) -> list[Value]:
    """What the body cells of one column mean, from top to bottom.

    A column that holds identifiers stays text as a whole, and its decimal mark is decided for all
    of its cells. `elsewhere` is the decimal mark of the rest of the table: it decides where the
    column gives nothing away, and where it contradicts the column, neither is believed.
    """
    numerals = [parse_numeral(text) for text in texts]
    convention = _agreed(_convention(numerals), elsewhere)
    kept_as_text = _identifiers(texts) | _brackets_that_are_labels(numerals)
    return [
        Value(text) if index in kept_as_text else _value(text, numeral, convention)
        for index, (text, numeral) in enumerate(zip(texts, numerals, strict=True))
    ]


def table_values(table: Table) -> dict[Place, Value]:
    """What every cell means, by its (row, col). Header cells are text."""
    values = {(cell.row, cell.col): Value(cell.text) for cell in table.cells}
    body = [cell for cell in table.cells if not cell.header]
    convention = _convention([parse_numeral(cell.text) for cell in body])
    labels = _column_numbers(body)
    for column in _columns(body):
        means = column_values([cell.text for cell in column], convention)
        for cell, value in zip(column, means, strict=True):
            if (cell.row, cell.col) not in labels:
                values[cell.row, cell.col] = value
    return values


def _value(text: str, numeral: Numeral | None, convention: Convention) -> Value:
    if numeral is None:
        dated = parse_date(text)
        return Value(*dated) if dated else Value(text)
    marks = _marks_for(numeral, convention)
    if marks is None:
        return Value(text)
    return Value(numeral.number(marks), numeral.number_format(marks))


def _marks_for(numeral: Numeral, convention: Convention) -> Marks | None:
    """The decimal mark to read a numeral by, None where a wrong number could come of it."""
    if isinstance(convention, Marks):
        return convention if convention in numeral.readings else None
    if len(numeral.readings) == 1 or (numeral.is_ambiguous and convention is Usage.MIXED):
        return None
    if not numeral.is_ambiguous:
        return Marks.POINT
    # 1,234 with nothing to go by is a thousand; 1.234 may be a thousand just as well.
    return Marks.POINT if numeral.readings[Marks.POINT].group else None


def _convention(numerals: Iterable[Numeral | None]) -> Convention:
    votes = Counter(numeral.sure_marks for numeral in numerals if numeral and numeral.sure_marks)
    if not votes:
        return Usage.UNKNOWN
    (marks, most), *others = votes.most_common()
    # A few misread points and commas must not turn a whole column into text.
    return marks if most >= 4 * sum(count for _, count in others) else Usage.MIXED


def _agreed(column: Convention, elsewhere: Convention) -> Convention:
    if column is Usage.UNKNOWN:
        return elsewhere
    if isinstance(elsewhere, Marks) and column is not elsewhere:
        return Usage.MIXED
    return column


def _identifiers(texts: Sequence[str]) -> set[int]:
    """The indices of plain integers that only name something, as in 0012, or 113 below A12."""
    stripped = [text.strip() for text in texts]
    integers = {index for index, text in enumerate(stripped) if _DIGITS.fullmatch(text)}
    codes = [text for text in stripped if _CODE.fullmatch(text)]
    if any(stripped[index].startswith("0") and stripped[index] != "0" for index in integers):
        return integers
    # One letter misread among many numbers is no code.
    widths = {len(stripped[index]) for index in integers} | {len(code) for code in codes}
    return integers if codes and 10 * len(codes) >= len(integers) and len(widths) == 1 else set()


def _brackets_that_are_labels(numerals: Sequence[Numeral | None]) -> set[int]:
    """The indices of numbers in brackets that are not below zero: (1), (2), (3), or the standard
    errors that stand under each value."""
    printed = [(index, numeral) for index, numeral in enumerate(numerals) if numeral]
    bracketed = [numeral.negative is Negative.BRACKETS for _, numeral in printed]
    alternate = len(printed) >= 4 and bracketed == [False, True] * (len(printed) // 2)
    if alternate or (all(bracketed) and _counts_up([numeral for _, numeral in printed])):
        return {index for index, numeral in printed if numeral.negative is Negative.BRACKETS}
    return set()


def _counts_up(numerals: Sequence[Numeral]) -> bool:
    if len(numerals) < 2 or any(Marks.POINT not in numeral.readings for numeral in numerals):
        return False
    numbers = [-numeral.number(Marks.POINT) for numeral in numerals]
    return numbers[0] in {1, 2} and numbers == [numbers[0] + step for step in range(len(numbers))]


def _column_numbers(body: Iterable[Cell]) -> set[Place]:
    """The places of cells in rows like (1) (2) (3), which number the columns below them."""
    rows: dict[int, list[Cell]] = {}
    for cell in body:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    found: set[Place] = set()
    for row in rows.values():
        numerals = [parse_numeral(cell.text) for cell in row]
        if len(_brackets_that_are_labels(numerals)) == len(row):
            found |= {(cell.row, cell.col) for cell in row}
    return found


def _columns(cells: Iterable[Cell]) -> Iterable[list[Cell]]:
    columns: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.col, cell.row)):
        columns.setdefault(cell.col, []).append(cell)
    return columns.values()
