"""Lone dashes: a text detector drops most of them and a recogniser takes the rest for letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment, find_around
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.ink import Marks
from converter.core.tables.model import Box

CONFIDENCE: Final = 0.9
"""Of a dash that is known by its shape alone."""


def mend_dashes(fragments: Sequence[Fragment], marks: Marks, rules: RulingLines) -> list[Fragment]:
    """Fragments of a page with lone dashes read as dashes, and unread ones among its marks added.

    A dash is added only beside text, at the height where a dash of that line would be.
    """
    if not fragments:
        return []
    height = line_height(fragment.box for fragment in fragments)
    mended = list(fragments)
    for dash in find_bars(marks, height):
        middle = (dash.top + dash.bottom) / 2
        if any(
            abs(rule.at - middle) < 3 and rule.covers(dash.left, dash.right) > 0.3
            for rule in rules.horizontal
        ):
            continue
        owner = find_around(dash, mended)
        if owner is not None:
            if len(mended[owner].text) <= 2 and mended[owner].box.width < 1.6 * dash.width:
                mended[owner] = replace(mended[owner], text="-", confidence=CONFIDENCE, glyphs=())
        elif any(abs(fragment.middle - middle) < 0.25 * height for fragment in fragments):
            top = (dash.top + dash.bottom - height) / 2
            box = Box(dash.left, top, dash.right, top + height)
            mended.append(Fragment("-", box, CONFIDENCE))
    return mended


def find_bars(marks: Marks, height: float) -> list[Box]:
    """Flat marks with nothing beside them, as wide as a dash in text of this line height."""
    left, top, wide, high = marks.T.astype(np.float64)
    flat = (high <= max(2.0, 0.17 * height)) & (wide >= 1.6 * high)
    sized = (wide >= 0.17 * height) & (wide <= 1.3 * height)
    bars = []
    for i in np.flatnonzero(flat & sized):
        beside = (left < left[i] + wide[i] + 0.3 * height) & (left + wide > left[i] - 0.3 * height)
        near = beside & (top < top[i] + 0.5 * height) & (top + high > top[i] - 0.5 * height)
        if near.sum() == 1:
            bars.append(Box(left[i], top[i], left[i] + wide[i], top[i] + high[i]))
    return bars
