"""What stands below the headings of a table, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from converter.core.tables.model import Cell


def body_columns(cells: Sequence[Cell]) -> Mapping[int, Sequence[Cell]]:
    """The cells with text of each column that has any, without headings and what spans columns."""
    columns: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.text and not cell.header and cell.colspan == 1:
            columns.setdefault(cell.col, []).append(cell)
    return columns
