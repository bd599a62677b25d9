"""Boxes, words, cells and tables: a table is a grid of cells that may span rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

from converter.core.tables.causes import Cause

Place = tuple[int, int]
"""A place on a table's grid: (row, col), both from 0."""


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

    @property
    def middle(self) -> tuple[float, float]:
        """Its x and y."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text on one line; `confidence` is 0..1."""

    text: str
    box: Box
    confidence: float = 1.0


class Said(StrEnum):
    """What a person, or a program of theirs, said of a cell."""

    NOTHING = ""
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `row` and `col` count from 0; `confidence` is 0..1; `box` is None if unknown.

    A line break inside the cell is "\\n" in `text`. A `header` names the columns below it; a `stub`
    names its row, at the left of the body, and `indent` is its level below the rows that it is part
    of. `other` is the text of a second reading, if it differs; `causes` are what else speaks
    against the cell. `said` is set by `edits`: then nothing of the cell is in doubt any more, and
    `read` is what was read in its place.
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
    said: Said = Said.NOTHING
    read: str = ""
    causes: tuple[Cause, ...] = ()

    @property
    def place(self) -> Place:
        """Where the cell begins."""
        return self.row, self.col

    def places(self) -> Iterator[Place]:
        """Every (row, col) that the cell covers."""
        for row in range(self.row, self.row + self.rowspan):
            for col in range(self.col, self.col + self.colspan):
                yield row, col

    def to_json(self) -> dict[str, Any]:
        """A plain tree for storage; attributes with their default value are left out."""
        data: dict[str, Any] = {"row": self.row, "col": self.col, "text": self.text}
        if (self.rowspan, self.colspan) != (1, 1):
            data |= {"rowspan": self.rowspan, "colspan": self.colspan}
        if self.box:
            data["box"] = _box_to_json(self.box)
        for name in ("header", "stub", "indent", "other", "said", "read"):
            if value := getattr(self, name):
                data[name] = value
        if self.causes:
            data["causes"] = list(self.causes)
        data["confidence"] = round(self.confidence, 3)
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Cell:
        """The cell of which `data` is the tree."""
        parts = data | {"causes": tuple(map(Cause, data.get("causes", ())))}
        parts |= {"said": Said(data.get("said", ""))}
        return cls(**(parts | {"box": Box(*data["box"]) if data.get("box") else None}))


@dataclass(frozen=True, slots=True)
class Table:
    """Cells on a grid of `n_rows` by `n_cols`, without overlap. A place without a cell is empty.

    `box` is in pixels of the upright image; `beside` is how many lines of print around the table
    may belong to it. Raises ValueError for a negative position, a span below
    1, or two cells on one place.
    """

    cells: tuple[Cell, ...]
    box: Box | None = None
    beside: int = 0
    n_rows: int = field(init=False)
    n_cols: int = field(init=False)

    def __post_init__(self) -> None:
        taken: set[Place] = set()
        for cell in self.cells:
            if min(cell.place) < 0 or min(cell.rowspan, cell.colspan) < 1:
                raise ValueError(f"a cell cannot stand at {cell.row}, {cell.col} with that span")
            places = set(cell.places())
            if taken & places:
                raise ValueError(f"two cells overlap at {min(taken & places)}")
            taken |= places
        object.__setattr__(self, "n_rows", max((row for row, _ in taken), default=-1) + 1)
        object.__setattr__(self, "n_cols", max((col for _, col in taken), default=-1) + 1)

    @property
    def header_rows(self) -> int:
        """The number of rows at the top that consist of header cells only."""
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

    def moved(self, move: Callable[[Box], Box]) -> Table:
        """The table with all its boxes moved."""
        cells = (replace(cell, box=move(cell.box)) if cell.box else cell for cell in self.cells)
        return Table(tuple(cells), move(self.box) if self.box else None, self.beside)

    def to_json(self) -> dict[str, Any]:
        """A plain tree for storage; `from_json` is its inverse."""
        return {
            "box": _box_to_json(self.box),
            "cells": [cell.to_json() for cell in self.cells],
        } | ({"beside": self.beside} if self.beside else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Table:
        """The table of which `data` is the tree."""
        return cls(
            cells=tuple(map(Cell.from_json, data["cells"])),
            box=Box(*data["box"]) if data["box"] else None,
            beside=data.get("beside", 0),
        )


def _box_to_json(box: Box | None) -> list[float] | None:
    # A tenth of a pixel is finer than any engine's precision.
    return [round(float(edge), 1) for edge in box] if box else None
