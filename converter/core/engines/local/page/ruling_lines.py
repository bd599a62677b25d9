"""Ruling lines, and those of them that make up one straight line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class RulingLine:
    """A line at `at` from `start` to `end`: y and x's if horizontal, x and y's if vertical."""

    at: float
    start: float
    end: float
    dotted: bool = False

    @property
    def length(self) -> float:
        return self.end - self.start

    def covers(self, start: float, end: float) -> float:
        """The share (0..1) of the interval from `start` to `end` that this line covers."""
        shared = min(self.end, end) - max(self.start, start)
        return max(0.0, shared) / max(1.0, end - start)


@dataclass(frozen=True, slots=True)
class RulingLines:
    """All ruling lines of a page, each direction sorted by `at`.

    `bands` are edges between colours, `leaders` are dots between two texts on one line.
    """

    horizontal: tuple[RulingLine, ...] = ()
    vertical: tuple[RulingLine, ...] = ()
    bands: tuple[RulingLine, ...] = ()
    leaders: tuple[RulingLine, ...] = ()


def mended_rules(vertical: Sequence[RulingLine], tolerance: float) -> list[RulingLine]:
    """Vertical rules, with the gaps between their pieces closed where the print is too faint.

    Pieces on one straight become one rule from the first to the last if they cover a third of it,
    or an eighth if it is as long as the others.
    """
    stacks = stacks_of(vertical, tolerance)
    tall = [_joined(stack) for stack in stacks if _solid(stack) > 1 / 3]
    usual = float(np.median([rule.length for rule in tall])) if len(tall) > 2 else float("inf")
    faint = [_joined(stack) for stack in stacks if 1 / 8 < _solid(stack) <= 1 / 3]
    return sorted(
        [*tall, *(rule for rule in faint if rule.length > 0.85 * usual)], key=lambda rule: rule.at
    )


def _joined(stack: Sequence[RulingLine]) -> RulingLine:
    at = np.average([rule.at for rule in stack], weights=[rule.length for rule in stack])
    return RulingLine(float(at), min(rule.start for rule in stack), max(rule.end for rule in stack))


def _solid(stack: Sequence[RulingLine]) -> float:
    """The share (0..1) of the distance from the first piece to the last that pieces cover."""
    return sum(rule.length for rule in stack) / max(1.0, _joined(stack).length)


def stacks_of(vertical: Sequence[RulingLine], tolerance: float) -> list[list[RulingLine]]:
    """Vertical rules grouped by the straight line that they are on, from left to right."""
    stacks: list[list[RulingLine]] = []
    for rule in sorted(vertical, key=lambda item: item.at):
        if stacks and rule.at - stacks[-1][-1].at <= tolerance:
            stacks[-1].append(rule)
        else:
            stacks.append([rule])
    return stacks
