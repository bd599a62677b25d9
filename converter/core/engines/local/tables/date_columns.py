"""Day, month and year in narrow columns of a form under one heading: a date in one column."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from converter.core.engines.local.page.ruling_lines import RulingLine
from converter.core.engines.local.page.text_lines import PrintLine

LABELS: Final = (
    frozenset({"day", "tag", "jour", "giorno", "día", "dia", "dag"}),
    frozenset({"month", "monat", "mois", "mese", "mes", "mês", "maand", "måned"}),
    frozenset({"year", "jahr", "année", "anno", "año", "ano", "jaar", "år"}),
)
"""What the columns of a date are called, in the order in which forms have them."""
PAIRS: Final = (
    ([True, True, False], [False, False, True]),
    ([True, False, False], [False, True, True]),
)
"""Two columns that hold all three."""
KNOWN: Final = 2  # of the three labels: one may be misread


def join_dates(
    lines: Sequence[PrintLine],
    boundaries: Sequence[float],
    vertical: Sequence[RulingLine],
    reach: float,
) -> list[float]:
    """The boundaries between columns of these lines, but for those inside of dates.

    Ruling lines within `reach` of those must all begin below the heading that a date's parts share.
    """
    inner: set[float] = set()
    for index, line in enumerate(lines):
        for columns in _date_columns(line, boundaries):
            parts = boundaries[columns[0] : columns[-1]]
            beginnings = [
                rule.start for rule in vertical for x in parts if abs(rule.at - x) <= reach
            ]
            above = [
                item.middle
                for upper in lines[:index]
                for item in upper
                if bisect(boundaries, item.centre) in columns
            ]
            if above and beginnings and min(beginnings) > max(above):
                inner.update(parts)
    return [x for x in boundaries if x not in inner]


def _date_columns(line: PrintLine, boundaries: Sequence[float]) -> list[range]:
    """The columns that a line of labels calls days, months and years; two if one rule is faint."""
    named: dict[int, set[str]] = {}
    for item in line:
        words = re.findall(r"[^\W\d_]+", item.text.lower())
        named.setdefault(bisect(boundaries, item.centre), set()).update(words)
    kinds = [
        [bool(labels & named.get(column, set())) for labels in LABELS]
        for column in range(len(boundaries) + 1)
    ]
    threes = [
        range(first, first + 3)
        for first, parts in enumerate(zip(kinds, kinds[1:], kinds[2:], strict=False))
        if sum(part[i] for i, part in enumerate(parts)) >= KNOWN
    ]
    twos = [
        range(first, first + 2)
        for first, (left, right) in enumerate(pairwise(kinds))
        if (left, right) in PAIRS
    ]
    return threes + twos
