"""Tables → workbook: a sheet for every table, then a summary of the images."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from converter.core.tables.model import Table
from converter.core.tables.values import table_values
from converter.core.workbook.looks import CellMaker
from converter.core.workbook.sheet_names import SheetNames
from converter.core.workbook.sheets import close_sheet, open_sheet
from converter.core.workbook.streaming import Target, discard_book, new_book, save_book
from converter.core.workbook.summary import ImageReport, write_summary
from converter.core.workbook.table_layout import plan_table
from converter.core.workbook.table_rows import table_rows


class TableBook:
    """Builds a workbook table by table; only the current table is kept in memory.

        with TableBook("tables.xlsx") as book:
            book.add_tables("page.png", tables)
            book.add_report(ImageReport("page.png", "done", tables=len(tables)))

    Leaving the block saves the workbook; leaving it by an exception writes nothing.
    """

    def __init__(self, target: Target, title: str = "Tables") -> None:
        self._target = target
        self._book = new_book(title)
        self._cells = CellMaker()
        self._names = SheetNames()
        self._reports: list[ImageReport] = []
        self._first_sheets: defaultdict[str, deque[str | None]] = defaultdict(deque)
        self._links: dict[int, str] = {}
        self._saved = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.save()
        elif not self._saved:
            discard_book(self._book)

    def add_tables(self, image_name: str | None, tables: Sequence[Table]) -> None:
        """Write a sheet per table; a table without cells gets none.

        With None for the name, as for a single image, the sheets are `Table 1`, `Table 2` …;
        otherwise they are named after the image.
        """
        filled = [table for table in tables if table.cells]
        if image_name is None:
            names = [self._names.next_table() for _ in filled]
        else:
            names = self._names.for_image(image_name, len(filled))
            if tables:
                self._first_sheets[image_name].append(names[0] if names else None)
        for name, table in zip(names, filled, strict=True):
            self._write(name, table)

    def add_report(self, report: ImageReport) -> None:
        """Add a row to the summary. Images of one name are reported in the order of their tables;
        `report.tables` counts those that were added."""
        waiting = self._first_sheets.get(report.name)
        if report.tables and waiting and (first := waiting.popleft()):
            self._links[len(self._reports)] = first
        if not waiting:
            self._first_sheets.pop(report.name, None)
        self._reports.append(report)

    def save(self) -> None:
        """Write the summary, then the file. Only the first call does anything."""
        if self._saved:
            return
        self._saved = True
        write_summary(self._book, self._cells, self._reports, self._links)
        save_book(self._book, self._target)

    def _write(self, name: str, table: Table) -> None:
        sheet = open_sheet(self._book, name, plan_table(table))
        for row in table_rows(sheet, self._cells, table, table_values(table)):
            sheet.append(row)
        close_sheet(sheet)
