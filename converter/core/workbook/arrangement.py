"""The arrangements of tables on the sheets of a workbook, and what all of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from openpyxl import Workbook

from converter.core.tables.model import Table
from converter.core.workbook.running_sheet import MOST_ROWS
from converter.core.workbook.sheet_names import SheetNames
from converter.core.workbook.styles import CellMaker
from converter.core.workbook.summary import SheetRow

Numbered = tuple[int, Table]


class Arrangement(StrEnum):
    """How tables are distributed over sheets."""

    SEPARATE_SHEETS = "separate_sheets"
    SINGLE_SHEET = "single_sheet"
    MERGE_SAME_COLUMNS = "merge_same_columns"


@dataclass(slots=True)
class BookContext:
    """The workbook that is written; a sheet of it holds at most `most_rows`."""

    book: Workbook
    cells: CellMaker = field(default_factory=CellMaker)
    names: SheetNames = field(default_factory=SheetNames)
    most_rows: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class SourceImage:
    """An image whose tables are added: a unique number, its name, and a label that differs from
    those of other images with that name. The only image of a workbook has no name."""

    key: int
    name: str | None
    label: str | None

    def title(self, number: int) -> str:
        """The line above one of its tables."""
        return f"{self.label} · Table {number}" if self.label else f"Table {number}"


class Sheets(Protocol):
    """Takes tables image by image and writes them, at once or at the end."""

    def add(self, image: SourceImage, tables: Sequence[Numbered]) -> None:
        """Add tables that have cells, each with its number on the image."""

    def finish(self) -> Mapping[int, SheetRow]:
        """Write the rest; the first row of each image's tables, by the image's key."""

    def remark(self) -> str:
        """A line for the summary; may be empty."""

    def close(self) -> None:
        """Release temporary files, whether it was finished or not."""
