"""One table's lines of print, column boundaries and rules: what its rows and spans follow from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_forms import YEAR, is_numeric
from converter.core.engines.local.page.text_lines import PrintLine
from converter.core.tables.model import Cell

TableRow = Sequence[PrintLine]
"""The lines of print that make one row of the table."""

FAINT: Final = 0.2
"""Of the horizontal rules among upright ones: if more are faint, all may have gaps."""


def is_body(line: PrintLine) -> bool:
    """Whether a line holds numbers, and not the years that a header may hold."""
    values = [fragment.text for fragment in line[1:]]
    if not values or all(YEAR.match(value) for value in values):
        return False
    return sum(is_numeric(value) for value in values) >= 0.5 * len(values)


def reach_of(height: float) -> float:
    """How far upright rules may be from a boundary between columns of print of this height."""
    return max(4.0, 0.25 * height)


@dataclass(frozen=True, slots=True)
class Layout:
    """`left` and `right` are the sides of the table's text; `boundaries` lie between columns.

    `height` is the usual height of a line.
    """

    lines: tuple[PrintLine, ...]
    boundaries: tuple[float, ...]
    rules: RulingLines
    left: float
    right: float
    height: float = field(init=False)

    def __post_init__(self) -> None:
        height = line_height(fragment.box for line in self.lines for fragment in line)
        object.__setattr__(self, "height", height)

    @property
    def edges(self) -> list[float]:
        """The sides of all columns: one more than there are columns."""
        return [self.left, *self.boundaries, self.right]

    def columns_of(self, fragment: Fragment) -> range:
        """The columns that a fragment reaches into."""
        left, top, right, bottom = fragment.box  # asked for some 20 times per cell
        reach = min(max(4.0, 0.25 * (bottom - top)), (right - left) / 3)
        first = bisect_left(self.boundaries, left + reach)
        last = bisect_left(self.boundaries, right - reach)
        return range(first, max(first, last) + 1)

    def by_column(self, line: PrintLine) -> dict[int, Fragment]:
        """The fragments of a line by the column in which they begin."""
        return {self.columns_of(fragment)[0]: fragment for fragment in line}

    def text_spans(self, below: float = float("-inf")) -> list[tuple[float, float]]:
        """For each column, from where to where its own text reaches, in the lines `below`."""
        spans: dict[int, tuple[float, float]] = {}
        for fragment in (item for line in self.lines for item in line):
            if fragment.middle <= below:
                continue
            columns = self.columns_of(fragment)
            if len(columns) == 1:
                left, right = spans.get(columns[0], (fragment.box.left, fragment.box.right))
                spans[columns[0]] = (min(left, fragment.box.left), max(right, fragment.box.right))
        sides = zip(self.edges, self.edges[1:], strict=False)
        return [spans.get(column, side) for column, side in enumerate(sides)]

    def rules_between(self, upper: float, lower: float) -> list[RulingLine]:
        """Horizontal rules between two heights."""
        return [rule for rule in self.rules.horizontal if upper < rule.at < lower]

    def rules_at(self, boundary: float) -> list[RulingLine]:
        """Vertical rules on a column boundary."""
        reach = reach_of(self.height)
        return [rule for rule in self.rules.vertical if abs(rule.at - boundary) <= reach]

    @property
    def has_upright_rules(self) -> bool:
        return any(self.rules_at(boundary) for boundary in self.boundaries)

    @property
    def is_faintly_ruled(self) -> bool:
        """Whether many horizontal rules are dotted, or end between upright ones as those do.

        Where such a rule is not seen, there may be one all the same.
        """
        if not self.has_upright_rules:
            return False
        rules = self.rules_between(self.lines[0].middle, self.lines[-1].middle)
        faint = [r for r in rules if r.dotted or self._hangs(r.start) or self._hangs(r.end)]
        return len(faint) > FAINT * len(rules)

    def _hangs(self, x: float) -> bool:
        inside = self.left + self.height < x < self.right - self.height
        return inside and all(abs(rule.at - x) > self.height for rule in self.rules.vertical)


def body_columns(cells: Sequence[Cell]) -> Mapping[int, Sequence[Cell]]:
    """The cells with text of each column that has any, without headings and what spans columns."""
    columns: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.text and not cell.header and cell.colspan == 1:
            columns.setdefault(cell.col, []).append(cell)
    return columns
