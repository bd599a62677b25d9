"""Day, month and year in narrow columns of a form under one heading: a date in one column."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from typing import Final

from converter.core.engines.local.rows import Row
from converter.core.engines.local.rules import Rule

LABELS: Final = (
    frozenset({"day", "tag", "jour", "giorno", "día", "dia", "dag"}),
    frozenset({"month", "monat", "mois", "mese", "mes", "mês", "maand", "måned"}),
    frozenset({"year", "jahr", "année", "anno", "año", "ano", "jaar", "år"}),
)
"""What the columns of a date are called, in the order in which forms have them."""
KNOWN: Final = 2  # of the three labels: one may be misread


def join_dates(
    rows: Sequence[Row], boundaries: Sequence[float], vertical: Sequence[Rule], reach: float
) -> list[float]:
    """The boundaries between columns of these lines, but for those inside of dates.

    Rules within `reach` of those must all begin below the heading that a date's parts share.
    """
    inner: set[float] = set()
    for index, row in enumerate(rows):
        for first in _first_columns(row, boundaries):
            parts = boundaries[first : first + 2]
            beginnings = [
                rule.start for rule in vertical for x in parts if abs(rule.at - x) <= reach
            ]
            heading = _heading(rows[:index], boundaries, first)
            if heading is not None and beginnings and min(beginnings) > heading:
                inner.update(parts)
    return [x for x in boundaries if x not in inner]


def _first_columns(row: Row, boundaries: Sequence[float]) -> list[int]:
    """The columns of days beside which, in a line of labels, months and years stand."""
    named: dict[int, set[str]] = {}
    for item in row:
        words = re.findall(r"[^\W\d_]+", item.text.lower())
        named.setdefault(bisect(boundaries, item.centre), set()).update(words)
    return [
        first
        for first in range(len(boundaries) - 1)
        if sum(bool(labels & named.get(first + i, set())) for i, labels in enumerate(LABELS))
        >= KNOWN
    ]


def _heading(above: Sequence[Row], boundaries: Sequence[float], first: int) -> float | None:
    """The middle of the lowest text above the three columns from the `first` on."""
    columns = range(first, first + 3)
    over = [i.middle for row in above for i in row if bisect(boundaries, i.centre) in columns]
    return max(over, default=None)
