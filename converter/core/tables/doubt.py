"""Which readings a person should look at before trusting them."""

from __future__ import annotations

from typing import Final, Protocol

from converter.core.tables.model import Cell

DOUBT_BELOW: Final = 0.8


class Reading(Protocol):
    """Anything that was read with a confidence of 0..1: a cell, a field's value, a word."""

    @property
    def text(self) -> str | None: ...

    @property
    def confidence(self) -> float: ...


def is_doubtful(reading: Reading) -> bool:
    """Whether text was read, but with too little confidence to pass without a mark."""
    return bool(reading.text) and reading.confidence < DOUBT_BELOW


def is_disputed(cell: Cell) -> bool:
    """Whether a second reading says something else, or found text where the first has none."""
    return bool(cell.other) and (is_doubtful(cell) or not cell.text)
