"""Marks the stub of a table, the cells that name its rows, and their levels of indentation.

"Stub" is the term of table typography, as the U.S. Census Bureau's manual uses it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from converter.core.engines.local.page.text_forms import YEAR, is_numeric
from converter.core.engines.local.tables.layout import body_columns
from converter.core.tables.model import Cell

WORDS: Final = 0.6  # of the cells with text in a stub column are words
NUMBERS: Final = 0.5  # of the cells with text in the columns beside the stub are numbers
STEP: Final = 0.45  # by a line's height: the least indent
SHARED: Final = 0.8  # of the names start where others do, or they are not left-aligned
DEEPEST: Final = 5  # levels


def mark_stubs(cells: Sequence[Cell], height: float) -> list[Cell]:
    """The cells of a table, with those that name rows marked. `height` is that of a line in pixels.

    The first columns name rows if they hold words or years with numbers beside them; titles over
    the whole width do too.
    """
    width = max((cell.col + cell.colspan for cell in cells), default=0)
    columns = _stub_columns(cells, width)
    indents = _indents([cell for cell in cells if _names(cell, columns) and cell.col == 0], height)
    return [
        replace(cell, stub=True, indent=indents.get(cell.place, 0))
        if _names(cell, columns)
        else cell
        for cell in cells
    ]


def _names(cell: Cell, columns: int) -> bool:
    return bool(cell.text) and not cell.header and cell.col < columns


def _stub_columns(cells: Sequence[Cell], width: int) -> int:
    """How many columns on the left name rows: 0 if there are no numbers beside them."""
    texts = {col: [cell.text for cell in column] for col, column in body_columns(cells).items()}
    count = 0
    while count < width:
        column = texts.get(count, ["0"])
        words = sum(not is_numeric(text) for text in column)
        are_years = all(YEAR.match(text) for text in column) and len(set(column)) == len(column)
        if words < WORDS * len(column) and not (count == 0 and are_years):
            break
        count += 1
    beside = [text for col in range(count, width) for text in texts.get(col, [])]
    numbers = sum(map(is_numeric, beside))
    return count if beside and numbers >= NUMBERS * len(beside) else 0


def _indents(stub: Sequence[Cell], height: float) -> Mapping[tuple[int, int], int]:
    """The level of indentation of each name by its (row, col), from 0; empty if all are level."""
    least = min((cell.box.left for cell in stub if cell.box and cell.colspan == 1), default=0.0)
    # a centred title is not part of the name above it
    lefts = {
        cell.place: cell.box.left
        for cell in stub
        if cell.box and (cell.colspan == 1 or cell.box.left <= least)
    }
    starts = sorted(lefts.values())
    levels = [starts[:1]]
    for before, left in pairwise(starts):
        if left - before < STEP * height:
            levels[-1].append(left)
        else:
            levels.append([left])
    sizes = Counter(map(len, levels))
    shared = len(starts) - sizes[1]
    if not 1 < len(levels) <= DEEPEST or shared < SHARED * len(starts):
        return {}
    ends = [level[-1] for level in levels if level is levels[0] or len(level) > 1]
    strays = {level[0] for level in levels[1:] if len(level) == 1}
    return {
        place: sum(left > end for end in ends)
        for place, left in lefts.items()
        if left not in strays
    }
