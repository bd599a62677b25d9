"""Decimal points that were read as a dash or a blank, where a whole column shows what they are.

A raised point of old print is as small as a speck, and a recogniser takes one in a hundred for a
dash. The digits stay as they were read, and the cell stays in doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from converter.core.engines.local.tables.layout import body_columns
from converter.core.tables.model import Cell

DECIMAL: Final = re.compile(r"\d{1,3}([.\u00b7])(\d+)")
PARTED: Final = re.compile(r"(\d{1,3})[- ](\d+)")
FEWEST: Final = 8
"""So many cells of a column show its form,"""
SHARE: Final = 0.8
"""and that is so large a share of its cells below the headings."""
CONFIDENCE: Final = 0.7
"""The most to believe a number whose point is known from its column."""


def mend_points(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a table, with the points of numbers that have as many decimals as all others."""
    points: dict[int, tuple[str, int]] = {}  # of columns of one form: the point, how many decimals
    for col, column in body_columns(cells).items():
        found = [match for cell in column if (match := DECIMAL.fullmatch(cell.text))]
        if len(found) >= FEWEST:
            decimals, count = Counter(len(match[2]) for match in found).most_common(1)[0]
            if count >= SHARE * len(column):
                point = Counter(match[1] for match in found).most_common(1)[0][0]
                points[col] = point, decimals
    mended = list(cells)
    for place, cell in enumerate(cells):
        parted, form = PARTED.fullmatch(cell.text), points.get(cell.col)
        if parted and form and len(parted[2]) == form[1] and not cell.header and cell.colspan < 2:
            mended[place] = replace(
                cell,
                text=f"{parted[1]}{form[0]}{parted[2]}",
                confidence=min(CONFIDENCE, cell.confidence),
            )
    return mended
