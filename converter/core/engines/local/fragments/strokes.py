"""Pieces of rules that were read as a character: their ink continues above and below the line.

`ruling_lines` does not find an upright rule that leans, as in a photo. A text model reads its piece
beside a line of print as a `1`, a dash or a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.picture.ink import is_ink
from converter.core.engines.local.picture.pictures import Gray
from converter.core.tables.model import Box

AROUND: Final = 1.0
"""By the height of a box: how far above and below it ink is examined."""
BEYOND: Final = 0.5
"""By the height of a box: how far the ink of a rule continues at least, above and below it."""
MARGIN: Final = 0.2
"""By the height of a box: left out at its top and bottom, where a horizontal rule may run."""
MOST: Final = 0.8
"""A rule has more than this share of the ink in the rest of the box."""


def without_strokes(fragments: Sequence[Fragment], gray: Gray) -> list[Fragment]:
    """The fragments, without single characters that are a piece of a rule on a page (h, w)."""
    return [item for item in fragments if len(item.text) > 1 or not _goes_on(item.box, gray)]


def _goes_on(box: Box, gray: Gray) -> bool:
    """Whether most ink in a box belongs to one stroke that is much longer."""
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
