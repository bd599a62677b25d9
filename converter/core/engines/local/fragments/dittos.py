"""Ditto marks: a recogniser takes the two small strokes for digits or letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.text_forms import is_numeric

STROKES: Final = re.compile(r"^[1Il|!itT'\u2019\"\u201c\u201d\u201e\u201f]{1,2}[.,]?$")
LOW: Final = 0.7  # of the height of the print beside it
CONFIDENCE: Final = 0.85
"""Of a mark that is known by its shape and by what is above it."""


def mend_dittos(fragments: Sequence[Fragment]) -> list[Fragment]:
    """The fragments of a page, with small pairs of strokes under words read as ditto marks.

    Such a mark is lower than the print beside it, and what is next above and below it is no number:
    a heading may stand over the first `1` of a column of numbers.
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
        is_low = bool(beside) and mark.box.height <= LOW * median(beside)
        if is_low and _is_among_words(mark, fragments):
            mended[place] = replace(mark, text='"', confidence=CONFIDENCE, glyphs=())
    return mended


def _is_among_words(mark: Fragment, fragments: Sequence[Fragment]) -> bool:
    """Whether print is above a mark, and what is next above and below, but for marks, are words."""
    left, _, right, _ = mark.box
    column = [
        item
        for item in fragments
        if item.box.left < right and left < item.box.right and not STROKES.match(item.text)
    ]
    above = [item for item in column if item.middle < mark.box.top]
    below = [item for item in column if item.middle > mark.box.bottom]
    near = [*sorted(above, key=_middle)[-1:], *sorted(below, key=_middle)[:1]]
    return bool(above) and not any(is_numeric(item.text) for item in near)


def _middle(fragment: Fragment) -> float:
    return fragment.middle
