"""Short numbers beside lines of print that a text detector passed over, or took two lines of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.boxes import line_height
from converter.core.engines.local.ink import extents
from converter.core.engines.local.page_text import Line, PageText
from converter.core.engines.local.pictures import Gray
from converter.core.engines.local.ruling_lines import RulingLines
from converter.core.engines.local.text import TextReader
from converter.core.engines.local.text_forms import is_numeric
from converter.core.tables.model import Box

TALL: Final = 1.5  # times the usual height: the box of a short text that holds two lines
CONTRAST: Final = 15
LETTER: Final = (0.3, 0.95)  # least and greatest height of a digit, by that of a line's box
CLOSE: Final = 0.35  # of the line's height, between the digits of one number
REACH: Final = 5.0  # times the line's height, to the print beside
FEWEST: Final = 12  # lines on a page: fewer have no rows to compare with
SURE: Final = 0.8


def with_missed(page: PageText, reader: TextReader, rules: RulingLines) -> tuple[Line, ...]:
    """The lines of a page and the short numbers among them that were missed, from the top.

    `rules` are those of the page.
    """
    if len(page.lines) < FEWEST:
        return page.lines
    lines, tall = parted(page.lines)
    boxes = missed_boxes(page.picture.gray, lines, rules)
    found = credible(reader.read_boxes(page.picture, boxes)) if boxes else []
    kept = [line for line in tall if not any(meet(line.box, item.box) for item in found)]
    return tuple(sorted([*lines, *kept, *found], key=lambda line: line.box.top))


def parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines (one at least) that are one each, and short ones whose boxes hold several."""
    usual = line_height(line.box for line in lines)
    tall = [line for line in lines if _is_tall(line.box, usual)]
    return [line for line in lines if line not in tall], tall


def missed_boxes(gray: Gray, lines: Sequence[Line], rules: RulingLines) -> list[Box]:
    """Boxes around ink of the size of short numbers, level with a line of print beside it.

    `gray` is (h, w); `lines` (one at least) are those that were found on it.
    """
    height = line_height(line.box for line in lines)
    digits = _digits(_bare_ink(gray, lines, rules, height), height)
    boxes = np.array([line.box for line in lines])
    return [_padded(box, height) for box in _joined(digits, height) if _is_level(box, boxes)]


def credible(lines: Sequence[Line]) -> list[Line]:
    """Those of the second readings that are surely numbers."""
    return [line for line in lines if is_numeric(line.text) and line.legibility > SURE]


def meet(first: Box, second: Box) -> bool:
    """Whether two boxes share some of the page."""
    beside = first.right <= second.left or second.right <= first.left
    return not (beside or first.bottom <= second.top or second.bottom <= first.top)


def _is_tall(box: Box, usual: float) -> bool:
    return box.height > TALL * usual and box.width < 2.5 * usual


def _bare_ink(
    gray: Gray, lines: Sequence[Line], rules: RulingLines, height: float
) -> NDArray[np.uint8]:
    """Ink (h, w) outside the lines that were found, without rules."""
    block = max(3, round(height) | 1)
    ink = cv2.adaptiveThreshold(
        gray, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, CONTRAST
    ).astype(np.uint8, copy=False)
    for rule in rules.vertical:
        ink[_span(rule.start, rule.end), _span(rule.at - 4, rule.at + 4)] = 0
    for rule in rules.horizontal:
        ink[_span(rule.at - 4, rule.at + 4), _span(rule.start, rule.end)] = 0
    for line in lines:
        ink[_span(line.box.top, line.box.bottom), _span(line.box.left, line.box.right)] = 0
    return ink


def _span(start: float, end: float) -> slice:
    return slice(max(0, round(start)), max(0, round(end)))


def _digits(ink: NDArray[np.uint8], height: float) -> list[Box]:
    marks = extents(ink)
    wide, high = marks[:, 2], marks[:, 3]
    sized = (LETTER[0] * height < high) & (high < LETTER[1] * height)
    sized &= (0.05 * height < wide) & (wide < height)
    return [
        Box(left, top, left + wide, top + high)
        for left, top, wide, high in marks[sized].tolist()
        if _area(ink[top : top + high, left : left + wide]) > 0.15 * wide * high
    ]


def _area(patch: NDArray[np.uint8]) -> int:
    """How many pixels the mark has that reaches from side to side of a patch (h, w) of ink."""
    stats = cv2.connectedComponentsWithStats(patch, connectivity=8)[2][1:]
    return int(stats[np.argmax(stats[:, 2] + stats[:, 3]), 4])


def _joined(digits: Sequence[Box], height: float) -> list[Box]:
    """Boxes of numbers from those of their digits."""
    numbers: list[Box] = []
    for digit in sorted(digits):
        home = next((i for i, box in enumerate(numbers) if _follows(box, digit, height)), None)
        if home is None:
            numbers.append(digit)
        else:
            box = numbers[home]
            top, bottom = min(box.top, digit.top), max(box.bottom, digit.bottom)
            numbers[home] = Box(box.left, top, max(box.right, digit.right), bottom)
    return numbers


def _follows(box: Box, digit: Box, height: float) -> bool:
    level = min(box.bottom, digit.bottom) - max(box.top, digit.top) > 0.6 * digit.height
    return level and digit.left - box.right < CLOSE * height


def _is_level(box: Box, boxes: NDArray[np.float64]) -> bool:
    """Whether print stands close beside a box, at its height."""
    left, top, right, bottom = boxes.T
    high = bottom - top
    level = np.abs((top + bottom) / 2 - (box.top + box.bottom) / 2) < 0.25 * high
    gap = np.maximum(left - box.right, box.left - right)
    return bool((level & (gap < REACH * high)).any())


def _padded(box: Box, height: float) -> Box:
    margin = max(2.0, 0.55 * (height - box.height))
    return Box(
        box.left - margin, box.top - margin / 1.5, box.right + margin, box.bottom + margin / 1.5
    )
