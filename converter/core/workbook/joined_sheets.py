"""Tables with the same columns below each other under one header, each row with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from converter.core.tables.joining import Group, JoinedTable, Joiner, Source, body
from converter.core.tables.model import Place, Table
from converter.core.tables.values import Value, table_values
from converter.core.workbook.arrangement import BookContext, Numbered, SourceImage
from converter.core.workbook.running_sheet import RunningSheet
from converter.core.workbook.separate_sheets import names_of, write_sheet
from converter.core.workbook.sheet_names import JOINED
from converter.core.workbook.sheets import SheetPlan
from converter.core.workbook.summary import SheetRow
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
    """The shape of a group, which must be known before its first row is written."""

    widths: list[float]
    is_plain: bool  # no cell of its bodies covers several rows or columns, so it can be filtered
    is_first_whole: bool


class JoinedSheets:
    """Keeps all tables on disk until the end, when the groups are known. A table that is joined
    with no other gets a sheet of its own."""

    def __init__(self, context: BookContext) -> None:
        self._context = context
        self._joiner = Joiner()
        self._names: list[str] = []  # of the sheets that tables would have alone, by number
        self._keys: list[int] = []  # of their images
        self._joined = 0
        self._shapes: dict[int, _Shape] = {}  # by the number of a group's first table

    def add(self, image: SourceImage, tables: Sequence[Numbered]) -> None:
        self._names += names_of(self._context, image, len(tables))
        for number, table in tables:
            self._keys.append(image.key)
            group, joined = self._joiner.add(Source(image.label, number), table)
            moved = body(joined, table)
            widths = column_widths(moved, has_filter=False)
            plain = all(cell.rowspan == cell.colspan == 1 for cell in moved.cells)
            whole = is_first_column_whole(moved)
            known = self._shapes.setdefault(group.parts[0].number, _Shape(widths, plain, whole))
            known.widths = _wider(known.widths, widths)
            known.is_plain &= plain
            known.is_first_whole &= whole

    def finish(self) -> Mapping[int, SheetRow]:
        spots: dict[int, SheetRow] = {}
        for group in self._joiner.groups:
            first = group.parts[0]
            if group.is_joined:
                spots |= {part.number: spot for part, spot in self._write_joined(group)}
            else:
                name = self._names[first.number]
                write_sheet(self._context, name, self._joiner.table(first))
                spots[first.number] = SheetRow(name)
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

    def _write_joined(self, group: Group) -> Iterator[tuple[JoinedTable, SheetRow]]:
        shape, header = self._shapes[group.parts[0].number], self._joiner.header(group)
        self._joined += 1
        name, parts, sheet = JOINED.format(self._joined), count(1), None
        for part in group.parts:
            table = self._joiner.table(part)
            moved, values = body(part, table), _values(part, table)
            if sheet and sheet.row + moved.n_rows > self._context.most_rows:
                sheet.close(_filter(shape, header.table, sheet.row))
                sheet = None
            if sheet is None:
                title = self._context.names.part(name, next(parts))
                whole = shape.is_first_whole and is_first_column_whole(header.table)
                frozen = header.table.n_rows if header.table.n_rows <= MOST_FROZEN else 0
                is_wide = header.table.n_cols >= MANY_COLS
                plan = SheetPlan(
                    widths=_wider(shape.widths, column_widths(header.table, has_filter=True)),
                    frozen=(frozen, int(frozen > 0 and is_wide and whole)),
                    repeated_rows=header.table.n_rows,
                )
                sheet = RunningSheet(self._context.book, self._context.cells, title, plan)
                heads = {cell.place: Value(cell.text) for cell in header.table.cells}
                numbers = number_columns(moved, values)
                sheet.add_table(header.table, heads, numbers=numbers, notes=header.notes)
            yield part, SheetRow(sheet.title, sheet.row)
            sheet.add_table(moved, values)
        if sheet:
            sheet.close(_filter(shape, header.table, sheet.row))


def _wider(first: Sequence[float], second: Sequence[float]) -> list[float]:
    return [max(pair) for pair in zip(first, second, strict=True)]


def _values(part: JoinedTable, table: Table) -> dict[Place, Value]:
    """The values of the body of a table in its group: those in its own table, and its source."""
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


def _filter(shape: _Shape, header: Table, rows: int) -> str:
    """The range to filter, if each column has a heading of its own and no body cell is merged."""
    last = header.n_rows - 1
    lowest = [cell for cell in header.cells if cell.row + cell.rowspan - 1 == last]
    if not shape.is_plain or any(cell.colspan > 1 for cell in lowest) or rows - header.n_rows < 2:
        return ""
    return area(last, 0, rows - 1, header.n_cols - 1)
