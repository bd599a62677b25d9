"""What is to be looked at, in which order: where an error is likely and would cost most."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from django.db.models import Sum

from converter.core.tables.doubt import is_open
from converter.core.tables.model import Cell, Table
from converter.core.tables.numerals import parse_numeral
from converter.models import BatchImage, ImageState

_NUMBER: Final = 2.0  # times as much as a word: who adds up a column sees no wrong digit in it
_TOTAL: Final = 1.5  # times as much again: totals are what people copy
_LEAST_CHANCE: Final = 0.5  # of being wrong, where another reading found something else
_NAMES_A_TOTAL: Final = re.compile(
    r"\b(?:sub-?)?totals?\b|\bsum(?:me)?\b|\bgesamt|\bbalance\b|\binsgesamt\b|\btotaux\b|\bitogo\b",
    re.IGNORECASE,
)


class Doubt(NamedTuple):
    """A cell to look at; `weight` is how much it matters."""

    table: int
    cell: Cell
    weight: float


def doubts_of(tables: Sequence[Table]) -> list[Doubt]:
    """The cells that are still to be looked at, the weightiest first; equal ones as they stand."""
    found = [
        Doubt(number, cell, _weight(cell, totals))
        for number, table in enumerate(tables)
        for totals in [frozenset(_total_rows(table))]
        for cell in table.cells
        if is_open(cell)
    ]
    return sorted(
        found, key=lambda doubt: (-doubt.weight, doubt.table, doubt.cell.row, doubt.cell.col)
    )


def next_image(image: BatchImage) -> BatchImage | None:
    """The next image of the batch with something to look at; after the last comes the first."""
    others = BatchImage.objects.filter(batch=image.batch_id).exclude(pk=image.pk)
    waiting = others.filter(state=ImageState.DONE, result__doubtful__gt=0).order_by("position")
    later = waiting.filter(position__gt=image.position).first()
    return later or waiting.first()


def left_elsewhere(image: BatchImage) -> int:
    """How many cells are to be looked at on the other images of the batch."""
    others = BatchImage.objects.filter(batch=image.batch_id).exclude(pk=image.pk)
    return others.aggregate(left=Sum("result__doubtful"))["left"] or 0


def _weight(cell: Cell, totals: frozenset[int]) -> float:
    chance = 1 - cell.confidence
    if cell.other or not cell.text:
        chance = max(chance, _LEAST_CHANCE)
    is_number = parse_numeral(cell.text or cell.other) is not None
    looks_like_one = sum(map(str.isdigit, cell.text)) * 2 >= len(cell.text) > 0
    weight = _NUMBER if is_number or looks_like_one else 1.0
    return round(chance * weight * (_TOTAL if cell.row in totals else 1.0), 3)


def _total_rows(table: Table) -> Iterator[int]:
    for cell in table.cells:
        if not cell.header and _NAMES_A_TOTAL.search(cell.text):
            yield cell.row
