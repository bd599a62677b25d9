"""A sheet that takes one table after the other, and goes on on a further one when it is full."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from converter.core.tables.model import Place, Table
from converter.core.tables.values import Value
from converter.core.workbook.sheet_text import clean_text
from converter.core.workbook.sheets import SheetPlan, close_sheet, open_sheet, set_lines
from converter.core.workbook.styles import CellMaker, CellStyle
from converter.core.workbook.table_layout import merged_areas, row_lines
from converter.core.workbook.table_rows import AUTHOR, table_rows

MOST_ROWS: Final = 1_048_576  # of a sheet; Excel's limit


class RunningSheet:
    """Writes rows until it is closed. `row` is the one that comes next, counted from 0."""

    def __init__(self, book: Workbook, cells: CellMaker, title: str, plan: SheetPlan) -> None:
        self.title, self.row = title, 0
        self._cells, self._widths = cells, plan.widths
        self._sheet: Worksheet = open_sheet(book, title, plan)

    def add_line(self, text: str, style: CellStyle) -> None:
        self._sheet.append([self._cells.text(self._sheet, text, style)] if text else [])
        self.row += 1

    def add_table(
        self,
        table: Table,
        values: Mapping[Place, Value],
        *,
        numbers: Collection[int] | None = None,
        notes: Mapping[Place, str] | None = None,
    ) -> None:
        """Write a table from the next row on; `notes` are for cells, beside those of their own."""
        set_lines(self._sheet, row_lines(table, self._widths), self.row)
        for merged in merged_areas(table, self.row):
            self._sheet.merged_cells.ranges.add(CellRange(merged))
        for row, line in enumerate(table_rows(self._sheet, self._cells, table, values, numbers)):
            for place, note in (notes or {}).items():
                if place[0] == row:
                    line[place[1]].comment = Comment(clean_text(note), AUTHOR, 120, 320)
            self._sheet.append(line)
        self.row += table.n_rows

    def close(self, filtered: str = "") -> None:
        self._sheet.auto_filter.ref = filtered or None
        close_sheet(self._sheet)
