"""The layout of a table on its sheet: widths, heights, frozen panes, filter, merged areas."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from openpyxl.utils import get_column_letter

from converter.core.tables.model import Place, Table
from converter.core.tables.values import Value
from converter.core.workbook.sheet_text import display_width
from converter.core.workbook.sheets import SheetPlan

NARROWEST: Final = 6
WIDEST: Final = 60
_HEADER_WIDEST: Final = 16  # longer headers wrap rather than widen a column of short values
_FILTER_BUTTON: Final = 3
_PADDING: Final = 3  # an indent on the side where the text begins, and a little air
INDENT: Final = 2  # of Excel's steps, for each level of a stub
MANY_COLS: Final = 8
MOST_FROZEN: Final = 6  # more rows than that would leave no room to scroll on a small screen


def plan_table(table: Table) -> SheetPlan:
    """How to lay out `table` with its first cell in A1."""
    filtered = filter_area(table)
    widths = column_widths(table, has_filter=bool(filtered))
    header_rows = table.header_rows if table.header_rows < table.n_rows else 0
    # Header rows stay in sight, and in a wide table the first column too, unless a merged cell
    # would be cut in two.
    frozen_rows = header_rows if header_rows <= MOST_FROZEN else 0
    is_wide = table.n_cols >= MANY_COLS and is_first_column_whole(table)
    return SheetPlan(
        widths=widths,
        lines=row_lines(table, widths),
        frozen=(frozen_rows, int(frozen_rows > 0 and is_wide)),
        repeated_rows=header_rows,
        filtered=filtered,
        merged=merged_areas(table),
    )


def merged_areas(table: Table, top: int = 0) -> list[str]:
    """The ranges of its spans where its first row is row `top` of the sheet."""
    return [
        area(
            top + cell.row, cell.col, top + cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1
        )
        for cell in table.cells
        if cell.rowspan > 1 or cell.colspan > 1
    ]


def area(top: int, left: int, bottom: int, right: int) -> str:
    """The range between two places counted from 0, ends included, as "A1:C9"."""
    first, last = get_column_letter(left + 1), get_column_letter(right + 1)
    return f"{first}{top + 1}:{last}{bottom + 1}"


def number_columns(table: Table, values: Mapping[Place, Value]) -> frozenset[int]:
    """The columns whose body holds mostly numbers, so that their headings are right-aligned."""
    balance = [0] * table.n_cols
    for cell in table.cells:
        if not cell.header and cell.text:
            is_number = isinstance(values[cell.place].content, int | float)
            balance[cell.col] += 1 if is_number else -1
    return frozenset(col for col, weight in enumerate(balance) if weight > 0)


def is_first_column_whole(table: Table) -> bool:
    return all(cell.colspan == 1 for cell in table.cells if cell.col == 0)


def filter_area(table: Table) -> str:
    """The range to filter, from the last header row; empty unless each column has a heading there.

    Also empty if body rows are merged, which Excel cannot sort.
    """
    last_header = table.header_rows - 1
    if last_header < 0 or table.n_rows - table.header_rows < 2:
        return ""
    for cell in table.cells:
        reaches_body = cell.row + cell.rowspan - 1 > last_header
        reaches_header = cell.row <= last_header <= cell.row + cell.rowspan - 1
        if (reaches_header and cell.colspan > 1) or (reaches_body and cell.rowspan > 1):
            return ""
    return area(last_header, 0, table.n_rows - 1, table.n_cols - 1)


def column_widths(table: Table, *, has_filter: bool) -> list[float]:
    """The widths that show the columns of a table, within limits."""
    body, header = [0] * table.n_cols, [0] * table.n_cols
    for cell in table.cells:
        if cell.colspan > 1 or not cell.text:
            continue
        longest = max(map(display_width, cell.text.split("\n")))
        if cell.header:
            word = max(map(display_width, cell.text.split()), default=0)
            wanted = max(min(longest, _HEADER_WIDEST), word) + _FILTER_BUTTON * has_filter
            header[cell.col] = max(header[cell.col], wanted)
        else:
            body[cell.col] = max(body[cell.col], longest + INDENT * cell.indent)
    return [
        min(max(pair) + _PADDING, WIDEST) if any(pair) else NARROWEST
        for pair in zip(body, header, [NARROWEST - _PADDING] * table.n_cols, strict=True)
    ]


def row_lines(table: Table, widths: Sequence[float]) -> dict[int, int]:
    """The lines of each row that needs more than one; a cell over several rows extends the last."""
    lines: dict[int, int] = {}
    for cell in sorted(table.cells, key=lambda cell: cell.rowspan):
        width = sum(widths[cell.col : cell.col + cell.colspan]) - _PADDING
        needed = sum(_wrapped(cell.text, int(width)))
        last = cell.row + cell.rowspan - 1
        above = sum(lines.get(row, 1) for row in range(cell.row, last))
        if needed - above > lines.get(last, 1):
            lines[last] = needed - above
    return lines


def _wrapped(text: str, width: int) -> Iterator[int]:
    """How many lines each paragraph of `text` takes in `width` characters."""
    for paragraph in text.split("\n"):
        columns = display_width(paragraph)
        if columns <= width:
            yield 1
        elif columns == len(paragraph):
            yield len(textwrap.wrap(paragraph, width))
        else:
            yield -(-columns // width)
