"""Rows → CSV that spreadsheets open correctly: UTF-8, quoted, without formulas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Final

from converter.core.tables.model import Table

MARK: Final = "\ufeff"  # by which Excel knows that it is UTF-8
_NUMBER: Final = re.compile(r"[+\-][\d\s.,']*\d\s*%?")
# OWASP's list, with the wide forms that spreadsheets take for the same signs; and the apostrophe
# itself, so that one in front can be taken away again.
_ESCAPED: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20'")


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """CSV that begins with a byte order mark.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, and so does text
    that begins with one: taking away the first apostrophe of a cell gives its text. Signed numbers
    are left as they are.
    """
    target = StringIO(newline="")
    csv.writer(target).writerows(
        [
            f"'{text}" if text.startswith(_ESCAPED) and not _NUMBER.fullmatch(text) else text
            for text in row
        ]
        for row in rows
    )
    return MARK + target.getvalue()


def rows_of(table: Table) -> Iterator[list[str]]:
    """The text of a table row by row; a span has its text in its first place."""
    grid = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.col] = cell.text
    yield from grid
