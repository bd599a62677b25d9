"""Faults that models make: invented rows, changed digits, shifted columns, omitted rows."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from converter.core.tables.model import Cell, Table

Rows = list[list[Cell]]
Place = tuple[int, int, int]


@dataclass(frozen=True)
class Tampered:
    """Tables with a fault. `changed` has the (table, row, col) of each cell that is not on the
    picture, or not there; `dropped` has text that is left out, with the rows beside it."""

    tables: tuple[Table, ...]
    changed: frozenset[Place]
    dropped: tuple[tuple[tuple[int, ...], str], ...] = ()


Fault = Callable[[random.Random, Sequence[Table]], Tampered | None]


def _in_one_table(change: Callable[[random.Random, Table], Tampered | None]) -> Fault:
    """A fault in one table of an answer: the largest that it can be made in."""

    def tamper(chance: random.Random, tables: Sequence[Table]) -> Tampered | None:
        for number in sorted(range(len(tables)), key=lambda n: -len(tables[n].cells)):
            answer = change(chance, tables[number])
            if answer:
                places = frozenset((number, row, col) for _, row, col in answer.changed)
                (table,) = answer.tables
                others = (*tables[:number], table, *tables[number + 1 :])
                return Tampered(others, places, answer.dropped)
        return None

    return tamper


def _edit(
    chance: random.Random, table: Table, edit: Callable[[random.Random, str], str]
) -> Tampered | None:
    """A tenth of the numbers of a table that the edit changes, changed."""
    numbers = [cell for cell in table.cells if is_number(cell.text)]
    edited = {(cell.row, cell.col): edit(chance, cell.text) for cell in numbers}
    able = [c for c in numbers if edited[c.row, c.col].strip() != c.text.strip()]
    chosen = chance.sample(able, min(len(able), max(1, len(numbers) // 10)))
    if not chosen:
        return None
    texts = {(cell.row, cell.col): edited[cell.row, cell.col] for cell in chosen}
    return Tampered((_rewritten(table, texts),), frozenset((0, *place) for place in texts))


def _rewritten(table: Table, texts: Mapping[tuple[int, int], str]) -> Table:
    """The table with other texts in some places."""
    return Table(tuple(replace(c, text=texts.get((c.row, c.col), c.text)) for c in table.cells))


def _edited(edit: Callable[[random.Random, str], str]) -> Fault:
    return _in_one_table(lambda chance, table: _edit(chance, table, edit))


def is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+\u2212\u2013(]?[\d.,\s]*\d[\d.,\s]*[%)]?", text.strip()))


def change_digit(chance: random.Random, text: str) -> str:
    at = chance.choice([i for i, mark in enumerate(text) if mark in "0123456789"])
    other = chance.choice([digit for digit in "0123456789" if digit != text[at]])
    return text[:at] + other + text[at + 1 :]


def swap_digits(chance: random.Random, text: str) -> str:
    places = [
        i
        for i in range(len(text) - 1)
        if text[i].isdigit() and text[i + 1].isdigit() and text[i] != text[i + 1]
    ]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def flip_sign(_: random.Random, text: str) -> str:
    bare = text.strip()
    return bare[1:] if bare[0] in "-+\u2212\u2013" else f"-{bare}"


def move_point(chance: random.Random, text: str) -> str:
    found = re.fullmatch(r"(\D*)(\d+)\.(\d+)(\D*)", text.strip())
    if not found:
        return text
    before, whole, part, after = found.groups()
    if len(whole) > 1 and chance.random() < 0.5:
        return f"{before}{whole[:-1]}.{whole[-1]}{part}{after}"
    return (
        f"{before}{whole}{part[0]}.{part[1:]}{after}"
        if len(part) > 1
        else f"{before}{whole}{part}{after}"
    )


def drop_digit(chance: random.Random, text: str) -> str:
    places = [i for i, mark in enumerate(text) if mark.isdigit()]
    if len(places) < 2:
        return text
    at = chance.choice(places)
    return text[:at] + text[at + 1 :]


def drop_group(_: random.Random, text: str) -> str:
    """A number whose last three digits are lost, as where a blank parts the thousands."""
    return re.sub(r"(\d)[\s,.]\d{3}$", r"\1", text.strip())


def redraw(chance: random.Random, text: str) -> str:
    return re.sub(r"\d", lambda _: str(chance.randrange(10)), text)


def raise_total(_: random.Random, text: str) -> str:
    """A number that is a little more, as when a model mends a sum."""
    digits = re.sub(r"\D", "", text)
    more = str(int(digits) + 1).zfill(len(digits))
    if len(more) > len(digits):
        return text
    marks = iter(more)
    return "".join(next(marks) if mark.isdigit() else mark for mark in text)


def _movable(table: Table) -> list[int]:
    """Body rows that no cell spans, below the first."""
    spanned = {
        row
        for cell in table.cells
        if cell.rowspan > 1
        for row in range(cell.row, cell.row + cell.rowspan)
    }
    numbers = {cell.row for cell in table.cells if is_number(cell.text)}
    return [row for row in sorted(numbers - spanned) if row > 0]


def copy_row(chance: random.Random, table: Table) -> Tampered | None:
    """A copy of the row above with one digit changed."""
    return _invent(chance, table, _one_changed)


def duplicate_row(chance: random.Random, table: Table) -> Tampered | None:
    return _invent(chance, table, lambda _, cells: cells)


def continue_series(chance: random.Random, table: Table) -> Tampered | None:
    """A row whose numbers go on from those of the row above."""
    return _invent(chance, table, lambda _, cells: [_next(cell) for cell in cells])


def random_row(chance: random.Random, table: Table) -> Tampered | None:
    """A row of numbers of the same form as those above."""
    return _invent(
        chance, table, lambda _, cells: [replace(c, text=redraw(chance, c.text)) for c in cells]
    )


def borrowed_row(chance: random.Random, table: Table) -> Tampered | None:
    """A row of values that are all elsewhere in their columns."""
    columns: dict[int, list[str]] = {}
    for cell in table.cells:
        if cell.text.strip() and cell.row:
            columns.setdefault(cell.col, []).append(cell.text)
    return _invent(
        chance,
        table,
        lambda _, cells: [
            replace(c, text=chance.choice(columns[c.col])) for c in cells if c.col in columns
        ],
    )


def _invent(
    chance: random.Random, table: Table, make: Callable[[random.Random, list[Cell]], list[Cell]]
) -> Tampered | None:
    """One more row, which `make` makes of the cells of the row above."""
    rows = _movable(table)
    if not rows:
        return None
    row = chance.choice(rows)
    cells = [cell for cell in table.cells if cell.row == row and cell.text.strip()]
    new, at = make(chance, cells), row + 1
    moved = [replace(c, row=c.row + 1) if c.row >= at else c for c in table.cells]
    moved = [
        replace(c, rowspan=c.rowspan + 1) if c.row < at < c.row + c.rowspan else c for c in moved
    ]
    covered = {place for cell in moved for place in cell.places()}
    fresh = [replace(c, row=at) for c in new if (at, c.col) not in covered]
    changed = frozenset((0, at, c.col) for c in fresh if c.text.strip())
    return Tampered((Table((*moved, *fresh)),), changed)


def append_rows(_: random.Random, table: Table) -> Tampered | None:
    """Three rows after the last, in which the numbers go on."""
    rows = _movable(table)
    if not rows or rows[-1] != table.n_rows - 1:
        return None
    cells = [cell for cell in table.cells if cell.row == rows[-1] and cell.text.strip()]
    added: list[Cell] = []
    for _ in range(3):
        cells = [replace(_next(cell), row=cell.row + 1) for cell in cells]
        added += cells
    changed = frozenset((0, cell.row, cell.col) for cell in added)
    return Tampered((Table((*table.cells, *added)),), changed)


def invent_table(chance: random.Random, tables: Sequence[Table]) -> Tampered | None:
    """One more table, like the first but with other numbers."""
    if not tables or not any(is_number(cell.text) for cell in tables[0].cells):
        return None
    cells = tables[0].cells
    table = Table(tuple(replace(cell, text=redraw(chance, cell.text)) for cell in cells))
    changed = frozenset((len(tables), c.row, c.col) for c in table.cells if c.text.strip())
    return Tampered((*tables, table), changed)


def _one_changed(chance: random.Random, cells: list[Cell]) -> list[Cell]:
    chosen = chance.choice([cell for cell in cells if is_number(cell.text)])
    return [
        replace(cell, text=change_digit(chance, cell.text)) if cell is chosen else cell
        for cell in cells
    ]


def _next(cell: Cell) -> Cell:
    if not is_number(cell.text):
        return cell
    digits = re.sub(r"\D", "", cell.text)
    marks = iter(str(int(digits) + 7).zfill(len(digits))[-len(digits) :])
    return replace(cell, text="".join(next(marks) if m.isdigit() else m for m in cell.text))


def drop_row(chance: random.Random, table: Table) -> Tampered | None:
    rows = _movable(table)
    if len(rows) < 2:
        return None
    row = chance.choice(rows)
    texts = [c.text for c in table.cells if c.row == row and c.text.strip()]
    kept = [replace(c, row=c.row - (c.row > row)) for c in table.cells if c.row != row]
    return Tampered(
        (Table(tuple(kept)),), frozenset(), tuple(((row - 1, row), text) for text in texts)
    )


def drop_column(chance: random.Random, table: Table) -> Tampered | None:
    """A column left out; what spans it and others stays."""
    if table.n_cols < 3:
        return None
    col = chance.randrange(1, table.n_cols)
    cells, texts = [], []
    for cell in table.cells:
        if cell.col == col and cell.colspan == 1:
            texts += [cell.text] if cell.text.strip() else []
        elif cell.col <= col < cell.col + cell.colspan:
            cells.append(replace(cell, colspan=cell.colspan - 1))
        else:
            cells.append(replace(cell, col=cell.col - (cell.col > col)))
    return Tampered((Table(tuple(cells)),), frozenset(), tuple(((), text) for text in texts))


def drop_values(chance: random.Random, table: Table) -> Tampered | None:
    """A tenth of the numbers left out, their cells empty."""
    numbers = [cell for cell in table.cells if is_number(cell.text)]
    chosen = chance.sample(numbers, min(len(numbers), max(1, len(numbers) // 10)))
    places = {(cell.row, cell.col): "" for cell in chosen}
    dropped = tuple(((), cell.text) for cell in chosen)
    return Tampered((_rewritten(table, places),), frozenset(), dropped) if chosen else None


def replace_words(chance: random.Random, table: Table) -> Tampered | None:
    """Names replaced by others of the table."""
    named = [c for c in table.cells if sum(map(str.isalpha, c.text)) > 2]
    texts = sorted({cell.text for cell in named})
    if len(texts) < 3:
        return None
    chosen = {
        (cell.row, cell.col): chance.choice([text for text in texts if text != cell.text])
        for cell in chance.sample(named, max(1, len(named) // 10))
    }
    return Tampered((_rewritten(table, chosen),), frozenset((0, *place) for place in chosen))


def _rearranging(rearrange: Callable[[list[str]], list[str]]) -> Fault:
    """A row whose texts right of the first column have changed their places."""
    return _in_one_table(lambda chance, table: _rearranged(chance, table, rearrange))


def _rearranged(
    chance: random.Random, table: Table, rearrange: Callable[[list[str]], list[str]]
) -> Tampered | None:
    rows = [row for row in _movable(table) if len(_plain(table, row)) > 1]
    if not rows:
        return None
    cells = _plain(table, chance.choice(rows))
    after = rearrange([cell.text for cell in cells])
    texts = {
        (cell.row, cell.col): text
        for cell, text in zip(cells, after, strict=True)
        if text.strip() != cell.text.strip()
    }
    if not texts:
        return None
    return Tampered(
        (_rewritten(table, texts),),
        frozenset((0, *place) for place, text in texts.items() if text.strip()),
    )


def _plain(table: Table, row: int) -> list[Cell]:
    """The cells of a row right of its first column."""
    cells = [c for c in table.cells if c.row == row and c.col and (c.rowspan, c.colspan) == (1, 1)]
    return sorted(cells, key=lambda cell: cell.col)


def exchange_columns(chance: random.Random, table: Table) -> Tampered | None:
    """The bodies of two neighbouring columns exchanged, below headers that stay."""
    rows = _movable(table)
    if table.n_cols < 3 or not rows:
        return None
    col = chance.randrange(1, table.n_cols - 1)
    texts = {(c.row, c.col): c.text for c in table.cells if (c.rowspan, c.colspan) == (1, 1)}
    after = {}
    for row in rows:
        if (row, col) in texts and (row, col + 1) in texts:
            after |= {(row, col): texts[row, col + 1], (row, col + 1): texts[row, col]}
    after = {place: text for place, text in after.items() if text.strip() != texts[place].strip()}
    if not after:
        return None
    return Tampered(
        (_rewritten(table, after),),
        frozenset((0, *place) for place, text in after.items() if text.strip()),
    )


def invent_column(chance: random.Random, table: Table) -> Tampered | None:
    """A column of numbers like those of another, at its right."""
    numbers = [cell for cell in table.cells if is_number(cell.text) and cell.colspan == 1]
    if not numbers:
        return None
    col = chance.choice(numbers).col
    model = [c for c in numbers if c.col == col]
    moved = [replace(c, col=c.col + 1) if c.col > col else c for c in table.cells]
    moved = [
        replace(c, colspan=c.colspan + 1) if c.col <= col < c.col + c.colspan - 1 else c
        for c in moved
    ]
    covered = {place for cell in moved for place in cell.places()}
    fresh = [
        replace(c, col=col + 1, text=redraw(chance, c.text))
        for c in model
        if all((row, col + 1) not in covered for row in range(c.row, c.row + c.rowspan))
    ]
    if not fresh:
        return None
    return Tampered((Table((*moved, *fresh)),), frozenset((0, c.row, c.col) for c in fresh))


FAULTS: dict[str, Fault] = {
    "digit changed": _edited(change_digit),
    "digits swapped": _edited(swap_digits),
    "sign flipped": _edited(flip_sign),
    "point moved": _edited(move_point),
    "digit dropped": _edited(drop_digit),
    "thousands dropped": _edited(drop_group),
    "total corrected": _edited(raise_total),
    "row copied": _in_one_table(copy_row),
    "row duplicated": _in_one_table(duplicate_row),
    "series continued": _in_one_table(continue_series),
    "row invented": _in_one_table(random_row),
    "row borrowed": _in_one_table(borrowed_row),
    "rows appended": _in_one_table(append_rows),
    "table invented": invent_table,
    "words replaced": _in_one_table(replace_words),
    "values left out": _in_one_table(drop_values),
    "column left out": _in_one_table(drop_column),
    "row dropped": _in_one_table(drop_row),
    "row shifted left": _rearranging(lambda texts: [*texts[1:], ""]),
    "row shifted right": _rearranging(lambda texts: ["", *texts[:-1]]),
    "values exchanged": _rearranging(lambda texts: [texts[1], texts[0], *texts[2:]]),
    "columns exchanged": _in_one_table(exchange_columns),
    "column invented": _in_one_table(invent_column),
}
