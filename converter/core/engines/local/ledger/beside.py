"""Print outside of all tables: lines with their role, and which of them a table may be missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from converter.core.engines.local.ledger.unread_cells import divisions
from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment, box_around, join_text
from converter.core.engines.local.page.text_forms import is_numeric
from converter.core.engines.local.page.text_lines import group_lines
from converter.core.tables.causes import Cause
from converter.core.tables.model import Box, Cell, Table
from converter.core.tables.roles import Role

GAP: Final = 2.0
"""Heights of a line: a wider blank parts two lines that stand side by side."""
NEAR: Final = 2.5
"""Heights between a table and a line above or below that may be one of its rows,"""
ASIDE: Final = 6.0
"""and beside one that may be its column."""
OWN: Final = 6.0
"""Heights between a table and its title, unit, note or source."""
LONG: Final = 60
"""Characters of a line of running text, which is no row or column."""
CONFIDENCE: Final = 0.6
"""The most to believe the cell that is next to what may belong to its table."""
ABOVE: Final = frozenset((Role.TITLE, Role.UNIT, Role.HEADING))
BELOW: Final = frozenset((Role.NOTE, Role.SOURCE, Role.UNIT))
APART: Final = frozenset((Role.PAGE_NUMBER, Role.CHROME))
"""What is no part of a table, wherever it stands."""


@dataclass(frozen=True, slots=True)
class LooseLine:
    """A line of print outside of all tables; `table` is the index of the one that it is of."""

    text: str
    box: Box
    confidence: float
    role: Role | None = None
    table: int | None = None


def loose_lines(
    fragments: Sequence[Fragment], roles: Sequence[Role | None], tables: Sequence[Table]
) -> list[LooseLine]:
    """The print outside of tables in lines, from the top; `roles` are those of the fragments."""
    role_of = dict(zip(map(id, fragments), roles, strict=True)) if roles else {}
    lines: list[LooseLine] = []
    for printed in group_lines(fragments):
        for run in _runs(printed):
            role = next((role_of[id(item)] for item in run if role_of.get(id(item))), None)
            line = LooseLine(
                join_text(run), box_around(run), min(item.confidence for item in run), role
            )
            owner = _missing_from(printed, line, tables)
            placed = replace(line, table=_table_of(line, tables))
            lines.append(placed if owner is None else replace(line, role=Role.BESIDE, table=owner))
    return lines


def _runs(printed: Sequence[Fragment]) -> Iterator[list[Fragment]]:
    """The pieces of a printed line, parted at wide blanks."""
    run = [printed[0]]
    for before, item in pairwise(printed):
        if item.box.left - before.box.right > GAP * item.box.height:
            yield run
            run = []
        run.append(item)
    yield run


def _missing_from(
    printed: Sequence[Fragment], line: LooseLine, tables: Sequence[Table]
) -> int | None:
    """The table that a line may be part of: it is level with its rows, or goes on its columns."""
    if line.role in APART or len(line.text) > LONG:
        return None
    for number, table in enumerate(tables):
        if table.box and (_is_level(line, table, table.box) or _goes_on(printed, table, table.box)):
            return number
    return None


def _height(table: Table) -> float:
    return line_height(cell.box for cell in table.cells if cell.box and cell.rowspan == 1)


def _is_level(line: LooseLine, table: Table, box: Box) -> bool:
    middle = (line.box.top + line.box.bottom) / 2
    aside = max(box.left - line.box.right, line.box.left - box.right)
    return box.top < middle < box.bottom and aside < ASIDE * _height(table)


def _goes_on(printed: Sequence[Fragment], table: Table, box: Box) -> bool:
    """Whether a printed line just above or below fills several columns, with a figure in one."""
    inside = [item for item in printed if box.left <= item.centre <= box.right]
    if len(inside) < 2:
        return False
    around = box_around(inside)
    away = max(box.top - around.bottom, around.top - box.bottom)
    if away > NEAR * _height(table):
        return False
    columns = np.searchsorted(divisions(table, 1), [item.centre for item in inside])
    filled = len(set(columns.tolist()))
    figures = any(is_numeric(item.text) for item in inside)
    return filled > 1 and (figures or 2 * filled > table.n_cols)


def _table_of(line: LooseLine, tables: Sequence[Table]) -> int | None:
    """The table that a line names, explains or gives the source of."""
    away = []
    for number, table in enumerate(tables):
        if not table.box or min(table.box.right, line.box.right) <= max(
            table.box.left, line.box.left
        ):
            continue
        if line.role in ABOVE:
            away.append((table.box.top - line.box.bottom, number))
        if line.role in BELOW:
            away.append((line.box.top - table.box.bottom, number))
    height = line.box.height
    near = [(gap, number) for gap, number in away if -height < gap < OWN * height]
    return min(near)[1] if near else None


def with_beside(tables: Sequence[Table], lines: Sequence[LooseLine]) -> list[Table]:
    """The tables, each with the count of lines that may belong to it, and a doubtful cell there."""
    beside = [line for line in lines if line.role is Role.BESIDE]
    counts = Counter(line.table for line in beside)
    return [
        replace(
            _doubting(table, [line.box for line in beside if line.table == number]),
            beside=counts[number],
        )
        if counts[number]
        else table
        for number, table in enumerate(tables)
    ]


def _doubting(table: Table, boxes: Sequence[Box]) -> Table:
    """With doubt in the cell that is nearest to the first of these boxes."""
    printed = [cell for cell in table.cells if cell.box and cell.text]
    if not printed:
        return table
    nearest = min(printed, key=lambda cell: _distance(cell, boxes[0]))
    changed: Mapping[Cell, Cell] = {
        nearest: replace(
            nearest,
            confidence=min(CONFIDENCE, nearest.confidence),
            causes=(*nearest.causes, Cause.BESIDE),
        )
    }
    return replace(table, cells=tuple(changed.get(cell, cell) for cell in table.cells))


def _distance(cell: Cell, box: Box) -> float:
    if cell.box is None:
        return float("inf")
    across = max(0.0, cell.box.left - box.right, box.left - cell.box.right)
    down = max(0.0, cell.box.top - box.bottom, box.top - cell.box.bottom)
    return across + down
