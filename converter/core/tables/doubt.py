"""Doubt: which cells and values a person should look at before trusting them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from converter.core.tables.model import Cell, Said

DOUBT_BELOW: Final = 0.9
"""A cell that is right in fewer than nine cases of ten is looked at."""


class ReadText(Protocol):
    """Anything that was read with a confidence of 0..1: a cell, a field's value, a word."""

    @property
    def text(self) -> str | None: ...

    @property
    def confidence(self) -> float: ...


def is_doubtful(read: ReadText) -> bool:
    """Whether text was read with a confidence below DOUBT_BELOW."""
    return bool(read.text) and read.confidence < DOUBT_BELOW


def is_disputed(cell: Cell) -> bool:
    """Whether a second reading differs from a doubtful text, or found text in an empty cell."""
    return bool(cell.other) and (is_doubtful(cell) or not cell.text)


def is_in_doubt(cell: Cell) -> bool:
    """Whether one reading alone doubts a cell: its text, its place, or that it is empty."""
    return is_doubtful(cell) or (bool(cell.causes) and cell.confidence < DOUBT_BELOW)


def needs_a_look(cell: Cell) -> bool:
    """Whether a cell is marked as doubtful wherever it is shown."""
    return is_in_doubt(cell) or is_disputed(cell) or is_unreadable(cell)


def is_unreadable(cell: Cell) -> bool:
    """Whether a person looked and could not read it either."""
    return cell.said is Said.UNREADABLE


def is_open(cell: Cell) -> bool:
    """Whether a cell is marked and nobody has said anything of it yet."""
    return not cell.said and needs_a_look(cell)


def reasons(cell: Cell) -> Iterator[str]:
    """Why a cell is marked, in words; nothing for a cell that is not."""
    if is_in_doubt(cell):
        known = [cause.phrase for cause in cell.causes]
        yield from known or [hard_to_read(cell.confidence)]
    if is_disputed(cell):
        yield another_reading(cell.other)
    if is_unreadable(cell):
        yield "a person could not read it"


def hard_to_read(confidence: float) -> str:
    return f"hard to read ({round(100 * confidence)} % sure)"


def another_reading(text: str) -> str:
    return f"another reading says “{text}”"
