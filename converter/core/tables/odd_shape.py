"""Rows and columns that may have been divided wrongly: what stands in them tells."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from converter.core.tables.causes import Cause
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.sums.amounts import NUMBER, TEXT, Amounts

FEWEST: Final = 3
"""Numbers that make a column one of numbers."""
RARELY: Final = 0.25
"""By the numbers of a column: so few cells with several may be errors."""
MOSTLY: Final = 0.6
"""Of the columns of numbers have to show it."""
NEARLY: Final = 0.8
"""Of the cells of a row have several lines, if it may be two."""
TWICE: Final = 2
"""Cells that are written as the one above them."""
ALIKE: Final = 0.6
"""Of the cells of a column have figures, where it is one of figures."""
SPREAD: Final = 5
"""Cells that two columns have together before they may be one."""
_FIGURE: Final = re.compile(r"[-(\u2212\u2013$€£¥]*\d[\d.,]*\)?%?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_FIGURES: Final = re.compile(r"\d[\d.,]*")
_AROUND: Final = re.compile(r"[-+()\u2212\u2013$€£¥\s]")
"""What stands around some numbers of a column and not around others."""
_WORDS: Final = re.compile(r"[^\W\d]+")


def odd_shape(table: Table, amounts: Amounts) -> Iterator[tuple[Place, Cause]]:
    """The places at which rows or columns may begin or end elsewhere, with the cause."""
    numeric = _numeric_columns(amounts)
    merged = {*_merged(amounts, numeric), *_doubled(amounts)}
    yield from ((place, Cause.ROWS) for place in sorted(merged))
    typed = _typed_columns(table)
    yield from ((place, Cause.HEADER) for place in _figures_in_header(table, typed))
    yield from ((place, Cause.HEADER) for place in _words_above(table, typed))
    yield from ((place, Cause.COLUMNS) for place in _parted(table))


def _numeric_columns(amounts: Amounts) -> Mapping[int, int]:
    """The columns that hold numbers, more than other text, and how many."""
    counts = (amounts.holds == NUMBER).sum(axis=0)
    texts = (amounts.holds == TEXT).sum(axis=0)
    return {
        col: int(counts[col])
        for col in range(len(counts))
        if counts[col] >= FEWEST and counts[col] > texts[col]
    }


def _merged(amounts: Amounts, numeric: Mapping[int, int]) -> Iterator[Place]:
    """Cells with several numbers, if they fill a row and are rare in their columns."""
    several = [place for place, cell in amounts.cells.items() if _is_several(cell.text)]
    often = Counter(col for _, col in several)
    rows: dict[int, list[Place]] = defaultdict(list)
    for row, col in several:
        if col in numeric and often[col] <= max(1.0, RARELY * numeric[col]):
            rows[row].append((row, col))
    for row, places in rows.items():
        filled = sum((row, col) in amounts.cells for col in numeric)
        if 2 * len(places) >= filled:
            yield from places


def _doubled(amounts: Amounts) -> Sequence[Place]:
    """The first cell of the one row whose cells nearly all have several lines."""
    rows: dict[int, list[Place]] = defaultdict(list)
    for row, col in sorted(amounts.cells):
        rows[row].append((row, col))
    found = [
        places
        for places in rows.values()
        if len(places) > 1
        and sum("\n" in amounts.cells[place].text for place in places) >= NEARLY * len(places)
    ]
    return found[0][:1] if len(found) == 1 and len(rows) > FEWEST else []


def _is_several(text: str) -> bool:
    parts = text.split()
    return len(parts) > 1 and all(map(_FIGURE.fullmatch, parts))


def _figures_in_header(table: Table, typed: Mapping[int, Counter[str]]) -> Sequence[Place]:
    """The first of the headings that are written as what stands below them."""
    deep = table.header_rows
    heads = [
        cell
        for cell in table.cells
        if cell.header
        and cell.row + cell.rowspan == deep
        and cell.colspan == 1
        and cell.col in typed
    ]
    figures = [
        cell for cell in heads if typed[cell.col][_shape(cell.text.split("\n")[-1])] >= TWICE
    ]
    longest = max((sum(map(str.isdigit, cell.text)) for cell in figures), default=0)
    # One to twelve are names of columns.
    if len(figures) < max(1, MOSTLY * len(heads)) or longest <= 2:
        return []
    return [min(cell.place for cell in figures)]


def _words_above(table: Table, typed: Mapping[int, Counter[str]]) -> Sequence[Place]:
    """The first of the words that stand above figures in a table without header."""
    if table.header_rows:
        return []
    first: dict[int, Cell] = {}
    for cell in sorted(table.cells, key=lambda cell: cell.row):
        if cell.text and cell.colspan == 1:
            first.setdefault(cell.col, cell)
    words = [first[col] for col in sorted(typed) if not any(map(str.isdigit, first[col].text))]
    is_header = len(words) >= max(1, MOSTLY * len(typed)) and len({cell.row for cell in words}) == 1
    return [(words[0].row, words[0].col)] if is_header else []


def _typed_columns(table: Table) -> Mapping[int, Counter[str]]:
    """The columns whose cells are figures or are written alike with some, and how often."""
    columns: dict[int, Counter[str]] = defaultdict(Counter)
    for cell in table.cells:
        if cell.text and not cell.header and cell.colspan == 1:
            columns[cell.col][_shape(cell.text)] += 1
    found = {}
    for col, shapes in columns.items():
        with_figures = Counter({shape: n for shape, n in shapes.items() if set(shape) & set("9y")})
        if with_figures.total() >= max(TWICE, ALIKE * shapes.total()):
            found[col] = with_figures
    return found


def _shape(text: str) -> str:
    """How a text is written: `y` for years, `9` for other figures with their points and commas, `a`
    for words."""
    if _YEAR.fullmatch(text.strip()):
        return "y"
    return _WORDS.sub("a", _FIGURES.sub("9", _AROUND.sub("", text)))


def _parted(table: Table) -> Iterator[Place]:
    """The first cell of a column that is filled only where the one at its left is not, under no
    heading of its own."""
    body: dict[int, dict[int, Cell]] = defaultdict(dict)
    heads: dict[int, set[Place]] = defaultdict(set)
    for cell in table.cells:
        if cell.header and cell.text:
            for col in range(cell.col, cell.col + cell.colspan):
                heads[col].add(cell.place)
        elif cell.text and cell.colspan == 1:
            body[cell.col][cell.row] = cell
    for col in range(1, table.n_cols):
        left, right = body[col - 1], body[col]
        has_own = heads[col] and heads[col] != heads[col - 1]
        are_many = left and right and len(left) + len(right) >= SPREAD
        if are_many and not has_own and left.keys().isdisjoint(right):
            yield min(right), col
