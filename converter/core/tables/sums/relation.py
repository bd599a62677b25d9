"""What a table claims about its numbers: one of them follows from others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from converter.core.tables.model import Place

Span = tuple[float, float]
"""The least and the greatest value that a number may have."""


class Kind(StrEnum):
    """How a number follows from others, in words."""

    COLUMN = "sum of the column"
    ROW = "sum of the row"
    PRODUCT = "product of the row"
    RATIO = "ratio of the row"
    CHANGE = "change in per cent"
    SHARE = "share of the total"
    HUNDRED = "per cent that make 100"
    BALANCE = "running balance"


@dataclass(frozen=True, slots=True)
class Relation:
    """`total` should be `made` of `parts`, within `slack`; if it `is_broken`, one of them is no
    number at all.

    `wanted` has, for each number of it, what it would have to be if all others are right. `bits`
    are decimal digits: a tenth of its tables would show this by chance at 1. `support` adds those
    up over all places where the table shows the same, which have the same `claim`. `held`,
    `failed`: how often it holds there and does not.
    """

    kind: Kind
    parts: tuple[Place, ...]
    total: Place
    made: float
    printed: float
    slack: float
    is_broken: bool
    bits: float
    support: float
    held: int
    failed: int
    claim: tuple[object, ...]
    wanted: Callable[[], Mapping[Place, Span]]

    @property
    def holds(self) -> bool:
        return not self.is_broken and abs(self.made - self.printed) <= self.slack

    @property
    def is_off(self) -> bool:
        """Whether it misses by something, if only by a rounding."""
        return abs(self.made - self.printed) > ROUNDED * self.slack

    @property
    def places(self) -> tuple[Place, ...]:
        return (*self.parts, self.total)


ROUNDED: Final = 0.1
EPSILON: Final = 1e-6
"""Of the unit of a number: what floats lose."""
