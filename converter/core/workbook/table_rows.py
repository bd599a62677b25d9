"""The rows of a table's sheet: a styled cell for every place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from converter.core.tables.doubt import is_disputed, is_unreadable, needs_a_look, reasons
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.values import Value
from converter.core.workbook.sheet_text import clean_text, is_too_long
from converter.core.workbook.styles import (
    DOUBT_FILL,
    HEADER_FILL,
    HEADER_LINE,
    CellMaker,
    CellStyle,
)
from converter.core.workbook.table_layout import INDENT, number_columns

NOTE: Final = "The engine that read this table: {text}\nThe second reading: {other}"
CORRECTED: Final = "Corrected by a person.\nThe engine read: {read}"
UNREADABLE: Final = "A person could not read this.\nThe engine read: {read}"
NOTHING: Final = "nothing"
DOUBT: Final = "In doubt: {}"
AUTHOR: Final = "Tablexl"

_BODY: Final = CellStyle()
_ROW_HEADER: Final = CellStyle(bold=True)
_STUB: Final = CellStyle(fill=HEADER_FILL)
_HEADER: Final = CellStyle(fill=HEADER_FILL, bold=True, vertical="bottom")


def table_rows(
    sheet: Worksheet,
    cells: CellMaker,
    table: Table,
    values: Mapping[Place, Value],
    numbers: Collection[int] | None = None,
) -> Iterator[list[SheetCell]]:
    """The sheet's rows from the top, each with a cell for every column.

    `values` holds the values of the table's cells; `numbers` the columns with numbers, if the
    table has no body to show them. Places within a span or without a cell are blank and styled, so
    that the table keeps its outline. A note says why a cell is in doubt; if two readings differ, it
    shows both.
    """
    owners = {place: cell for cell in table.cells for place in cell.places()}
    styles = _TableStyles(table, number_columns(table, values) if numbers is None else numbers)
    for row in range(table.n_rows):
        line = []
        for col in range(table.n_cols):
            owner = owners.get((row, col), Cell(row, col))
            style = styles.of(owner, row)
            if owner.place in values and (row, col) == owner.place:
                made = cells.value(sheet, values[row, col], style)
                if note := _note(owner):
                    made.comment = Comment(clean_text(note), AUTHOR)
                line.append(made)
            else:
                line.append(cells.text(sheet, "", style))
        yield line


def _note(cell: Cell) -> str:
    """What a note on a cell says: that two readings differ, or what people made of the reading."""
    if is_disputed(cell):
        return NOTE.format(text=cell.text or NOTHING, other=cell.other)
    if is_unreadable(cell):
        return UNREADABLE.format(read=cell.read or NOTHING)
    if cell.said and cell.read != cell.text:
        return CORRECTED.format(read=cell.read or NOTHING)
    return DOUBT.format("; ".join(reasons(cell))) if needs_a_look(cell) else ""


class _TableStyles:
    def __init__(self, table: Table, number_columns: Collection[int]) -> None:
        self._header_rows = table.header_rows
        self._number_columns = number_columns

    def of(self, cell: Cell, row: int) -> CellStyle:
        if row < self._header_rows:
            align = "right" if cell.col in self._number_columns else "left"
            style = replace(
                _HEADER,
                align="center" if cell.colspan > 1 else align,
                line_below=HEADER_LINE if row == self._header_rows - 1 else "",
            )
        elif cell.header:
            style = _ROW_HEADER
        else:
            style = replace(_STUB, indent=INDENT * cell.indent) if cell.stub else _BODY
        if needs_a_look(cell) or is_too_long(cell.text):
            return replace(style, fill=DOUBT_FILL)
        return style
