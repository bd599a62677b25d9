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
"""Of a mark that is known by its shape and by what is above it."""


def mend_dittos(fragments: Sequence[Fragment]) -> list[Fragment]:
    """The fragments of a page, with small pairs of strokes under words read as ditto marks.

    Such a mark is lower than the print beside it, and what is next above it is no number.
    """
    mended = list(fragments)
    for place, mark in enumerate(fragments):
        if not STROKES.match(mark.text):
            continue
        beside = [
            item.box.height
            for item in fragments
            if item is not mark and item.box.top - 2 <= mark.middle <= item.middle
        ]
        above = [
            item
            for item in fragments
            if item.middle < mark.box.top and item.box.left < mark.centre < item.box.right
        ]
        is_low = bool(beside) and mark.box.height <= LOW * median(beside)
        if is_low and above and not is_numeric(max(above, key=lambda item: item.middle).text):
            mended[place] = replace(mark, text='"', confidence=CONFIDENCE, glyphs=())
    return mended
