"""A reading for pages: its tables row by row, and marks on the picture for what is in doubt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from converter.core.engines.protocol import Reading, TextLine
from converter.core.tables.doubt import is_disputed, needs_a_look, reasons
from converter.core.tables.model import Box, Cell, Table
from converter.core.tables.roles import Role
from converter.core.tables.values import table_values
from converter.core.workbook.table_layout import number_columns
from converter.models import BatchImage

_ROOM: Final = 4  # pixels between print and the mark around it

# Where the stored picture lies once it is turned clockwise; SVG turns around the top left corner.
_TURNS: Final = {
    90: "translate({height} 0) rotate(90)",
    180: "translate({width} {height}) rotate(180)",
    270: "translate(0 {width}) rotate(270)",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to look at: a cell, a line in no cell, or a value, which may be sure.

    Its `mark` is on the picture; both link to each other, by the name and by `on-` before it.
    """

    name: str
    mark: Box | None
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell; `is_number` if it stands in a column that the workbook sets as numbers."""

    cell: Cell
    is_number: bool = False
    spot: Spot | None = None
    other: str = ""

    @property
    def tag(self) -> str:
        return "th" if self.cell.header or self.cell.stub else "td"

    @property
    def kind(self) -> str:
        """Its classes in the style sheet."""
        return f"{'number ' * self.is_number}{'doubtful' if self.spot else ''}".strip()

    @property
    def text(self) -> str:
        """What a doubtful cell shows: if nothing was read, that."""
        return self.cell.text or "(nothing)"

    @property
    def why(self) -> str:
        """Why it is in doubt, in words."""
        return "; ".join(reasons(self.cell))


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: TextLine
    spot: Spot


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Rows of cells as HTML has them: what a span covers is left out.

    Print of the table stands `above` and `below` it; `beside` is how many lines may belong to it.
    """

    rows: list[list[ShownCell]]
    n_rows: int
    n_cols: int
    above: list[TextLine]
    below: list[TextLine]
    beside: int


@dataclass(frozen=True, slots=True)
class Plate:
    """The stored picture, and how it is turned to lie as it was read. Sides are in pixels."""

    width: int
    height: int
    turned: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height once it is turned."""
        return (self.height, self.width) if self.turned % 180 else (self.width, self.height)

    @property
    def transform(self) -> str:
        return _TURNS.get(self.turned, "").format(width=self.width, height=self.height)


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a page shows of a reading."""

    plate: Plate
    tables: list[ShownTable]
    missing: list[ShownLine]
    outside: list[TextLine]
    unread: list[Spot]

    @property
    def spots(self) -> list[Spot]:
        cells = (cell.spot for table in self.tables for row in table.rows for cell in row)
        spots = [*cells, *(line.spot for line in self.missing), *self.unread]
        return [spot for spot in spots if spot and spot.mark]


def show(image: BatchImage, reading: Reading | None) -> Shown:
    """The picture of an image, turned as it was read, with what was read of it."""
    if reading is None:
        return Shown(Plate(image.width, image.height, image.turn), [], [], [], [])
    counter = count(1)
    return Shown(
        Plate(image.width, image.height, reading.turned),
        [_shown_table(n, reading, counter) for n in range(len(reading.tables))],
        [
            ShownLine(line, Spot(f"line-{n}", around(line.box)))
            for n, line in enumerate(reading.missing, 1)
        ],
        [line for line in reading.loose_text if line.table is None or line.role is Role.BESIDE],
        [Spot(f"unread-{n}", around(box)) for n, box in enumerate(reading.unread, 1)],
    )


def _shown_table(number: int, reading: Reading, counter: Iterator[int]) -> ShownTable:
    table = reading.tables[number]
    numbers = number_columns(table, table_values(table))
    owners = {place: cell for cell in table.cells for place in cell.places()}
    rows: list[list[ShownCell]] = []
    for row in range(table.n_rows):
        places = ((row, col) for col in range(table.n_cols))
        cells = (owners.get(place, Cell(*place)) for place in places)
        begun = dict.fromkeys(cell for cell in cells if cell.row == row)
        rows.append([_shown_cell(cell, numbers, counter) for cell in begun])
    own = [line for line in reading.loose_text if line.table == number]
    above = [line for line in own if line.role is not Role.BESIDE and _is_above(line, table)]
    below = [line for line in own if line.role is not Role.BESIDE and not _is_above(line, table)]
    return ShownTable(rows, table.n_rows, table.n_cols, above, below, table.beside)


def _is_above(line: TextLine, table: Table) -> bool:
    return bool(line.box and table.box and line.box.top < table.box.top)


def _shown_cell(cell: Cell, numbers: Collection[int], counter: Iterator[int]) -> ShownCell:
    is_number = cell.col in numbers and cell.colspan == 1
    if not needs_a_look(cell):
        return ShownCell(cell, is_number)
    spot = Spot(f"cell-{next(counter)}", around(cell.box))
    return ShownCell(cell, is_number, spot, cell.other if is_disputed(cell) else "")


def around(box: Box | None) -> Box | None:
    """The mark around what stands in a box, in whole pixels."""
    if box is None:
        return None
    left, top, right, bottom = (round(edge) for edge in box)
    return Box(left - _ROOM, top - _ROOM, right + _ROOM, bottom + _ROOM)
