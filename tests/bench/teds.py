"""TEDS, the tree-edit-distance similarity of two tables, from finished workbooks.

Zhong, ShafieiBavani and Jimeno Yepes, "Image-based table recognition: data, model, and
evaluation" (ECCV 2020). A table is a tree of rows of cells, so the distance of two tables is the
cost of aligning their rows, and that of two rows is the cost of aligning their cells. Numbers are
compared by value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from lxml import html
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet
from rapidfuzz.distance import Levenshtein

from converter.core.workbook.styles import DOUBT_FILL

T = TypeVar("T")

NO_TABLE = {"Summary", "Review", "Checks", "About"}


@dataclass(frozen=True)
class Leaf:
    text: str
    rowspan: int = 1
    colspan: int = 1
    marked: bool = False  # as doubtful


Grid = Sequence[Sequence[Leaf]]


def from_html(path: Path) -> list[Grid]:
    """The tables of an HTML file; cells are `td` and `th`."""
    root = html.fromstring(f"<div>{path.read_text(encoding='utf-8')}</div>")
    grids: list[Grid] = []
    for table in root.iter("table"):
        rows = [row.xpath("td|th") for row in table.iter("tr")]
        grids.append(
            [
                [
                    Leaf(" ".join(c.itertext()), int(c.get("rowspan", 1)), int(c.get("colspan", 1)))
                    for c in row
                ]
                for row in rows
            ]
        )
    return grids


def from_workbook(path: Path) -> list[Grid]:
    """The tables of a workbook, one per sheet; merged cells are spans."""
    book = load_workbook(path)
    return [_grid(sheet) for sheet in book.worksheets if sheet.title not in NO_TABLE]


def teds(truth: Sequence[Grid], got: Sequence[Grid]) -> float:
    """The mean over tables, each paired with its best partner; one without a partner is 0.

    Finding nothing where there is no table is 1.
    """
    if not truth and not got:
        return 1.0
    return sum(score for _, _, score in partners(truth, got)) / max(len(truth), len(got), 1)


def partners(truth: Sequence[Grid], got: Sequence[Grid]) -> list[tuple[int, int, float]]:
    """Pairs of tables (i, j) with their similarity, each used once, the most similar first."""
    pairs = {(i, j): similarity(t, g) for i, t in enumerate(truth) for j, g in enumerate(got)}
    chosen = []
    while pairs:
        best = max(pairs, key=lambda pair: pairs[pair])
        chosen.append((*best, pairs[best]))
        pairs = {p: s for p, s in pairs.items() if p[0] != best[0] and p[1] != best[1]}
    return chosen


def similarity(truth: Grid, got: Grid) -> float:
    """1 for equal tables, towards 0 for tables that have nothing in common."""
    row_cost = cache(lambda i, j: _alignment(truth[i], got[j], lambda _: 1.0, cell_cost))
    distance = _alignment(
        range(len(truth)),
        range(len(got)),
        partial(_row_size, truth),
        row_cost,
        partial(_row_size, got),
    )
    return 1 - distance / max(_size(truth), _size(got), 1)


def _row_size(grid: Grid, row: int) -> float:
    return 1.0 + len(grid[row])


def _size(grid: Grid) -> int:
    return 1 + sum(1 + len(row) for row in grid)


def _alignment(
    left: Sequence[T],
    right: Sequence[T],
    removal: Callable[[T], float],
    change: Callable[[T, T], float],
    insertion: Callable[[T], float] | None = None,
) -> float:
    """The least cost to turn one sequence into the other."""
    insertion = insertion or removal
    costs = [0.0]
    for item in right:
        costs.append(costs[-1] + insertion(item))
    for mine in left:
        row = [costs[0] + removal(mine)]
        for j, other in enumerate(right):
            row.append(
                min(
                    costs[j + 1] + removal(mine),
                    row[j] + insertion(other),
                    costs[j] + change(mine, other),
                )
            )
        costs = row
    return costs[-1]


def cell_cost(a: Leaf, b: Leaf) -> float:
    if (a.rowspan, a.colspan) != (b.rowspan, b.colspan):
        return 1.0
    left, right = _normal(a.text), _normal(b.text)
    if left == right or (_number(left) is not None and _number(left) == _number(right)):
        return 0.0
    return Levenshtein.normalized_distance(left, right)


@cache
def _normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    return " ".join(text.split())


@cache
def _number(text: str) -> float | None:
    """The value of a plain number: 1,234.5, (5) for -5, 12.5%, $3."""
    match = re.fullmatch(r"(\()?([-+]?)[$€£]?([\d, ]*\.?\d+)[$€£]?(%)?(\))?", text)
    if not match or bool(match[1]) != bool(match[5]):
        return None
    value = float(match[3].replace(",", "").replace(" ", "")) / (100 if match[4] else 1)
    return round(-value if match[1] or match[2] == "-" else value, 9)


def _grid(sheet: Worksheet) -> Grid:
    merged = sheet.merged_cells.ranges
    spans = {(a.min_row, a.min_col): (a.size["rows"], a.size["columns"]) for a in merged}
    covered = {place for area in merged for row in area.rows for place in row} - set(spans)
    return [
        [
            Leaf(_shown(cell), *spans.get((cell.row, cell.column), (1, 1)), _is_marked(cell))
            for cell in row
            if (cell.row, cell.column) not in covered
        ]
        for row in sheet.iter_rows()
    ]


def _is_marked(cell: Cell | MergedCell) -> bool:
    colour = cell.fill.fgColor.rgb if cell.fill and cell.fill.fill_type else None
    return isinstance(colour, str) and colour.endswith(DOUBT_FILL)


def _shown(cell: Cell | MergedCell) -> str:
    value = cell.value
    if isinstance(value, int | float) and "%" in cell.number_format:
        return f"{value * 100:.10g}%"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
