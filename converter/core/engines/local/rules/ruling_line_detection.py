"""Finds the ruling lines of a page: thin straight strokes, dark or light, solid or dotted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.picture.ink import extents
from converter.core.engines.local.picture.pictures import Gray
from converter.core.tables.model import Box

CONTRAST: Final = 18  # of 255, between a line and the page on both its sides
WHITE: Final = 98  # percentile of the tones of a page: its paper
THICKEST: Final = 9  # pixels
SOLID: Final = 0.9  # of the pixels along a line are marked, or it is dotted
BLUR: Final = 1.5  # pixels: by as much letters may reach out of a tight box
BRIDGE: Final = 5  # pixels: closes the holes of dotted and badly scanned lines


def find_rules(gray: Gray, text: Sequence[Box]) -> RulingLines:
    """Ruling lines of a page (h, w); the boxes of its `text` exclude strokes of letters."""
    height = line_height(text)
    across = _across(gray, text, height)
    leaders = tuple(rule for rule in across if rule.dotted and is_leader(rule, text))
    kept = tuple(rule for rule in across if rule not in leaders)
    return RulingLines(kept, _down(gray, text, height), leaders=leaders)


def is_leader(rule: RulingLine, text: Sequence[Box]) -> bool:
    """Whether a dotted rule on a line's baseline connects one text on it with the next."""
    beside = [box for box in text if (box.top + box.bottom) / 2 < rule.at < box.bottom]
    return any(0 <= rule.start - box.right + 3 < 2 * box.height for box in beside) and any(
        0 <= box.left - rule.end + 3 < 2 * box.height for box in beside
    )


def _across(gray: Gray, text: Sequence[Box], height: float) -> tuple[RulingLine, ...]:
    """Horizontal rules of a page whose lines of text have this median `height`."""
    dark, light = _thin_dark(gray), _thin_light(gray)
    for box in text:
        inset = box.height * 0.18
        rows = slice(max(0, round(box.top + inset)), max(0, round(box.bottom - inset)))
        for marks in (dark, light):
            marks[rows, max(0, int(box.left)) : int(box.right) + 1] = 0
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, BRIDGE), np.uint8))
    shortest = max(20, round(height * 2))
    strokes = _either(_strokes(closed, shortest), _strokes(light, shortest))
    marks = dark | light
    rules = []
    for rule in join_collinear(strokes, 0.5 * height):
        if not _is_in_text(rule, text):
            y = round(rule.at)
            near = marks[max(0, y - 3) : y + 4, round(rule.start) : round(rule.end)]
            rules.append(replace(rule, dotted=float(near.any(axis=0).mean()) < SOLID))
    return tuple(rules)


def _down(gray: Gray, text: Sequence[Box], height: float) -> tuple[RulingLine, ...]:
    """Vertical rules of a page whose lines of text have this median `height`."""
    turned = np.ascontiguousarray(gray.T)
    # crossing rules cut vertical ones into pieces that may be no longer than a row is high
    shortest = max(7, round(height * 0.55))
    strokes = _either(
        _strokes(_thin_dark(turned), shortest), _strokes(_thin_light(turned), shortest)
    )
    rules = join_collinear(_outside_letters(strokes, text, height), 0.6 * height)
    long = [rule for rule in rules if rule.length >= max(12, 1.1 * height)]
    return tuple(_outside_letters(long, text, height))


def _either(dark: list[RulingLine], light: list[RulingLine]) -> list[RulingLine]:
    """Dark lines, and the light ones that are not just the background between dark ones."""
    ranked = sorted(dark, key=_at)

    def near(stroke: RulingLine) -> list[RulingLine]:
        start = bisect_left(ranked, stroke.at - THICKEST, key=_at)
        return ranked[start : bisect_right(ranked, stroke.at + THICKEST, key=_at)]

    return dark + [
        stroke
        for stroke in light
        if not any(rule.covers(stroke.start, stroke.end) > 0 for rule in near(stroke))
    ]


def _at(rule: RulingLine) -> float:
    return rule.at


def _outside_letters(
    strokes: Sequence[RulingLine], text: Sequence[Box], height: float
) -> list[RulingLine]:
    """Vertical strokes that are no letters, nor letters that touch those of the next line."""
    at, start, end = (
        np.array([(rule.at, rule.start, rule.end) for rule in strokes]).reshape(-1, 3).T
    )
    order = np.argsort(at)
    hidden = np.zeros(len(at))
    for box in text:
        inset = 0.12 * box.height
        first = np.searchsorted(at, box.left + inset, side="right", sorter=order)
        last = np.searchsorted(at, box.right - inset, side="left", sorter=order)
        inside = order[first:last]
        hidden[inside] += np.maximum(
            0, np.minimum(end[inside], box.bottom) - np.maximum(start[inside], box.top)
        )
    is_letter = (end - start <= 4 * height) & (hidden > 0.6 * (end - start))
    return [rule for rule, letter in zip(strokes, is_letter, strict=True) if not letter]


def _is_in_text(rule: RulingLine, text: Sequence[Box]) -> bool:
    """Whether a horizontal stroke is part of text: a dash, an underline, feet of letters."""
    return any(
        box.left - 0.3 * box.height < rule.start
        and rule.end < box.right + 0.3 * box.height
        and box.top + 0.18 * box.height < rule.at < box.bottom + BLUR
        for box in text
    )


def _strokes(marks: MatLike, shortest: int) -> list[RulingLine]:
    """Horizontal runs of `marks` (h, w) that are at least `shortest` pixels long."""
    opened = cv2.morphologyEx(marks, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    return [
        RulingLine(top + height / 2, left, left + width)
        for left, top, width, height in extents(opened).tolist()
        if width >= shortest and height <= max(THICKEST, width * 0.05)
    ]


def _thin_dark(gray: Gray) -> NDArray[np.uint8]:
    """Marks (h, w) of pixels that are darker than the page a little above *and* below them."""
    return (_contrast(gray, cv2.MORPH_BLACKHAT) > CONTRAST).astype(np.uint8)


def _thin_light(gray: Gray) -> NDArray[np.uint8]:
    """Marks (h, w) of pixels that are lighter than the page a little above *and* below them.

    They are closer to the white of the paper than to that, unlike the edge between two fills.
    """
    contrast = _contrast(gray, cv2.MORPH_TOPHAT)
    white = np.uint8(np.percentile(gray[::8, ::8], WHITE))
    lacking = cv2.subtract(np.full_like(gray, white), gray)
    return ((contrast > CONTRAST) & (contrast > lacking)).astype(np.uint8)


def _contrast(gray: Gray, operation: int) -> NDArray[np.uint8]:
    padded = cv2.copyMakeBorder(gray, THICKEST, THICKEST, 0, 0, cv2.BORDER_REPLICATE)
    contrast = cv2.morphologyEx(padded, operation, np.ones((THICKEST, 1), np.uint8))
    return np.ascontiguousarray(contrast[THICKEST:-THICKEST]).astype(np.uint8, copy=False)


def join_collinear(strokes: list[RulingLine], reach: float) -> tuple[RulingLine, ...]:
    """Joins strokes on one straight that are at most `reach` pixels apart."""
    joined: list[RulingLine] = []
    for stroke in sorted(strokes, key=lambda rule: (rule.start, rule.at)):
        for place, rule in enumerate(joined):
            if abs(rule.at - stroke.at) <= 4 and stroke.start - rule.end <= reach:
                longer = max(rule, stroke, key=lambda one: one.length)
                start, end = min(rule.start, stroke.start), max(rule.end, stroke.end)
                joined[place] = RulingLine(longer.at, start, end)
                break
        else:
            joined.append(stroke)
    return tuple(sorted(joined, key=lambda rule: rule.at))
