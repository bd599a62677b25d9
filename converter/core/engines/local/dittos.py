"""Ditto marks: a recogniser takes the two small strokes for digits or letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from converter.core.engines.local.fragments import Fragment
from converter.core.engines.local.text_forms import is_numeric

STROKES: Final = re.compile(r"^[1Il|!itT'\u2019\"\u201c\u201d\u201e\u201f]{1,2}[.,]?$")
LOW: Final = 0.7  # of the height of the print beside it
CONFIDENCE: Final = 0.85
"""Of a mark that was told by its shape and what stands above it."""


def mend_dittos(fragments: Sequence[Fragment]) -> list[Fragment]:
    """The fragments of a page, with small pairs of strokes under words read as ditto marks."""
    return [
        replace(item, text='"', confidence=CONFIDENCE, glyphs=())
        if STROKES.match(item.text) and _is_ditto(item, fragments)
        else item
        for item in fragments
    ]


def _is_ditto(mark: Fragment, fragments: Sequence[Fragment]) -> bool:
    """Whether a mark is lower than the print beside it, and below words."""
    beside = [
        item.box.height
        for item in fragments
        if item is not mark and item.box.top - 2 <= mark.middle <= item.middle
    ]
    if not beside or mark.box.height > LOW * median(beside):
        return False
    above = [
        item
        for item in fragments
        if item.middle < mark.box.top and item.box.left < mark.centre < item.box.right
    ]
    nearest = max(above, key=lambda item: item.middle, default=None)
    return nearest is not None and not is_numeric(nearest.text)
