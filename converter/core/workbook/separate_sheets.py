"""A sheet for every table, written at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from converter.core.tables.model import Table
from converter.core.tables.values import table_values
from converter.core.workbook.arrangement import BookContext, Numbered, SourceImage
from converter.core.workbook.sheets import close_sheet, open_sheet
from converter.core.workbook.summary import SheetRow
from converter.core.workbook.table_layout import plan_table
from converter.core.workbook.table_rows import table_rows


class SeparateSheets:
    """The sheets of a single image are `Table 1`, `Table 2` …; others are named after theirs."""

    def __init__(self, context: BookContext) -> None:
        self._context = context
        self._spots: dict[int, SheetRow] = {}

    def add(self, image: SourceImage, tables: Sequence[Numbered]) -> None:
        for name, (_, table) in zip(
            names_of(self._context, image, len(tables)), tables, strict=True
        ):
            self._spots.setdefault(image.key, SheetRow(name))
            write_sheet(self._context, name, table)

    def finish(self) -> Mapping[int, SheetRow]:
        return self._spots

    def remark(self) -> str:
        return ""

    def close(self) -> None:
        pass


def names_of(context: BookContext, image: SourceImage, count: int) -> list[str]:
    """The names of an image's sheets."""
    if image.name is None:
        return [context.names.next_table() for _ in range(count)]
    return context.names.for_image(image.name, count)


def write_sheet(context: BookContext, name: str, table: Table) -> None:
    """Write a table onto a sheet of its own."""
    sheet = open_sheet(context.book, name, plan_table(table))
    for row in table_rows(sheet, context.cells, table, table_values(table)):
        sheet.append(row)
    close_sheet(sheet)
