"""How much of a box is its line's own, where it reaches into what is beside it.

In narrow columns the box around a number takes in a rule, or the edge of the next number, and a
text model sees one more sign there.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.picture.ink import is_ink, runs
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.recognition.partial_lines import WHOLE, Part

AROUND: Final = 0.25
"""Of its height, looked at on every side of a box: a rule goes on there, as no character does."""
RULE: Final = 0.95
"""The share of all those rows in which a rule shows ink: one `1` below another leaves a blank."""
NEAR: Final = 0.7
"""Of a box's height: a rule is beside its line if it is no farther inside."""
PIECE: Final = 0.5
"""Of it, the widest part that is cut off of a character beside."""
GAP: Final = 0.22
"""Of it, the least distance of such a part from the rest: parts of one word are closer."""
INSET: Final = 0.15
"""Of it, left out above and below, where lines reach in."""
MOST: Final = 0.6
"""The share of a box's width that may be cut off, or it is as good as any."""


def own_part(gray: Gray, quad: Quad) -> Part:
    """The part of a level box on a page (h, w) without rules at its ends, and without the edge of
    a character that the box cuts through and that is apart from all others."""
    (left, top), (right, bottom) = quad.min(0).tolist(), quad.max(0).tolist()
    around, height, width = AROUND * (bottom - top), bottom - top, right - left
    x, y = max(0, int(left - around)), max(0, int(top - around))
    patch = gray[y : int(bottom + around) + 1, x : int(right + around) + 1]
    if min(patch.shape) < 2:
        return WHOLE
    ink = is_ink(patch).view(np.uint8)
    rules = cv2.dilate(ink, np.ones((1, 3), np.uint8)).mean(axis=0) >= RULE
    inset = INSET * height
    text = ink[int(top + inset) - y : int(bottom - inset) + 1 - y].any(axis=0)
    text &= ~cv2.dilate(rules.view(np.uint8)[None], np.ones((1, 3), np.uint8))[0].view(np.bool_)
    ends = (left - x, x + len(rules) - right)
    before, after = (
        _not_its_own(rules[::way], text[::way], edge, height)
        for way, edge in zip((1, -1), ends, strict=True)
    )
    if before + after > MOST * width:
        return WHOLE
    return Part(before / width, 1 - after / width)


def _not_its_own(
    rules: NDArray[np.bool_], text: NDArray[np.bool_], edge: float, height: float
) -> float:
    """How many pixels from the `edge` of a box a rule takes, or a character that it cuts off."""
    inside = np.flatnonzero(rules) + 1 - edge
    near = inside[(inside > 0) & (inside < NEAR * height)]
    beside = float(near[-1]) if len(near) else 0.0
    pieces = [(start - edge, end - edge) for start, end in runs(text) if end > edge]
    if len(pieces) > 1:
        (start, end), (after, _) = pieces[:2]
        if start < -1 and end < PIECE * height and after - end >= GAP * height:
            beside = max(beside, (end + after) / 2)
    return beside
