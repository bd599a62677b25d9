"""Short numbers and signs that the text detector missed, or merged over two lines of print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from unicodedata import category

import cv2
import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.page.text_forms import is_numeric
from converter.core.engines.local.picture.ink import extents
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.text.page_text import Line, PageText
from converter.core.engines.local.text.text import TextReader
from converter.core.tables.model import Box

TALL: Final = 1.5  # times the usual height: the box of a short text that holds two lines
CONTRAST: Final = 15
LETTER: Final = (0.3, 0.95)  # least and greatest height of a digit, by that of a line's box
CLOSE: Final = 0.35  # of the line's height, between the digits of one number
REACH: Final = 5.0  # times the line's height, to the print beside
FEWEST: Final = 12  # lines on a page: fewer have no rows to compare with
SURE: Final = 0.8
VALUED: Final = ("Sc", "Sm", "So")
"""Categories (Unicode) of signs of money, of mathematics, and others, ticks among them."""
MARKS: Final = "*%†‡§#"
STROKES: Final = "|¦~^"


def with_missed(page: PageText, reader: TextReader, rules: RulingLines) -> tuple[Line, ...]:
    """The lines of a page, from the top, with the numbers and signs that the detector missed.

    `rules` are the ruling lines of the page.
    """
    if len(page.lines) < FEWEST:
        return page.lines
    lines, tall = parted(page.lines)
    boxes = missed_boxes(page.picture.gray, lines, rules)
    found = credible(reader.read_boxes(page.picture, boxes)) if boxes else []
    kept = [line for line in tall if not any(meet(line.box, item.box) for item in found)]
    return tuple(sorted([*lines, *kept, *found], key=lambda line: line.box.top))


def parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines (at least one) that hold one line of print, and short ones that hold several."""
    usual = line_height(line.box for line in lines)
    tall = [
        line for line in lines if line.box.height > TALL * usual and line.box.width < 2.5 * usual
    ]
    return [line for line in lines if line not in tall], tall


def missed_boxes(gray: Gray, lines: Sequence[Line], rules: RulingLines) -> list[Box]:
    """Boxes around ink of the size of short numbers, level with a line of print beside it.

    `gray` is (h, w); `lines` (at least one) are the lines that the detector found on it.
    """
    height = line_height(line.box for line in lines)
    left, top, right, bottom = np.array([line.box for line in lines]).T
    high, middle = bottom - top, (top + bottom) / 2
    missed = []
    for box in _numbers(_bare_ink(gray, lines, rules, height), height):
        level = np.abs(middle - (box.top + box.bottom) / 2) < 0.25 * high
        gap = np.maximum(left - box.right, box.left - right)
        if (level & (gap < REACH * high)).any():
            # about as high as the detector makes the box of a line
            x = max(2.0, 0.55 * (height - box.height))
            y = x / 1.5
            missed.append(Box(box.left - x, box.top - y, box.right + x, box.bottom + y))
    return missed


def credible(lines: Sequence[Line]) -> list[Line]:
    """The lines that were read as numbers or lone signs, with confidence."""
    return [
        line
        for line in lines
        if (is_numeric(line.text) or is_sign(line.text)) and line.legibility > SURE
    ]


def is_sign(text: str) -> bool:
    """Whether a text is one sign that stands for a value or belongs to one: `$`, `%`, `✓`, `†`.

    A letter, a stroke or a point is what a blot or the rest of a rule may look like.
    """
    text = text.strip()
    return len(text) == 1 and text not in STROKES and (category(text) in VALUED or text in MARKS)


def meet(first: Box, second: Box) -> bool:
    """Whether two boxes overlap."""
    beside = first.right <= second.left or second.right <= first.left
    return not (beside or first.bottom <= second.top or second.bottom <= first.top)


def _bare_ink(
    gray: Gray, lines: Sequence[Line], rules: RulingLines, height: float
) -> NDArray[np.uint8]:
    """The ink (h, w: 0 or 1) outside the lines that were found and outside the ruling lines."""
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


def _numbers(ink: NDArray[np.uint8], height: float) -> list[Box]:
    """Boxes of numbers, joined from marks in `ink` (h, w) that have the size of digits."""
    marks = extents(ink)
    wide, high = marks[:, 2], marks[:, 3]
    sized = (LETTER[0] * height < high) & (high < LETTER[1] * height)
    sized &= (0.05 * height < wide) & (wide < height)
    digits = []
    for left, top, wide, high in marks[sized].tolist():
        patch = ink[top : top + high, left : left + wide]
        stats = cv2.connectedComponentsWithStats(patch, connectivity=8)[2][1:]
        # other marks may reach into the patch: only the one that spans it counts
        area = int(stats[np.argmax(stats[:, 2] + stats[:, 3]), 4])
        if area > 0.15 * wide * high:
            digits.append(Box(left, top, left + wide, top + high))
    numbers: list[Box] = []
    for digit in sorted(digits):
        for place, box in enumerate(numbers):
            shared = min(box.bottom, digit.bottom) - max(box.top, digit.top)
            if shared > 0.6 * digit.height and digit.left - box.right < CLOSE * height:
                top, bottom = min(box.top, digit.top), max(box.bottom, digit.bottom)
                numbers[place] = Box(box.left, top, max(box.right, digit.right), bottom)
                break
        else:
            numbers.append(digit)
    return numbers
