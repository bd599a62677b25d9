"""All tables below each other on one sheet, each under a line that says where it is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from converter.core.tables.spool import TableSpool
from converter.core.tables.values import table_values
from converter.core.workbook.arrangement import BookContext, Numbered, SourceImage
from converter.core.workbook.running_sheet import RunningSheet
from converter.core.workbook.sheet_names import ALL_TABLES
from converter.core.workbook.sheets import SheetPlan
from converter.core.workbook.styles import CellStyle
from converter.core.workbook.summary import SheetRow
from converter.core.workbook.table_layout import column_widths

# One column serves all tables, so a long text in one of them must not push the others apart.
_WIDEST: Final = 40.0
_TITLE: Final = CellStyle(line="", bold=True, size=12, wrap=False)


class SingleSheet:
    """Written at the end, since its columns are as wide as the widest table needs. No row is
    frozen: each header belongs to one table only."""

    def __init__(self, context: BookContext) -> None:
        self._context = context
        self._spool = TableSpool()
        self._widths: list[float] = []
        self._titles: list[str] = []
        self._parts = 0
        self._firsts: dict[int, int] = {}  # by an image's key, its first table in the spool

    def add(self, image: SourceImage, tables: Sequence[Numbered]) -> None:
        for number, table in tables:
            self._firsts.setdefault(image.key, self._spool.put(table))
            self._titles.append(image.title(number))
            widths = column_widths(table, has_filter=False)
            pairs = zip_longest(self._widths, widths, fillvalue=0)
            self._widths = [min(max(pair), _WIDEST) for pair in pairs]

    def finish(self) -> Mapping[int, SheetRow]:
        spots, sheet = [], None
        for number, title in enumerate(self._titles):
            table = self._spool.get(number)
            if sheet and sheet.row + 2 + table.n_rows > self._context.most_rows:
                sheet.close()
                sheet = None
            if sheet:
                sheet.add_line("", _TITLE)
            if sheet is None:
                self._parts += 1
                name = self._context.names.part(ALL_TABLES, self._parts)
                plan = SheetPlan(self._widths)
                sheet = RunningSheet(self._context.book, self._context.cells, name, plan)
            spots.append(SheetRow(sheet.title, sheet.row))
            sheet.add_line(title, _TITLE)
            sheet.add_table(table, table_values(table))
        if sheet:
            sheet.close()
        return {key: spots[first] for key, first in self._firsts.items()}

    def remark(self) -> str:
        return ""

    def close(self) -> None:
        self._spool.close()
