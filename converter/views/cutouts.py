"""Cut-outs: many pieces of pictures on one page, each with what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from converter.core.tables.model import Box, Cell, Table
from converter.models import BatchImage
from converter.views.readings import Plate

_LEAST: Final = 12.0  # pixels that print is taken to be high
_MOST: Final = 160.0  # of a tall cell the cut-out shows no wider surroundings than of this
_LONGEST_NAME: Final = 60  # characters of a heading


@dataclass(frozen=True, slots=True)
class Cutout:
    """A piece of a picture. `key` names it in forms; `where` is its place in words."""

    key: str
    image: BatchImage
    plate: Plate
    mark: Box | None
    text: str
    where: str
    at: str = ""
    why: str = ""
    was: str = ""  # what the form says that somebody saw

    @property
    def view(self) -> Box | None:
        """What of the picture is shown: the mark and what stands around it."""
        if self.mark is None:
            return None
        high = min(max(self.mark.height, _LEAST), _MOST)
        left, top, right, bottom = self.mark
        return Box(left - 1.5 * high, top - high / 2, right + 1.5 * high, bottom + high / 2)


def plate_of(image: BatchImage) -> Plate:
    """The picture of an image that came with its result, turned as it was read."""
    return Plate(image.width, image.height, image.result.reading.get("turned", 0))


def place_name(number: int, table: Table, cell: Cell) -> str:
    """Where a cell is, in words: the heading above it and the first cell of its row."""
    heads = [
        one.text
        for one in table.cells
        if one.header and one.col <= cell.col < one.col + one.colspan and one.row < cell.row
    ]
    first = [one.text for one in table.cells if one.col == 0 and one.row == cell.row and cell.col]
    named = [" ".join(text.split())[:_LONGEST_NAME] for text in (*heads, *first) if text]
    return " · ".join(dict.fromkeys(named)) or _counted(number, cell)


def _counted(number: int, cell: Cell) -> str:
    return f"Table {number + 1}, row {cell.row + 1}, column {cell.col + 1}"
