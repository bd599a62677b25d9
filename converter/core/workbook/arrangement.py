"""How the tables of a workbook come onto its sheets: what every way of it has in common."""

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
from converter.core.workbook.summary import Spot

Numbered = tuple[int, Table]


class Arrangement(StrEnum):
    """Which way it is."""

    SEPARATE_SHEETS = "separate_sheets"
    SINGLE_SHEET = "single_sheet"
    MERGE_SAME_COLUMNS = "merge_same_columns"


@dataclass(slots=True)
class Paper:
    """What is written on. A sheet takes `most_rows`, and what is more goes to another one."""

    book: Workbook
    cells: CellMaker = field(default_factory=CellMaker)
    names: SheetNames = field(default_factory=SheetNames)
    most_rows: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Image:
    """An image whose tables come: a number of its own, its name, and what it is called where each
    must be known from others of that name. A single image of a workbook has no name."""

    key: int
    name: str | None
    label: str | None

    def title(self, number: int) -> str:
        """What stands above one of its tables."""
        return f"{self.label} · Table {number}" if self.label else f"Table {number}"


class Sheets(Protocol):
    """Takes the tables of one image after the other, and writes them, at once or at the end."""

    def add(self, image: Image, tables: Sequence[Numbered]) -> None:
        """Take tables that have cells, each with its number on the image."""

    def finish(self) -> Mapping[int, Spot]:
        """Write what is not written yet; where the first table of each image stands, by key."""

    def remark(self) -> str:
        """What is to be said of it in the summary; empty if nothing is."""

    def close(self) -> None:
        """Let go of what it holds, whether it was finished or not."""
