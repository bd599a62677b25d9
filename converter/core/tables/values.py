"""What the text of a cell means: a number as it was printed, a date, or text that stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from converter.core.tables import naming
from converter.core.tables.brackets import (
    brackets_alternate,
    entries,
    has_sign,
    labels_in_brackets,
    number_columns_below,
    values_with_brackets,
)
from converter.core.tables.conventions import (
    Convention,
    Usage,
    agreed,
    convention_of,
    is_spaced,
    marks_for,
    misread_marks,
    run_together,
)
from converter.core.tables.dates import parse_date
from converter.core.tables.model import Cell, Table
from converter.core.tables.numerals import Numeral, parse_numeral

TEXT_FORMAT: Final = "@"


@dataclass(frozen=True, slots=True)
class Value:
    """What to store for a cell, and the Excel number format that shows it as it was printed."""

    content: str | int | float | date
    number_format: str = TEXT_FORMAT


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rest of a table tells about one of its columns.

    `marks` is its decimal mark, `spaced` whether spaces group its thousands; of numbers in
    brackets, `errors` says that they stand below or behind values, `money` that they are amounts
    of money; `signs` that plus and minus signs are printed. `header` is what stands above the
    column, one heading to a line.
    """

    marks: Convention = Usage.UNKNOWN
    spaced: bool = False
    errors: bool = False
    money: bool = False
    signs: bool = False
    header: str = ""


Place = tuple[int, int]


def parse_value(text: str) -> Value:
    """What `text` means by itself, with no column around it. Never raises.

    Text comes back unchanged; a number or a date only where its format shows what was printed.
    """
    return column_values([text])[0]


def column_values(texts: Sequence[str], around: Surroundings | None = None) -> list[Value]:
    """What the body cells of one column mean, from top to bottom.

    A column that holds identifiers stays text as a whole, and its decimal mark is decided for all
    of its cells. The rest of the table decides where the column gives nothing away, and where it
    contradicts the column, neither is believed.
    """
    around = around or Surroundings()
    numerals = [parse_numeral(text) for text in texts]
    kept_as_text = _no_numbers(texts, numerals, around)
    convention = agreed(convention_of(_votes(texts, numerals)), around.marks)
    kept_as_text |= misread_marks(numerals, convention)
    return [
        Value(text) if index in kept_as_text else _value(text, numeral, convention)
        for index, (text, numeral) in enumerate(zip(texts, numerals, strict=True))
    ]


def number_values(texts: Sequence[str]) -> list[Value]:
    """What texts mean that are known to be numbers, one below the other; text stays text."""
    numerals = [parse_numeral(text) for text in texts]
    convention = convention_of(numerals)
    return [
        _number(text, numeral, convention) if numeral else Value(text)
        for text, numeral in zip(texts, numerals, strict=True)
    ]


def date_value(text: str) -> Value:
    """The date that `text` is, or `text` where it can be read in several ways or is none."""
    dated = parse_date(text)
    return Value(*dated) if dated else Value(text)


def table_values(table: Table) -> dict[Place, Value]:
    """What every cell means, by its (row, col). Header cells are text."""
    values = {(cell.row, cell.col): Value(cell.text) for cell in table.cells}
    body = [cell for cell in table.cells if not cell.header]
    labels = _labels_by_row(table)
    columns = [[cell for cell in column if _place(cell) not in labels] for column in _columns(body)]
    texts = [[cell.text for cell in column] for column in columns]
    common = _common(texts)
    for column, printed in zip(columns, texts, strict=True):
        means = column_values(printed, _beside(common, table, column))
        values |= zip(map(_place, column), means, strict=True)
    return values


def _value(text: str, numeral: Numeral | None, convention: Convention) -> Value:
    return date_value(text) if numeral is None else _number(text, numeral, convention)


def _number(text: str, numeral: Numeral, convention: Convention) -> Value:
    marks = marks_for(numeral, convention)
    if marks is None:
        return Value(text)
    return Value(numeral.number(marks), numeral.number_format(marks))


def _no_numbers(
    texts: Sequence[str], numerals: Sequence[Numeral | None], around: Surroundings
) -> set[int]:
    """The indices of what looks like a number and is none, or may be another one."""
    return (
        naming.identifiers(texts)
        | naming.section_numbers(texts, around.header)
        | naming.comma_lists(texts, numerals)
        | naming.dialled(texts, numerals, around.header)
        | run_together(texts, numerals, spaced_elsewhere=around.spaced)
        | labels_in_brackets(
            texts,
            entries(texts, numerals),
            errors_elsewhere=around.errors,
            money_elsewhere=around.money,
            signs_elsewhere=around.signs,
        )
    )


def _votes(texts: Sequence[str], numerals: Sequence[Numeral | None]) -> Sequence[Numeral | None]:
    """The numerals of a column that may tell of the decimal mark."""
    if naming.may_be_section_numbers(texts):
        return []
    lists = naming.comma_lists(texts, numerals)
    return [numeral for index, numeral in enumerate(numerals) if index not in lists]


def _common(columns: Sequence[Sequence[str]]) -> Surroundings:
    """What the columns of one table have in common."""
    numerals = [[parse_numeral(text) for text in texts] for texts in columns]
    pairs = list(zip(columns, numerals, strict=True))
    numbers = [entries(texts, column) for texts, column in pairs]
    every = [numeral for column in numerals for numeral in column]
    brackets = [entry for column in numbers for entry in column if entry.kind == "B"]
    return Surroundings(
        marks=convention_of(vote for texts, column in pairs for vote in _votes(texts, column)),
        spaced=sum(map(is_spaced, every)) > 1,
        errors=any(map(brackets_alternate, numbers)) or any(map(values_with_brackets, columns)),
        money=any(entry.is_money for entry in brackets),
        signs=any(map(has_sign, every)),
    )


def _beside(common: Surroundings, table: Table, column: Sequence[Cell]) -> Surroundings:
    return replace(common, header=_header(table, column))


def _header(table: Table, column: Sequence[Cell]) -> str:
    """What stands above a column, one heading to a line; also a first row not known as header."""
    columns = {cell.col for cell in column[:1]}
    above = [cell.text for cell in table.cells if cell.header and columns & _columns_of(cell)]
    first = [cell.text for cell in column[:1] if parse_numeral(cell.text) is None]
    return "\n".join(above + first)


def _labels_by_row(table: Table) -> set[Place]:
    """The places of numbers that only their row shows to be none: (1) (2) (3) above columns, and
    the number behind the word telephone."""
    found: set[Place] = set()
    for row in _rows(table.cells):
        numerals = [parse_numeral(cell.text) for cell in row]
        is_telephone = len(row) == 2 and naming.names_a_telephone(row[0].text)
        if number_columns_below(numerals) or is_telephone:
            found |= {_place(cell) for cell, numeral in zip(row, numerals, strict=True) if numeral}
    return found


def _rows(cells: Iterable[Cell]) -> Iterable[list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=_place):
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    return rows.values()


def _columns(cells: Iterable[Cell]) -> Iterable[list[Cell]]:
    columns: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.col, cell.row)):
        columns.setdefault(cell.col, []).append(cell)
    return columns.values()


def _columns_of(cell: Cell) -> set[int]:
    return set(range(cell.col, cell.col + cell.colspan))


def _place(cell: Cell) -> Place:
    return cell.row, cell.col
