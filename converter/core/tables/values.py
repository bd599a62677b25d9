"""The value of a cell: a number or a date, with the format that was printed, or text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.numerals import Numeral, parse_numeral

TEXT_FORMAT: Final = "@"


@dataclass(frozen=True, slots=True)
class Value:
    """The content of a workbook cell, and the Excel number format that shows it as printed."""

    content: str | int | float | date
    number_format: str = TEXT_FORMAT


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rest of a table shows about one of its columns.

    `marks` is its decimal mark, `spaced` says whether spaces group its thousands, `header` holds
    the headings of the column, one to a line.
    """

    marks: Convention = Usage.UNKNOWN
    spaced: bool = False
    brackets: Habits = field(default_factory=Habits)
    header: str = ""


def column_values(texts: Sequence[str], around: Surroundings | None = None) -> list[Value]:
    """The values of the body cells of one column, from top to bottom.

    A column of identifiers stays text as a whole. All cells share one decimal mark, which the rest
    of the table decides if the column does not show it. If the two contradict each other, ambiguous
    numbers stay text.
    """
    around = around or Surroundings()
    numerals = [parse_numeral(text) for text in texts]
    # What looks like a number and is not one, or may be another one.
    kept_as_text = (
        naming.identifiers(texts)
        | naming.section_numbers(texts, around.header)
        | naming.comma_lists(texts, numerals)
        | naming.dialled(texts, numerals, around.header)
        | run_together(texts, numerals, spaced_elsewhere=around.spaced)
        | labels_in_brackets(texts, entries(texts, numerals), around.brackets)
    )
    convention = agreed(convention_of(_votes(texts, numerals)), around.marks)
    kept_as_text |= misread_marks(numerals, convention)
    values = []
    for index, (text, numeral) in enumerate(zip(texts, numerals, strict=True)):
        if index in kept_as_text:
            values.append(Value(text))
        else:
            values.append(_number(text, numeral, convention) if numeral else date_value(text))
    return values


def number_values(texts: Sequence[str]) -> list[Value]:
    """The values of a column of texts that are known to be numbers; any other text stays text."""
    numerals = [parse_numeral(text) for text in texts]
    convention = convention_of(numerals)
    return [
        _number(text, numeral, convention) if numeral else Value(text)
        for text, numeral in zip(texts, numerals, strict=True)
    ]


def date_value(text: str) -> Value:
    """The date in `text`, or `text` if it is not a date or can be read in several ways."""
    dated = parse_date(text)
    return Value(*dated) if dated else Value(text)


def table_values(table: Table) -> dict[Place, Value]:
    """The value of every cell, by its place. Header cells are text."""
    values = {cell.place: Value(cell.text) for cell in table.cells}
    labels = _labels_by_row(table)
    by_column: dict[int, list[Cell]] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.col, cell.row)):
        if not cell.header:
            by_column.setdefault(cell.col, []).append(cell)
    columns = [
        [cell for cell in column if cell.place not in labels] for column in by_column.values()
    ]
    names = {cell.row: cell.text.strip() for cell in table.cells if cell.col == 0}
    headers = [cell for cell in table.cells if cell.header]
    common = _common(columns, names)
    for column in columns:
        spanned = {cell.col for cell in column}
        above = [
            cell.text for cell in headers if spanned & {*range(cell.col, cell.col + cell.colspan)}
        ]
        first = [cell.text for cell in column[:1] if parse_numeral(cell.text) is None]
        habits = replace(common.brackets, named=_is_named(column, names))
        around = replace(common, header="\n".join(above + first), brackets=habits)
        means = column_values([cell.text for cell in column], around)
        values |= zip((cell.place for cell in column), means, strict=True)
    return values


def _number(text: str, numeral: Numeral, convention: Convention) -> Value:
    marks = marks_for(numeral, convention)
    if marks is None:
        return Value(text)
    return Value(numeral.number(marks), numeral.number_format(marks))


def _votes(texts: Sequence[str], numerals: Sequence[Numeral | None]) -> Sequence[Numeral | None]:
    """The numerals of a column that may show its decimal mark."""
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


def _is_named(column: Sequence[Cell], names: Mapping[int, str]) -> bool:
    """Whether each row with a number of the column has a name of its own in the first column."""
    rows = {cell.row for cell in column if cell.col and any(map(str.isdigit, cell.text))}
    found = [names.get(row, "") for row in rows]
    return bool(rows) and all(found) and len(set(found)) == len(found)


def _labels_by_row(table: Table) -> set[Place]:
    """The places of numbers that only their row shows to be none: (1) (2) (3) above columns, and
    the number behind the word telephone."""
    found: set[Place] = set()
    rows: dict[int, list[Cell]] = {}
    for cell in sorted(table.cells, key=lambda cell: cell.place):
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    for row in rows.values():
        numerals = [parse_numeral(cell.text) for cell in row]
        is_telephone = len(row) == 2 and naming.names_a_telephone(row[0].text)
        if number_columns_below(numerals) or is_telephone:
            found |= {cell.place for cell, numeral in zip(row, numerals, strict=True) if numeral}
    return found
