"""Rectangles of grid places, and how overlapping ones become one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of grid places, ends excluded."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_single(self) -> bool:
        """Whether it is one place."""
        return self.bottom - self.top == self.right - self.left == 1

    def joined(self, other: Area) -> Area:
        """The least rectangle around both."""
        return Area(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def places(self) -> Iterator[tuple[int, int]]:
        """Every (row, col) of the area."""
        return product(range(self.top, self.bottom), range(self.left, self.right))

    def meets(self, other: Area) -> bool:
        """Whether the two share a place."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


def tile(rows: int, cols: int, spans: Iterable[Area]) -> list[Area]:
    """Areas that cover a grid: `spans`, joined where they overlap, and single places around.

    They come from the top, then from the left.
    """
    wide = merge_areas(spans)
    covered = {place for area in wide for place in area.places()}
    free = set(product(range(rows), range(cols))) - covered
    singles = [Area(row, col, row + 1, col + 1) for row, col in free]
    return sorted([*wide, *singles], key=lambda item: (item.top, item.left))


def merge_areas(areas: Iterable[Area]) -> list[Area]:
    """Join rectangles that overlap until none do."""
    merged: list[Area] = []
    for area in areas:
        grown = area
        while meeting := [other for other in merged if other.meets(grown)]:
            merged = [other for other in merged if other not in meeting]
            for other in meeting:
                grown = grown.joined(other)
        merged.append(grown)
    return merged
