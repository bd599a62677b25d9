"""Pieces of rules that were read as a sign: their ink goes on above and below the line.

An upright rule that stands askew, as in a photo, is none that `rules` follows, and what a text
model sees of it beside a line of print is a `1`, a dash or a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from converter.core.engines.local.fragments import Fragment
from converter.core.engines.local.ink import is_ink
from converter.core.engines.local.pictures import Gray
from converter.core.tables.model import Box

AROUND: Final = 1.0
"""Of its box's height, looked at above and below a sign;"""
BEYOND: Final = 0.5
"""so far its ink must go on, on both sides."""
MARGIN: Final = 0.2
"""Of its height is left out at the edges of a box: a rule may run there beside a sign."""
MOST: Final = 0.8
"""Of the ink in the rest of it is of the stroke."""


def without_strokes(fragments: Sequence[Fragment], gray: Gray) -> list[Fragment]:
    """The same without lone signs that are a piece of a rule on a page (h, w)."""
    return [item for item in fragments if len(item.text) > 1 or not _goes_on(item.box, gray)]


def _goes_on(box: Box, gray: Gray) -> bool:
    """Whether most ink in a box is of one stroke that is much longer."""
    reach = AROUND * box.height
    left, top = max(0, int(box.left - reach)), max(0, int(box.top - reach))
    patch = gray[top : int(box.bottom + reach) + 1, left : int(box.right + reach) + 1]
    if not patch.size:
        return False
    _, parts, places, _ = cv2.connectedComponentsWithStats(is_ink(patch).astype(np.uint8))
    margin = MARGIN * box.height
    rows = slice(max(0, int(box.top + margin) - top), int(box.bottom - margin) + 1 - top)
    columns = slice(max(0, int(box.left) - left), int(box.right) + 1 - left)
    inside = np.bincount(parts[rows, columns].ravel(), minlength=len(places))
    inside[0] = 0  # the paper
    if inside.max() <= MOST * inside.sum():
        return False
    place = places[inside.argmax()]
    first = top + int(place[cv2.CC_STAT_TOP])
    last = first + int(place[cv2.CC_STAT_HEIGHT])
    beyond = BEYOND * box.height
    return first < box.top - beyond and last > box.bottom + beyond
