"""Which lines of print form one row of a table: by rules, numbers and wrapped sentences."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

import numpy as np

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.text_forms import is_numeric
from converter.core.engines.local.page.text_lines import PrintLine, breaks_before
from converter.core.engines.local.tables.headers import header_lines, heading_columns
from converter.core.engines.local.tables.layout import Layout
from converter.core.engines.local.tables.sections import first_title

TIGHT: Final = 1.35  # by the tightest line pitch: the largest pitch of lines in one cell
BEHIND: Final = re.compile(r"^[^(\[]*\d[^(\[]*[(\[].*[)\]]\S?$")
BRACKETS: Final = re.compile(r"^[(\[][^a-zA-Z]*\d[^a-zA-Z]*[)\]]\S?$")
OFTEN: Final = 0.3  # of the numbers of a table have brackets after them


def find_rows(layout: Layout) -> list[list[PrintLine]]:
    """The lines of print of each row of the table, from top to bottom."""
    if not layout.lines:
        return []
    judge = _Judge(layout)
    rows: list[list[PrintLine]] = [[layout.lines[0]]]
    for index, (upper, lower) in enumerate(pairwise(layout.lines)):
        apart = max(stacked_numbers(layout, line, lower) for line in rows[-1])
        if judge.joins(index, upper, lower, apart):
            rows[-1].append(lower)
        else:
            rows.append([lower])
    return rows


class _Judge:
    """Knows the table as a whole and decides about two lines at a time."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.ruled = rows_are_ruled(layout) and not layout.is_faintly_ruled
        self.header = header_lines(layout)
        self.title = first_title(layout)
        self.tightest = tightest_pitch(layout)
        self.even = is_evenly_set(layout, self.tightest)
        self.with_brackets = has_brackets_behind(layout)
        self.rights = [right for _, right in layout.text_spans()]

    def joins(self, index: int, upper: PrintLine, lower: PrintLine, stacked: int) -> bool:
        """Whether the lines `index` and `index + 1` belong to one row.

        `stacked` is the number of columns in which a number would be above a number.
        """
        if index + 1 == self.title or is_divided(self.layout, upper, lower):
            return False
        if self.ruled and (self.layout.has_upright_rules or index >= self.header):
            return stacked < 2
        pitch = lower.middle - upper.middle
        if pitch < 0.75 * self.tightest:
            return stacked == 0
        if pitch > TIGHT * self.tightest:
            return False
        if index + 1 < self.header:
            # headings over several columns of the next line are a row of their own
            spans = (heading_columns(self.layout, item, [upper], [lower]) for item in upper)
            return all(len(columns) <= 1 for columns in spans)
        brackets = self.with_brackets and is_in_brackets(self.layout, upper, lower)
        return brackets or (stacked == 0 and self._continues(upper, lower))

    def _continues(self, upper: PrintLine, lower: PrintLine) -> bool:
        """Whether each fragment of `lower` continues a sentence that `upper` has no room for."""
        above, below = self.layout.by_column(upper), self.layout.by_column(lower)
        if not set(below) <= set(above):
            return False
        if 0 in below and len(below) > 1:
            open_ends = ("-", ",", " of", " and")
            return all(
                " " in above[c].text
                and (below[c].text[:1].islower() or above[c].text.endswith(open_ends))
                for c in below
            )
        if len(below) == 1 and (self.even or self.title is not None):
            column = next(iter(below))
            if _begins_anew(above[column], below[column]) and (
                column == 0 or is_numeric(above[column].text)
            ):
                return False
        for c, item in below.items():
            is_value = is_numeric(item.text) and not is_numeric(above[c].text)
            if is_value or item.box.left < above[c].box.left - 0.4 * above[c].box.height:
                return False
        return all(breaks_before(below[c], above[c], self.rights[c]) for c in below)


def rows_are_ruled(layout: Layout) -> bool:
    """Whether the table has a rule or a change of colour below each row."""
    bands: list[list[PrintLine]] = [[layout.lines[0]]]
    for upper, lower in pairwise(layout.lines):
        if is_divided(layout, upper, lower):
            bands.append([lower])
        else:
            bands[-1].append(lower)
    if len(bands) < 3 or not (layout.has_upright_rules or is_banded(layout)):
        return False
    stacked = sum(any(stacked_numbers(layout, *pair) for pair in pairwise(band)) for band in bands)
    return stacked <= len(bands) * 0.2


def is_banded(layout: Layout) -> bool:
    """Whether rows have alternating colours over the whole height of the table."""
    edges = [band.at for band in layout.rules.bands]
    top, bottom = layout.lines[0].middle, layout.lines[-1].middle
    inside = [at for at in edges if top < at < bottom]
    if len(inside) < 3:
        return False
    heights = np.diff([*inside, bottom + layout.height / 2])
    return float(heights.max()) < 4 * float(np.median(heights))


def is_divided(layout: Layout, upper: PrintLine, lower: PrintLine) -> bool:
    """Whether a rule or an edge between two colours separates two lines of print.

    A rule must run along one column at least.
    """
    top, bottom = upper.middle, lower.middle
    if any(top < band.at < bottom for band in layout.rules.bands):
        return True
    between = layout.rules_between(top, bottom)
    return any(rule.covers(*side) > 0.6 for side in pairwise(layout.edges) for rule in between)


def tightest_pitch(layout: Layout) -> float:
    """The pitch in pixels of the closest lines in one column.

    Lines of the page may be closer: text beside wrapped text may be level with a gap of its lines.
    """
    columns: dict[int, list[float]] = {}
    for fragment in (item for line in layout.lines for item in line):
        columns.setdefault(layout.columns_of(fragment)[0], []).append(fragment.middle)
    pitches = np.concatenate([np.diff(sorted(middles)) for middles in columns.values()])
    apart = pitches[pitches > 0.5 * layout.height]
    return float(np.percentile(apart, 10)) if len(apart) else layout.height


def is_evenly_set(layout: Layout, tightest: float) -> bool:
    """Whether nearly all lines are as close as the tightest, so that distance decides nothing."""
    pitches = np.diff([line.middle for line in layout.lines])
    return float(np.mean(pitches < 1.15 * tightest)) > 0.8 if len(pitches) else False


def stacked_numbers(layout: Layout, upper: PrintLine, lower: PrintLine) -> int:
    """The number of columns in which a number is above a number."""
    above, below = layout.by_column(upper), layout.by_column(lower)
    shared = above.keys() & below.keys()
    return sum(is_numeric(above[c].text) and is_numeric(below[c].text) for c in shared)


def has_brackets_behind(layout: Layout) -> bool:
    """Whether many of a table's numbers are followed by another in brackets."""
    numbers = [item.text for line in layout.lines for item in line if is_numeric(item.text)]
    return sum(bool(BEHIND.match(text)) for text in numbers) > OFTEN * max(1, len(numbers))


def is_in_brackets(layout: Layout, upper: PrintLine, lower: PrintLine) -> bool:
    """Whether `lower` holds only brackets that `upper` has no room for after its numbers."""
    above = layout.by_column(upper)
    return all(
        BRACKETS.match(item.text)
        and (over := above.get(layout.columns_of(item)[0])) is not None
        and is_numeric(over.text)
        and not over.text.rstrip().endswith((")", "]"))
        for item in lower
    )


def _begins_anew(upper: Fragment, lower: Fragment) -> bool:
    """Whether `lower` looks like a title of its own rather than the rest of `upper`."""
    if is_numeric(upper.text):
        return not is_numeric(lower.text)
    open_end = upper.text.endswith(("-", ",", "&", "/", " of", " and", " or", " the", " in"))
    return lower.text[:1].isupper() and not open_end
