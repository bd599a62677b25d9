"""Rows → CSV that spreadsheets open as it was meant: UTF-8, quoted, and never a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Final

from converter.core.tables.model import Table

MARK: Final = "\ufeff"  # by which Excel knows that it is UTF-8
_NUMBER: Final = re.compile(r"[+\-][\d\s.,']*\d\s*%?")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """CSV with a byte order mark first.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; a signed number
    stays as it is.
    """
    target = StringIO(newline="")
    csv.writer(target).writerows([_harmless(text) for text in row] for row in rows)
    return MARK + target.getvalue()


def rows_of(table: Table) -> Iterator[list[str]]:
    """The text of a table row by row; of a span, its first place has the text."""
    grid = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.col] = cell.text
    yield from grid


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
