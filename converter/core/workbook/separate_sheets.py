"""A sheet for every table, written at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from converter.core.tables.model import Table
from converter.core.tables.values import table_values
from converter.core.workbook.arrangement import Image, Numbered, Paper
from converter.core.workbook.sheets import close_sheet, open_sheet
from converter.core.workbook.summary import Spot
from converter.core.workbook.table_layout import plan_table
from converter.core.workbook.table_rows import table_rows


class SeparateSheets:
    """The sheets of a single image are `Table 1`, `Table 2` …; others are named after theirs."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._spots: dict[int, Spot] = {}

    def add(self, image: Image, tables: Sequence[Numbered]) -> None:
        for name, (_, table) in zip(names_of(self._paper, image, len(tables)), tables, strict=True):
            self._spots.setdefault(image.key, Spot(name))
            write_sheet(self._paper, name, table)

    def finish(self) -> Mapping[int, Spot]:
        return self._spots

    def remark(self) -> str:
        return ""

    def close(self) -> None:
        pass


def names_of(paper: Paper, image: Image, count: int) -> list[str]:
    """The names of an image's sheets."""
    if image.name is None:
        return [paper.names.next_table() for _ in range(count)]
    return paper.names.for_image(image.name, count)


def write_sheet(paper: Paper, name: str, table: Table) -> None:
    """Write a table onto a sheet of its own."""
    sheet = open_sheet(paper.book, name, plan_table(table))
    for row in table_rows(sheet, paper.cells, table, table_values(table)):
        sheet.append(row)
    close_sheet(sheet)
