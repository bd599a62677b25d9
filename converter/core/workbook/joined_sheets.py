"""Tables with the same columns below each other under one header, each row with its source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from converter.core.tables.joining import Group, Header, JoinedTable, Joiner, Source, body
from converter.core.tables.model import Place, Table
from converter.core.tables.values import Value, table_values
from converter.core.workbook.arrangement import Image, Numbered, Paper
from converter.core.workbook.running_sheet import RunningSheet
from converter.core.workbook.separate_sheets import names_of, write_sheet
from converter.core.workbook.sheet_names import JOINED
from converter.core.workbook.sheets import SheetPlan
from converter.core.workbook.summary import Spot
from converter.core.workbook.table_layout import (
    MANY_COLS,
    MOST_FROZEN,
    area,
    column_widths,
    is_first_column_whole,
    number_columns,
)

_NUMBER_FORMAT: Final = "0"
_JOINED: Final = (
    "{tables} tables with the same columns are joined, on {sheets}."
    " Rows of totals are kept: a sum over a column counts them too."
)
_ALONE: Final = "No two tables have the same columns, so each has a sheet of its own."


@dataclass(slots=True)
class _Shape:
    """What must be known of a group before its first row is written."""

    widths: list[float]
    is_plain: bool  # no cell of its bodies covers several rows or columns, so it can be filtered
    is_first_whole: bool


class JoinedSheets:
    """Which tables belong together is known at the end, so all are kept on disk until then. One
    that has its columns alone gets a sheet like any other."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._joiner = Joiner()
        self._names: list[str] = []  # of the sheets that tables would have alone, by number
        self._keys: list[int] = []  # of their images
        self._joined = 0
        self._shapes: dict[int, _Shape] = {}  # by the number of a group's first table

    def add(self, image: Image, tables: Sequence[Numbered]) -> None:
        self._names += names_of(self._paper, image, len(tables))
        for number, table in tables:
            self._keys.append(image.key)
            self._widen(*self._joiner.add(Source(image.label, number), table), table)

    def finish(self) -> Mapping[int, Spot]:
        spots: dict[int, Spot] = {}
        for group in self._joiner.groups:
            for part, spot in self._written(group):
                spots[part.number] = spot
        return {self._keys[number]: spots[number] for number in sorted(spots, reverse=True)}

    def remark(self) -> str:
        joined = [group for group in self._joiner.groups if group.is_joined]
        if not joined:
            return _ALONE if len(self._keys) > 1 else ""
        sheets = "one sheet" if len(joined) == 1 else f"{len(joined):,} sheets"
        tables = sum(len(group.parts) for group in joined)
        return _JOINED.format(tables=f"{tables:,}", sheets=sheets)

    def close(self) -> None:
        self._joiner.close()

    def _widen(self, group: Group, part: JoinedTable, table: Table) -> None:
        moved = body(part, table)
        widths = column_widths(moved, has_filter=False)
        plain = all(cell.rowspan == cell.colspan == 1 for cell in moved.cells)
        whole = is_first_column_whole(moved)
        known = self._shapes.setdefault(group.parts[0].number, _Shape(widths, plain, whole))
        known.widths = _wider(known.widths, widths)
        known.is_plain &= plain
        known.is_first_whole &= whole

    def _written(self, group: Group) -> Iterator[tuple[JoinedTable, Spot]]:
        first = group.parts[0]
        if group.is_joined:
            yield from self._write_joined(group)
        else:
            name = self._names[first.number]
            write_sheet(self._paper, name, self._joiner.table(first))
            yield first, Spot(name)

    def _write_joined(self, group: Group) -> Iterator[tuple[JoinedTable, Spot]]:
        shape, header = self._shapes[group.parts[0].number], self._joiner.header(group)
        name, parts, sheet = JOINED.format(self._count()), count(1), None
        for part in group.parts:
            table = self._joiner.table(part)
            moved, values = body(part, table), _values(part, table)
            if sheet and sheet.row + moved.n_rows > self._paper.most_rows:
                sheet.close(_filter(shape, header.table, sheet.row))
                sheet = None
            if sheet is None:
                title = self._paper.names.part(name, next(parts))
                plan = _plan(shape, header.table)
                sheet = RunningSheet(self._paper.book, self._paper.cells, title, plan)
                _add_header(sheet, header, number_columns(moved, values))
            yield part, Spot(sheet.title, sheet.row)
            sheet.add_table(moved, values)
        if sheet:
            sheet.close(_filter(shape, header.table, sheet.row))

    def _count(self) -> int:
        self._joined += 1
        return self._joined


def _wider(first: Sequence[float], second: Sequence[float]) -> list[float]:
    return [max(pair) for pair in zip(first, second, strict=True)]


def _values(part: JoinedTable, table: Table) -> dict[Place, Value]:
    """What the cells of a part's body mean: each what it does in its own table."""
    top, source = part.top, part.source
    found = {
        part.place_in_body(*place): value
        for place, value in table_values(table).items()
        if place[0] >= top
    }
    *image, _ = map(Value, source.texts)
    more = [*image, Value(source.number, _NUMBER_FORMAT)]
    rows = range(table.n_rows - top)
    return found | {
        (row, col): value for row in rows for col, value in enumerate(more, table.n_cols)
    }


def _plan(shape: _Shape, header: Table) -> SheetPlan:
    widths = _wider(shape.widths, column_widths(header, has_filter=True))
    frozen = header.n_rows if header.n_rows <= MOST_FROZEN else 0
    whole = shape.is_first_whole and is_first_column_whole(header)
    return SheetPlan(
        widths=widths,
        frozen=(frozen, int(frozen > 0 and header.n_cols >= MANY_COLS and whole)),
        repeated_rows=header.n_rows,
    )


def _add_header(sheet: RunningSheet, header: Header, numbers: Collection[int]) -> None:
    values = {(cell.row, cell.col): Value(cell.text) for cell in header.table.cells}
    sheet.add_table(header.table, values, numbers=numbers, notes=header.notes)


def _filter(shape: _Shape, header: Table, rows: int) -> str:
    """The range to filter, if each column has a name by itself and nothing is merged below."""
    last = header.n_rows - 1
    lowest = [cell for cell in header.cells if cell.row + cell.rowspan - 1 == last]
    if not shape.is_plain or any(cell.colspan > 1 for cell in lowest) or rows - header.n_rows < 2:
        return ""
    return area(last, 0, rows - 1, header.n_cols - 1)
