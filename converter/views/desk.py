"""The review desk: the picture beside the tables, and an editor for the cell that is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.urls import reverse

from converter.core.tables.checks import Check, checks
from converter.core.tables.doubt import is_open, is_unreadable, reasons
from converter.core.tables.edits import Tables, no_such_cell
from converter.core.tables.model import Box, Cell, Place, Said, Table
from converter.core.tables.proposals import proposals
from converter.core.tables.spread import grid_edges
from converter.core.tables.values import table_values
from converter.core.workbook.table_layout import number_columns
from converter.models import BatchImage, Review
from converter.review import queue
from converter.views.readings import around

# What a proposal's key is on the page, in their order.
OFFER_KEYS: Final = ("Space", "/", "\\")


@dataclass(frozen=True, slots=True)
class DeskCell:
    """A cell of the grid. `rank` is its place in the queue, from 1; 0 if nobody need look."""

    table: int
    cell: Cell
    is_number: bool = False
    rank: int = 0
    offers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"c{self.table}-{self.cell.row}-{self.cell.col}"

    @property
    def at(self) -> str:
        return f"{self.table}.{self.cell.row}.{self.cell.col}"

    @property
    def tag(self) -> str:
        return "th" if self.cell.header or self.cell.stub else "td"

    @property
    def kind(self) -> str:
        """Its classes in the style sheet."""
        return " ".join(
            name
            for name, holds in (
                ("number", self.is_number),
                ("open", is_open(self.cell)),
                ("unreadable", is_unreadable(self.cell)),
                ("settled", bool(self.cell.said)),
            )
            if holds
        )

    @property
    def why(self) -> str:
        return "; ".join(reasons(self.cell))

    @property
    def state(self) -> str:
        """What a person has made of it, in words."""
        match self.cell.said:
            case Said.CORRECTED if self.cell.read != self.cell.text:
                return f"read as “{self.cell.read}”, corrected" if self.cell.read else "filled in"
            case Said.UNREADABLE:
                read = f"; it was read as “{self.cell.read}”" if self.cell.read else ""
                return f"nobody could read it{read}"
            case Said.NOTHING:
                return ""
            case _:
                return "looked at and right"

    @property
    def is_corrected(self) -> bool:
        """Whether the same misreading may stand elsewhere."""
        return self.cell.said is Said.CORRECTED and bool(self.cell.read)

    @property
    def mark(self) -> Box | None:
        return around(self.cell.box)

    @property
    def box(self) -> str:
        """Its place on the picture for scripts."""
        return " ".join(f"{edge:g}" for edge in self.cell.box) if self.cell.box else ""


@dataclass(frozen=True, slots=True)
class ShownSum:
    """A sum that fails, with the cell to look at and the text that would make it hold."""

    at: str
    text: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class DeskTable:
    """A table of the grid, row by row; what a span covers is left out."""

    index: int
    rows: list[list[DeskCell]]
    n_rows: int
    n_cols: int
    header_rows: int
    sums: list[ShownSum]
    row_edges: str = ""
    col_edges: str = ""

    @property
    def number(self) -> int:
        return self.index + 1


@dataclass(frozen=True, slots=True)
class Desk:
    """All tables of an image, and the cell that the editor shows."""

    tables: list[DeskTable]
    current: DeskCell | None
    shape: int
    left: int
    may_undo: bool
    may_redo: bool

    @property
    def cells(self) -> Iterator[DeskCell]:
        return (cell for table in self.tables for row in table.rows for cell in row)

    @property
    def open_cells(self) -> list[DeskCell]:
        return [cell for cell in self.cells if cell.rank]

    @property
    def sums(self) -> list[ShownSum]:
        return [one for table in self.tables for one in table.sums]


def desk_of(tables: Tables, review: Review | None, at: str = "") -> Desk:
    """The desk with the cell that `at` names, or else the first that is to be looked at."""
    ranks = {
        (doubt.table, doubt.cell.row, doubt.cell.col): rank
        for rank, doubt in enumerate(queue.doubts_of(tables), 1)
    }
    shown = [_table(index, table, ranks) for index, table in enumerate(tables)]
    cells = [cell for table in shown for row in table.rows for cell in row]
    first = min((cell for cell in cells if cell.rank), key=lambda cell: cell.rank, default=None)
    named = next((cell for cell in cells if cell.at == at), None)
    may_undo, may_redo = steps_of(review)
    return Desk(
        shown,
        named or first or next(iter(cells), None),
        review.shape if review else 0,
        len(ranks),
        may_undo,
        may_redo,
    )


def steps_of(review: Review | None) -> tuple[bool, bool]:
    """Whether there is an edit to undo, and one to redo, by one query."""
    if review is None or not review.version:
        return False, False
    trail = list(review.edits.select_related("same_as").defer("details", "before"))
    last = max((row.step for row in trail if row.undone is None), default=0)
    return last > 0, any(row.step > last and row.may_be_redone for row in trail)


def place_of(at: str) -> tuple[int, int, int]:
    """Table, row and column of a cell by its name on the page. Raises EditError."""
    numbers = at.split(".")
    if len(numbers) != 3 or not all(part.isdecimal() and len(part) < 10 for part in numbers):
        raise no_such_cell()
    table, row, col = map(int, numbers)
    return table, row, col


def cells_of(tables: Tables, places: Sequence[tuple[int, Place]]) -> list[DeskCell]:
    """Single cells, as after a change of their texts alone."""
    ranks = {
        (doubt.table, doubt.cell.row, doubt.cell.col): rank
        for rank, doubt in enumerate(queue.doubts_of(tables), 1)
    }
    found = []
    for index in {table for table, _ in places}:
        wanted = {place for table, place in places if table == index}
        table = tables[index]
        numbers = number_columns(table, table_values(table))
        offers = _offers(table)
        found += [
            _cell(index, cell, numbers, ranks, offers)
            for cell in table.cells
            if cell.place in wanted
        ]
    return found


def context_of(image: BatchImage, desk: Desk) -> dict[str, Any]:
    """What the page shows of a desk, and of the batch around it."""
    after = queue.next_image(image)
    return {
        "desk": desk,
        "batch": image.batch,
        "image": image,
        "offers": offers_of(desk.current),
        "after_doubt": after,
        "after_url": reverse("image", args=[image.batch_id, after.pk]) if after else "",
        "elsewhere": queue.left_elsewhere(image) if after else 0,
    }


def offers_of(cell: DeskCell | None) -> list[tuple[str, str]]:
    """The proposals for a cell, each with its key."""
    return list(zip(cell.offers, OFFER_KEYS, strict=False)) if cell else []


def _table(index: int, table: Table, ranks: Mapping[tuple[int, int, int], int]) -> DeskTable:
    numbers = number_columns(table, table_values(table))
    offers = _offers(table)
    owners = {place: cell for cell in table.cells for place in cell.places()}
    rows: list[list[DeskCell]] = []
    for row in range(table.n_rows):
        line = []
        for col in range(table.n_cols):
            cell = owners.get((row, col)) or Cell(row, col)
            if cell.place == (row, col):
                line.append(_cell(index, cell, numbers, ranks, offers))
        rows.append(line)
    failed = _failed(table)
    edges = [" ".join(f"{edge:.1f}" for edge in some) for some in grid_edges(table)]
    return DeskTable(
        index,
        rows,
        table.n_rows,
        table.n_cols,
        table.header_rows,
        _sums(index, table, failed),
        *edges,
    )


def sums_of(tables: Tables) -> list[ShownSum]:
    """The sums that fail in any of these tables."""
    return [
        one for index, table in enumerate(tables) for one in _sums(index, table, _failed(table))
    ]


# Finding the sums of 2,000 cells takes as long as all else, and a request asks for them twice.
@lru_cache(maxsize=8)
def _failed(table: Table) -> tuple[Check, ...]:
    """The sums that fail, one for each culprit; those that name none are not shown."""
    by_culprit = {check.culprit: check for check in reversed(checks(table)) if check.culprit}
    return tuple(check for check in by_culprit.values() if not check.holds)


def _sums(index: int, table: Table, failed: Sequence[Check]) -> list[ShownSum]:
    cells = {cell.place: cell for cell in table.cells}
    return [
        ShownSum(f"{index}.{row}.{col}", cells[row, col].text, check.reason, check.mend)
        for check in failed
        for row, col in [check.culprit or check.total]
    ]


def _offers(table: Table) -> Mapping[Place, tuple[str, ...]]:
    """The proposals for each cell; what makes a sum hold comes first."""
    found = dict(proposals(table))
    for check in _failed(table):
        place = check.culprit or check.total
        if check.mend:
            found[place] = tuple(dict.fromkeys((check.mend, *found.get(place, ()))))
    return found


def _cell(
    index: int,
    cell: Cell,
    numbers: frozenset[int],
    ranks: Mapping[tuple[int, int, int], int],
    offers: Mapping[Place, tuple[str, ...]],
) -> DeskCell:
    return DeskCell(
        index,
        cell,
        cell.col in numbers and cell.colspan == 1,
        ranks.get((index, cell.row, cell.col), 0),
        offers.get(cell.place, ()),
    )
