"""Which cells of the body name its rows, and how far the names of parts are indented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from converter.core.engines.local.layout import body_columns
from converter.core.engines.local.text_forms import YEAR, is_numeric
from converter.core.tables.model import Cell

WORDS: Final = 0.6  # of the cells with text in a stub
NUMBERS: Final = 0.5  # of those in the columns beside it
STEP: Final = 0.45  # of a line's height: the least indent
SHARED: Final = 0.8  # of the names begin where others do, or they are not set to the left
DEEPEST: Final = 5


def mark_stubs(cells: Sequence[Cell], height: float) -> list[Cell]:
    """The cells of a table with those marked that name rows. `height` is that of a line.

    The first columns do if they hold words or years and there are numbers beside them; so do titles
    over the whole width.
    """
    width = max((cell.col + cell.colspan for cell in cells), default=0)
    columns = _stub_columns(cells, width)
    indents = _indents([cell for cell in cells if _names(cell, columns) and cell.col == 0], height)
    return [
        replace(cell, stub=True, indent=indents.get((cell.row, cell.col), 0))
        if _names(cell, columns)
        else cell
        for cell in cells
    ]


def _names(cell: Cell, columns: int) -> bool:
    return bool(cell.text) and not cell.header and cell.col < columns


def _stub_columns(cells: Sequence[Cell], width: int) -> int:
    """How many columns on the left name rows: none where no numbers stand beside them."""
    texts = {col: [cell.text for cell in column] for col, column in body_columns(cells).items()}
    named = [_are_names(texts.get(col, ["0"]), first=col == 0) for col in range(width)]
    count = named.index(False) if False in named else width
    beside = [text for col in range(count, width) for text in texts.get(col, [])]
    numbers = sum(map(is_numeric, beside))
    return count if beside and numbers >= NUMBERS * len(beside) else 0


def _are_names(texts: Sequence[str], *, first: bool) -> bool:
    if first and all(YEAR.match(text) for text in texts) and len(set(texts)) == len(texts):
        return True
    return sum(not is_numeric(text) for text in texts) >= WORDS * len(texts)


def _indents(stub: Sequence[Cell], height: float) -> Mapping[tuple[int, int], int]:
    """The level of each name of a row, from 0, by where it begins; nothing if all are level."""
    least = min((cell.box.left for cell in stub if cell.box and cell.colspan == 1), default=0.0)
    # a title in the middle is no part of the name above it
    lefts = {
        (cell.row, cell.col): cell.box.left
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
