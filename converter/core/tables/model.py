"""The neutral result: a table is a grid of cells that may span rows and columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Box(NamedTuple):
    """A rectangle in pixels of the upright image, measured from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Word:
    """Text that stands together on one line; `confidence` is 0..1."""

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `row` and `col` count from 0; `confidence` is 0..1; `box` is None if unknown.

    A line break inside the cell is "\\n" in `text`. A `header` names columns from above; a `stub`
    names rows from the left, in the body, `indent` levels below those that it is a part of. `other`
    is what a second reading found in its place, where that is written differently.
    """

    row: int
    col: int
    text: str = ""
    rowspan: int = 1
    colspan: int = 1
    box: Box | None = None
    confidence: float = 1.0
    header: bool = False
    stub: bool = False
    indent: int = 0
    other: str = ""

    def places(self) -> Iterator[tuple[int, int]]:
        """Every (row, col) of the grid that this cell covers."""
        for row in range(self.row, self.row + self.rowspan):
            for col in range(self.col, self.col + self.colspan):
                yield row, col


@dataclass(frozen=True, slots=True)
class Table:
    """Cells that tile a grid without overlapping. A place that no cell covers is empty.

    Raises ValueError for a negative position, a span below 1, or two cells on one place.
    """

    cells: tuple[Cell, ...]
    box: Box | None = None
    n_rows: int = field(init=False)
    n_cols: int = field(init=False)

    def __post_init__(self) -> None:
        taken: set[tuple[int, int]] = set()
        for cell in self.cells:
            if min(cell.row, cell.col) < 0 or min(cell.rowspan, cell.colspan) < 1:
                raise ValueError(f"a cell cannot stand at {cell.row}, {cell.col} with that span")
            places = set(cell.places())
            if taken & places:
                raise ValueError(f"two cells overlap at {min(taken & places)}")
            taken |= places
        object.__setattr__(self, "n_rows", max((row for row, _ in taken), default=-1) + 1)
        object.__setattr__(self, "n_cols", max((col for _, col in taken), default=-1) + 1)

    @property
    def header_rows(self) -> int:
        """How many rows at the top consist of header cells only."""
        body = {
            row
            for cell in self.cells
            if not cell.header and cell.text
            for row in range(cell.row, cell.row + cell.rowspan)
        }
        heads = {
            row
            for cell in self.cells
            if cell.header
            for row in range(cell.row, cell.row + cell.rowspan)
        }
        count = 0
        while count in heads and count not in body:
            count += 1
        return count

    def to_json(self) -> dict[str, Any]:
        """A plain tree for storage; `from_json` is its inverse."""
        return {
            "box": _box_to_json(self.box),
            "cells": [_cell_to_json(cell) for cell in self.cells],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Table:
        return cls(
            cells=tuple(_cell_from_json(cell) for cell in data["cells"]),
            box=Box(*data["box"]) if data["box"] else None,
        )


def _box_to_json(box: Box | None) -> list[float] | None:
    # A tenth of a pixel is finer than any engine can tell.
    return [round(float(edge), 1) for edge in box] if box else None


def _cell_to_json(cell: Cell) -> dict[str, Any]:
    data: dict[str, Any] = {"row": cell.row, "col": cell.col, "text": cell.text}
    if (cell.rowspan, cell.colspan) != (1, 1):
        data |= {"rowspan": cell.rowspan, "colspan": cell.colspan}
    if cell.box:
        data["box"] = _box_to_json(cell.box)
    if cell.header:
        data["header"] = True
    if cell.stub:
        data["stub"] = True
    if cell.indent:
        data["indent"] = cell.indent
    if cell.other:
        data["other"] = cell.other
    data["confidence"] = round(cell.confidence, 3)
    return data


def _cell_from_json(data: dict[str, Any]) -> Cell:
    box = data.get("box")
    return Cell(**(data | {"box": Box(*box) if box else None}))
