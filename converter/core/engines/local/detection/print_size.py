"""At which size a picture is shown to the detectors, by the height of its print."""

from __future__ import annotations

from typing import Final

SMALLEST: Final = 11.0
"""Pixels of a view from ascent to descent. Of lower print the small detector finds fewer lines,"""
WANTED: Final = 18.0
"""and its boxes are loose around print that is lower than this."""
TALLEST: Final = 37.0
"""It was trained on few lines that are higher, and finds as many as it can"""
LOWERED: Final = 30.0
"""in print of this height."""
LEAST: Final = 2.0
"""Nothing can be said about print that seems lower."""


def wanted_growth(height: float | None) -> float:
    """How many times as large print of this height should be seen; 1 where it is well seen."""
    if height is None or SMALLEST <= height <= TALLEST:
        return 1.0
    return WANTED / max(LEAST, height) if height < SMALLEST else LOWERED / height
