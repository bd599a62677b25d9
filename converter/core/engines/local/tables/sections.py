"""Titles of sections inside a table: lines of their own over all its columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Final

from converter.core.engines.local.page.text_forms import is_numeric
from converter.core.engines.local.page.text_lines import PrintLine
from converter.core.engines.local.tables.layout import Layout, TableRow, is_body
from converter.core.tables.areas import Area

FEWEST: Final = 3  # columns: in a table of two, a row without a value looks the same
OFTEN: Final = 2  # titles at least


def first_title(layout: Layout) -> int | None:
    """The line with which the first section of a table begins; None if it has no sections.

    Lines of only words are titles if one of them begins the body and others follow; otherwise they
    may be rows without values.
    """
    if layout.has_upright_rules or len(layout.boundaries) + 1 < FEWEST:
        return None
    titles = [
        index
        for index, (line, below) in enumerate(pairwise(layout.lines))
        if index and _is_title(layout, line, below)
    ]
    above = len(list(takewhile(lambda line: not is_body(line), layout.lines)))
    return titles[0] if len(titles) >= OFTEN and titles[0] < above else None


def sections(layout: Layout, rows: Sequence[TableRow]) -> list[Area]:
    """The titles of sections, each over the whole width of the table."""
    first, width = first_title(layout), len(layout.boundaries) + 1
    if first is None:
        return []
    begin = layout.lines[first]
    return [
        Area(r, 0, r + 1, width)
        for r, (upper, lower) in enumerate(pairwise(rows))
        if upper[0][0].middle >= begin[0].middle
        and len(upper) == 1
        and _is_title(layout, upper[0], lower[0])
    ]


def _is_title(layout: Layout, line: PrintLine, below: PrintLine) -> bool:
    """Whether a line is only words, at the left or centred, that `below` does not continue."""
    if len(line) > 1 or is_numeric(line[0].text) or below[0].text[:1].islower():
        return False
    if layout.columns_of(line[0])[0] == 0:
        return True
    rule = max(layout.rules.horizontal, key=lambda item: item.length, default=None)
    middles = [(layout.left + layout.right) / 2, *([(rule.start + rule.end) / 2] if rule else [])]
    return any(abs(line[0].centre - middle) < layout.height for middle in middles)
