"""The rows of a table's sheet: every place gets a cell, and every cell its look."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from converter.core.tables.doubt import is_disputed, is_doubtful
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.values import Value
from converter.core.workbook.sheet_text import clean_text, is_too_long
from converter.core.workbook.styles import DOUBT_FILL, HEADER_FILL, HEADER_LINE, CellMaker, Look
from converter.core.workbook.table_layout import INDENT, number_columns

NOTE: Final = "The engine that read this table: {text}\nThe second reading: {other}"
NOTHING: Final = "nothing"
AUTHOR: Final = "Tablexl"

_BODY: Final = Look()
_ROW_HEADER: Final = Look(bold=True)
_STUB: Final = Look(fill=HEADER_FILL)
_HEADER: Final = Look(fill=HEADER_FILL, bold=True, vertical="bottom")


def table_rows(
    sheet: Worksheet,
    cells: CellMaker,
    table: Table,
    values: Mapping[Place, Value],
    numbers: Collection[int] | None = None,
) -> Iterator[list[SheetCell]]:
    """The sheet's rows from the top, each with a cell for every column. `values` says what each
    cell of the table means, `numbers` which columns hold numbers, where its body does not tell.

    Places that a span covers, or no cell at all, are blank but look like the rest, so that the
    table keeps its outline. Where two readings differ, a note shows both.
    """
    owners = {place: cell for cell in table.cells for place in cell.places()}
    looks = _Looks(table, number_columns(table, values) if numbers is None else numbers)
    for row in range(table.n_rows):
        line = []
        for col in range(table.n_cols):
            owner = owners.get((row, col), Cell(row, col))
            look = looks.of(owner, row)
            if (owner.row, owner.col) in values and (row, col) == (owner.row, owner.col):
                line.append(_noted(cells.value(sheet, values[row, col], look), owner))
            else:
                line.append(cells.text(sheet, "", look))
        yield line


def _noted(made: SheetCell, cell: Cell) -> SheetCell:
    if is_disputed(cell):
        text = NOTE.format(text=cell.text or NOTHING, other=cell.other)
        made.comment = Comment(clean_text(text), AUTHOR)
    return made


class _Looks:
    def __init__(self, table: Table, number_columns: Collection[int]) -> None:
        self._header_rows = table.header_rows
        self._number_columns = number_columns

    def of(self, cell: Cell, row: int) -> Look:
        look = self._plain(cell, row)
        if is_disputed(cell) or is_doubtful(cell) or is_too_long(cell.text):
            return replace(look, fill=DOUBT_FILL)
        return look

    def _plain(self, cell: Cell, row: int) -> Look:
        if row >= self._header_rows:
            stub = replace(_STUB, indent=INDENT * cell.indent) if cell.stub else _BODY
            return _ROW_HEADER if cell.header else stub
        last = row == self._header_rows - 1
        return replace(_HEADER, align=self._align(cell), line_below=HEADER_LINE if last else "")

    def _align(self, cell: Cell) -> str:
        if cell.colspan > 1:
            return "center"
        return "right" if cell.col in self._number_columns else "left"
