"""Errors that a reading may have, planted one to a table."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from converter.core.tables.model import Cell, Place, Table
from tests.bench.silent.truth import FIGURE

MARKS = ".,"
GROUPED = re.compile(r"[.,]\d{3}(?!\d)")
FOLDED = "-\u2212\u2013"


@dataclass(frozen=True)
class Planted:
    """A table with an error: in one cell, at `place`, whose text was `was`, or in its rows and
    columns (None)."""

    table: Table
    place: Place | None = None
    was: str = ""


Change = Callable[[random.Random, str], str]
"""Another text for a number; "" or the same if it cannot be changed so."""
Planting = Callable[[random.Random, Table], Planted | None]


def figures(table: Table) -> list[Cell]:
    """The numbers of the body."""
    return [
        cell
        for cell in table.cells
        if not cell.header and cell.col and FIGURE.fullmatch(cell.text.strip())
    ]


# --- in one number ------------------------------------------------------------------------------


def change_number(
    change: Change, chance: random.Random, table: Table, numbers: Sequence[Cell]
) -> Planted | None:
    """A table with one of these numbers changed."""
    changed = [(cell, change(chance, cell.text)) for cell in numbers]
    able = [(cell, text) for cell, text in changed if text not in ("", cell.text)]
    if not able:
        return None
    cell, text = chance.choice(able)
    return Planted(_with(table, {cell: text}), (cell.row, cell.col), cell.text)


def _with(table: Table, texts: dict[Cell, str]) -> Table:
    cells = (replace(cell, text=texts.get(cell, cell.text)) for cell in table.cells)
    return replace(table, cells=tuple(cells))


def change_digit(chance: random.Random, text: str) -> str:
    at = chance.choice([at for at, letter in enumerate(text) if letter.isdigit()])
    digits = "123456789" if at == 0 else "0123456789"
    return text[:at] + chance.choice(digits.replace(text[at], "")) + text[at + 1 :]


def swap_digits(chance: random.Random, text: str) -> str:
    places = [at for at, letter in enumerate(text) if letter.isdigit()]
    pairs = [(a, b) for a, b in pairwise(places) if text[a] != text[b]]
    if not pairs:
        return ""
    one, other = chance.choice(pairs)
    letters = list(text)
    letters[one], letters[other] = text[other], text[one]
    return "".join(letters)


def lose_point(chance: random.Random, text: str) -> str:
    """Without its decimal point; a number that loses what groups its thousands stays the same."""
    at = _last_mark(text)
    return "" if at is None or GROUPED.match(text, at) else text[:at] + text[at + 1 :]


def move_point(chance: random.Random, text: str) -> str:
    at = _last_mark(text)
    if at is None:
        return ""
    bare = text[:at] + text[at + 1 :]
    ways = [to for to in (at - 1, at + 1) if bare[max(0, to - 1) : to + 1].isdigit() and to > 0]
    ways = [to for to in ways if to < len(bare)]
    if not ways:
        return ""
    to = chance.choice(ways)
    return bare[:to] + text[at] + bare[to:]


def exchange_mark(chance: random.Random, text: str) -> str:
    at = _last_mark(text)
    return "" if at is None else text[:at] + MARKS[text[at] == "."] + text[at + 1 :]


def _last_mark(text: str) -> int | None:
    return max((at for at, letter in enumerate(text) if letter in MARKS), default=None)


def lose_sign(chance: random.Random, text: str) -> str:
    bare = text.strip()
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1].strip()
    return bare[1:].lstrip() if bare[:1] in tuple(FOLDED) else ""


# --- in the rows --------------------------------------------------------------------------------


def _body_rows(table: Table) -> list[int]:
    """The rows of the body that no span reaches into or out of, and that are not empty."""
    spanned = {row for c in table.cells if c.rowspan > 1 for row in range(c.row, c.row + c.rowspan)}
    header = {cell.row for cell in table.cells if cell.header}
    filled: dict[int, int] = {}
    for cell in table.cells:
        filled[cell.row] = filled.get(cell.row, 0) + bool(cell.text)
    return [
        row for row, count in sorted(filled.items()) if count > 1 and row not in spanned | header
    ]


def drop_row(chance: random.Random, table: Table) -> Planted | None:
    rows = _body_rows(table)
    if len(rows) < 3:
        return None
    return Planted(_without_row(table, chance.choice(rows), table.cells))


def _without_row(table: Table, row: int, cells: Iterable[Cell]) -> Table:
    kept = (replace(c, row=c.row - (c.row > row)) for c in cells if c.row != row)
    return replace(table, cells=tuple(kept))


def merge_rows(chance: random.Random, table: Table) -> Planted | None:
    pairs = [(a, b) for a, b in pairwise(_body_rows(table)) if b == a + 1]
    if len(pairs) < 2:
        return None
    return _merged(table, *chance.choice(pairs), chance.choice(("\n", " ")))


def _merged(table: Table, upper: int, lower: int, between: str) -> Planted | None:
    below = {cell.col: cell for cell in table.cells if cell.row == lower}
    above = {cell.col: cell for cell in table.cells if cell.row == upper}
    if [(c, below[c].colspan) for c in sorted(below)] != [
        (c, above[c].colspan) for c in sorted(above)
    ]:
        return None
    texts = {
        cell: between.join(text for text in (cell.text, below[col].text) if text)
        for col, cell in above.items()
    }
    return Planted(_without_row(table, lower, _with(table, texts).cells))


def swallow_header(chance: random.Random, table: Table) -> Planted | None:
    """The header is taken for rows of the body."""
    if not table.header_rows or not figures(table):
        return None
    return Planted(replace(table, cells=tuple(replace(c, header=False) for c in table.cells)))


def swallow_first_row(chance: random.Random, table: Table) -> Planted | None:
    """The first row of the body is taken for one of the header, or joined with its last."""
    rows = _body_rows(table)
    first = table.header_rows
    if not first or first not in rows or len(rows) < 3:
        return None
    if chance.random() < 0.5 and (merged := _merged(table, first - 1, first, "\n")):
        return merged
    cells = (replace(c, header=c.header or c.row == first) for c in table.cells)
    return Planted(replace(table, cells=tuple(cells)))


# --- in the columns -----------------------------------------------------------------------------


def split_column(chance: random.Random, table: Table) -> Planted | None:
    """A column in two: its texts cut at their first blank, or some of them moved to the right."""
    whole = {cell.col for cell in table.cells} - {
        col
        for c in table.cells
        if c.colspan > 1 and not c.header
        for col in range(c.col, c.col + c.colspan)
    }
    columns = [
        col
        for col in sorted(whole)
        if sum(bool(c.text) and not c.header for c in table.cells if c.col == col) > 2
    ]
    if not columns:
        return None
    col = chance.choice(columns)
    body = [c for c in table.cells if c.col == col and not c.header and c.text and c.colspan == 1]
    pieces = {cell: tuple(cell.text.split(None, 1)) for cell in body}
    if 2 * sum(len(piece) > 1 for piece in pieces.values()) < len(body):
        moved = chance.sample(body, max(1, len(body) // 3))
        pieces = {cell: ("", cell.text) if cell in moved else (cell.text,) for cell in body}
    return Planted(_split(table, col, pieces))


def _split(table: Table, col: int, pieces: dict[Cell, tuple[str, ...]]) -> Table:
    cells: list[Cell] = []
    for cell in table.cells:
        if cell.col < col < cell.col + cell.colspan or (cell.col == col and cell.header):
            cells.append(replace(cell, colspan=cell.colspan + 1))
        elif cell in pieces:
            left, *right = pieces[cell]
            cells.append(replace(cell, text=left))
            cells += [replace(cell, col=col + 1, text=text) for text in right]
        else:
            cells.append(replace(cell, col=cell.col + (cell.col > col)))
    return replace(table, cells=tuple(cells))


IN_A_NUMBER: dict[str, Change] = {
    "digit changed": change_digit,
    "digits swapped": swap_digits,
    "point lost": lose_point,
    "point moved": move_point,
    "point for comma": exchange_mark,
    "sign lost": lose_sign,
}
IN_THE_GRID: dict[str, Planting] = {
    "row dropped": drop_row,
    "rows merged": merge_rows,
    "column split": split_column,
    "header in body": swallow_header,
    "row in header": swallow_first_row,
}


def names(kinds: Sequence[str] | None) -> Sequence[str]:
    """These kinds of errors, or all. Raises ValueError for one that is not known."""
    known = (*IN_A_NUMBER, *IN_THE_GRID)
    if unknown := set(kinds or ()) - set(known):
        raise ValueError(f"no such error: {', '.join(sorted(unknown))}")
    return kinds or known
