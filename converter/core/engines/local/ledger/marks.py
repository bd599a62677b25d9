"""Marks of ink on a page that are as large as characters, whether anything read them or not."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.pictures import Gray

Boxes = NDArray[np.float64]
"""Shape (n, 4): left, top, right, bottom, in pixels of the page."""
Ink = NDArray[np.uint8]

SEEN_HEIGHT: Final = 20.0
"""Pixels of a line of print in which marks are told apart: a larger page is scaled down."""
COARSER: Final = 4
"""Every so many pixels show what is behind print: most of them are no ink, even in dense lines."""
AROUND: Final = 7
"""Of these, the median over a square of this side is the colour behind a character."""
CONTRAST: Final = 34
"""Of 255, between a mark and what is behind it. Noise of scans and JPEG stays below."""
RULE: Final = 4.0
"""Pixels of the page around the middle of a ruling line that belong to it."""
SHORT: Final = 4.0
"""Heights of a line: a shorter level line may be a stroke of print, such as that of Devanagari."""
TALLEST, LOWEST, WIDEST = 2.2, 0.3, 12.0
"""By the height of a line: of a mark, which may be a word whose letters hang together."""
THINNEST: Final = 0.05
SOLID: Final = 0.8
"""Of its box: a mark that covers more, and is as high as a letter is wide, is a small picture."""
FAINT: Final = 0.06
"""Of its box: what covers less is the outline of something larger."""


def marks_of(gray: Gray, height: float, rules: RulingLines) -> Boxes:
    """The marks of a page (h, w) with lines of print of this height, without its ruling lines.

    Dark and light ones, each as large as a letter, or as a word whose letters touch.
    """
    times = min(1.0, SEEN_HEIGHT / max(1.0, height))
    size = round(gray.shape[1] * times), round(gray.shape[0] * times)
    if min(size) < COARSER:
        return np.empty((0, 4))
    seen = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    ink = _ink_of(np.asarray(seen, np.uint8))
    _take_out(ink, rules, times, SHORT * height)
    stats = cv2.connectedComponentsWithStats(ink, connectivity=8)[2]
    left, top, wide, high, area = stats[1:].astype(np.float64).T
    line, filled = height * times, area / np.maximum(1, wide * high)
    sized = (high > LOWEST * line) & (high < TALLEST * line)
    sized &= (wide > THINNEST * line) & (wide < WIDEST * line)
    is_picture = (filled > SOLID) & (np.minimum(wide, high) > LOWEST * line)
    kept = sized & ~is_picture & (filled > FAINT)
    boxes = np.stack([left, top, left + wide, top + high], axis=1)[kept]
    return np.asarray(boxes / times, np.float64)


def _ink_of(gray: Gray) -> Ink:
    """Which pixels (h, w: 0 or 1) differ from what is behind them; none at the edges of fills."""
    height, width = gray.shape
    # every fourth pixel: their mean would turn dense print into a gray of its own
    start = COARSER // 2
    coarse = np.ascontiguousarray(gray[start::COARSER, start::COARSER])
    ground = cv2.medianBlur(coarse, AROUND)
    steps = cv2.morphologyEx(ground, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > CONTRAST
    differs = cv2.absdiff(gray, cv2.resize(ground, (width, height))) > CONTRAST
    edges = cv2.resize(steps.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(differs & (edges == 0), np.uint8)


def _take_out(ink: Ink, rules: RulingLines, times: float, least: float) -> None:
    """Clears ruling lines; level ones only if they have the least length, in pixels of the page."""
    reach = max(1.0, RULE * times)
    for rule in rules.vertical:
        at, start, end = (value * times for value in (rule.at, rule.start, rule.end))
        ink[_span(start - reach, end + reach), _span(at - reach, at + reach)] = 0
    for rule in (*rules.horizontal, *rules.leaders):
        if rule.end - rule.start < least:
            continue
        at, start, end = (value * times for value in (rule.at, rule.start, rule.end))
        ink[_span(at - reach, at + reach), _span(start - reach, end + reach)] = 0


def _span(start: float, end: float) -> slice:
    return slice(max(0, round(start)), max(0, round(end)))
