"""What the text of a cell means: a number as it was printed, a date, or text that stays text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from converter.core.tables import naming
from converter.core.tables.brackets import (
    Habits,
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

    `marks` is its decimal mark, `spaced` whether spaces group its thousands, and `header` what
    stands above the column, one heading to a line.
    """

    marks: Convention = Usage.UNKNOWN
    spaced: bool = False
    brackets: Habits = field(default_factory=Habits)
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
    names = {cell.row: cell.text.strip() for cell in table.cells if cell.col == 0}
    headers = [cell for cell in table.cells if cell.header]
    common = _common(columns, names)
    for column in columns:
        around = _beside(common, column, headers, names)
        means = column_values([cell.text for cell in column], around)
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
        | labels_in_brackets(texts, entries(texts, numerals), around.brackets)
    )


def _votes(texts: Sequence[str], numerals: Sequence[Numeral | None]) -> Sequence[Numeral | None]:
    """The numerals of a column that may tell of the decimal mark."""
    if naming.may_be_section_numbers(texts):
        return []
    lists = naming.comma_lists(texts, numerals)
    return [numeral for index, numeral in enumerate(numerals) if index not in lists]


def _common(columns: Sequence[Sequence[Cell]], names: Mapping[int, str]) -> Surroundings:
    """What the columns of one table have in common. `names` are those of its rows."""
    texts = [[cell.text for cell in column] for column in columns]
    numerals = [[parse_numeral(text) for text in column] for column in texts]
    votes = [vote for pair in zip(texts, numerals, strict=True) for vote in _votes(*pair)]
    every = [numeral for column in numerals for numeral in column]
    numbers = [entries(*pair) for pair in zip(texts, numerals, strict=True)]
    habits = Habits(
        errors=any(map(values_with_brackets, texts))
        or any(
            brackets_alternate(printed, named=_is_named(column, names))
            for printed, column in zip(numbers, columns, strict=True)
        ),
        money=any(entry.is_money for column in numbers for entry in column if entry.kind == "B"),
        signs=any(map(has_sign, every)),
    )
    return Surroundings(convention_of(votes), sum(map(is_spaced, every)) > 1, habits)


def _beside(
    common: Surroundings, column: Sequence[Cell], headers: Sequence[Cell], names: Mapping[int, str]
) -> Surroundings:
    """What the table tells about one of its columns."""
    columns = {cell.col for cell in column}
    above = [cell.text for cell in headers if columns & _columns_of(cell)]
    first = [cell.text for cell in column[:1] if parse_numeral(cell.text) is None]
    habits = replace(common.brackets, named=_is_named(column, names))
    return replace(common, header="\n".join(above + first), brackets=habits)


def _is_named(column: Sequence[Cell], names: Mapping[int, str]) -> bool:
    """Whether each row with a number of the column has a name of its own in the first column."""
    rows = {cell.row for cell in column if cell.col and any(map(str.isdigit, cell.text))}
    found = [names.get(row, "") for row in rows]
    return bool(rows) and all(found) and len(set(found)) == len(found)


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
