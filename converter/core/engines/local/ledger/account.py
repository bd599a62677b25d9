"""What became of the print of a page: which marks a line that was read explains, and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.ledger.marks import CONTRAST, Boxes, marks_of
from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.text.page_text import Line
from converter.core.tables.model import Box

ABOVE, BESIDE = 0.2, 0.35
"""By its height: how far a line reaches beyond its box, up and down, and to its sides."""
ALONE: Final = 1.0
"""By its height: how far from all its characters a mark may be that is one of them."""
STROKE: Final = 0.18
"""By the height of a line: what is narrower may be the rest of an upright rule."""
CENTRAL: Final = 0.25
"""By its height: how far from the middle of a mark a ruling line may be that it is a part of."""
AROUND: Final = 0.3
"""By the height of a line: how wide a strip on each side of print shows what is behind it."""
PLAIN: Final = 0.8
"""Of a strip: as much of it has one colour where no print is."""
NEAR: Final = 0.4
"""By the height of a line: marks as close to each other are one piece of print."""


def unread_print(
    gray: Gray, lines: Sequence[Line], unread: Sequence[Line], rules: RulingLines
) -> list[Box]:
    """Boxes of the print of a page (h, w) that none of its `lines` says, from the top.

    `unread` are boxes in which a detector saw print that nothing could read: what ink is there
    counts, and so does all other ink of the size of print.
    """
    height = line_height(line.box for line in (*lines, *unread))
    marks = marks_of(gray, height, rules)
    left = marks[~_are_read(marks, lines) & ~_are_on(marks, rules)]
    pieces = (Box(*box) for box in _pieces(left, height, gray.shape).tolist())
    return [
        piece
        for piece in pieces
        if piece.width > STROKE * height and not _is_of_a_fill(gray, piece, AROUND * height)
    ]


def _are_read(marks: Boxes, lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Which of the marks (n, 4) are characters of a line."""
    read = np.zeros(len(marks), np.bool_)
    centre, middle = (marks[:, 0] + marks[:, 2]) / 2, (marks[:, 1] + marks[:, 3]) / 2
    order = np.argsort(middle)
    sorted_middle = middle[order]
    for line in lines:
        left, top, right, bottom = line.box
        high, wide = ABOVE * line.box.height, BESIDE * line.box.height
        first, last = np.searchsorted(sorted_middle, [top - high, bottom + high])
        near = order[first:last]
        near = near[(centre[near] > left - wide) & (centre[near] < right + wide)]
        places = np.array([glyph.x for glyph in line.glyphs if glyph.text != " "])
        if len(near) and len(places):
            beyond = np.maximum(marks[near, 0, None] - places, places - marks[near, 2, None])
            read[near[beyond.min(axis=1) < ALONE * line.box.height]] = True
    return read


def _are_on(marks: Boxes, rules: RulingLines) -> NDArray[np.bool_]:
    """Which marks (n, 4) a level ruling line crosses in their middle, as the `+` of a frame."""
    ruled = np.zeros(len(marks), np.bool_)
    middle, (wide, high) = (marks[:, 1] + marks[:, 3]) / 2, (marks[:, 2:] - marks[:, :2]).T
    for rule in (*rules.horizontal, *rules.leaders):
        beside = (marks[:, 2] >= rule.start - high) & (marks[:, 0] <= rule.end + high)
        small = wide < (rule.end - rule.start) / 2  # else the line is a stroke of the mark
        ruled |= beside & small & (np.abs(middle - rule.at) < CENTRAL * high)
    return ruled


def _pieces(marks: Boxes, height: float, shape: tuple[int, ...]) -> Boxes:
    """The marks (n, 4) joined to pieces of print, from the top."""
    if not len(marks):
        return marks
    times = min(1.0, 8 / max(1.0, height))  # a line of eight pixels is enough to join marks
    joined = np.zeros((round(shape[0] * times) + 2, round(shape[1] * times) + 2), np.uint8)
    reach = NEAR * height / 2
    grown = (marks + np.array([-reach, -reach / 4, reach, reach / 4])) * times
    for left, top, right, bottom in grown.round().astype(int).clip(0).tolist():
        joined[top : bottom + 1, left : right + 1] = 1
    labels = cv2.connectedComponents(joined, connectivity=8)[1]
    at = ((marks[:, :2] + marks[:, 2:]) / 2 * times).round().astype(int)
    piece = labels[at[:, 1], at[:, 0]]
    found = np.stack([_around(marks[piece == number]) for number in np.unique(piece)])
    return found[np.lexsort((found[:, 0], found[:, 1]))]


def _around(marks: Boxes) -> NDArray[np.float64]:
    return np.concatenate([marks[:, :2].min(axis=0), marks[:, 2:].max(axis=0)])


def _is_of_a_fill(gray: Gray, piece: Box, reach: float) -> bool:
    """Whether a piece is the corner of a coloured area: that goes on at one side, not at another.

    Print has the same colour on all its sides. A side on which other print stands tells nothing.
    """
    left, top, right, bottom = (round(edge) for edge in piece)
    out, height, width = max(2, round(reach)), *gray.shape
    left, right = max(0, left - 1), min(width, right + 1)
    top, bottom = max(0, top - 1), min(height, bottom + 1)
    strips = (
        gray[max(0, top - out) : top, left:right],
        gray[bottom : bottom + out, left:right],
        gray[top:bottom, max(0, left - out) : left],
        gray[top:bottom, right : right + out],
    )
    tones = [float(np.median(strip)) for strip in strips if strip.size and _is_plain(strip)]
    return len(tones) > 1 and max(tones) - min(tones) > CONTRAST


def _is_plain(strip: Gray) -> bool:
    like_most = np.abs(strip - np.median(strip)) < CONTRAST
    return bool(like_most.mean() > PLAIN)
