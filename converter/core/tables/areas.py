"""Rectangles of grid places, and how overlapping ones become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of grid places, ends excluded."""

    top: int
    left: int
    bottom: int
    right: int

    def joined(self, other: Area) -> Area:
        """The least rectangle around both."""
        return Area(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def meets(self, other: Area) -> bool:
        """Whether the two share a place."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


def merge_areas(areas: Iterable[Area]) -> list[Area]:
    """Join rectangles that overlap until none do; from the top, then from the left."""
    merged: list[Area] = []
    for area in areas:
        grown = area
        while meeting := [other for other in merged if other.meets(grown)]:
            merged = [other for other in merged if other not in meeting]
            for other in meeting:
                grown = grown.joined(other)
        merged.append(grown)
    return sorted(merged, key=lambda item: (item.top, item.left))
