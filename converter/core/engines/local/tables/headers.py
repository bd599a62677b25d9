"""Where a table's header ends, and which columns a heading spans."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Final

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.text_lines import PrintLine
from converter.core.engines.local.tables.layout import Layout, TableRow, is_body
from converter.core.engines.local.tables.sections import first_title
from converter.core.tables.areas import Area

WIDE: Final = 0.75
"""A rule along this share of the table's width closes a header rather than a heading."""


def header_lines(layout: Layout) -> int:
    """How many lines of print at the top belong to the header, by rules, numbers and titles."""
    lines, title = layout.lines, first_title(layout)
    body = next((i for i, line in enumerate(lines) if is_body(line)), None)
    count = body if body is not None and body <= len(lines) // 2 else 0
    width = max(1.0, layout.right - layout.left)
    for i, (upper, lower) in enumerate(pairwise(lines), start=1):
        between = layout.rules_between(upper.middle, lower.middle)
        if sum(rule.length for rule in between) > WIDE * width and any(
            rule.covers(layout.left, layout.right) > 0.5 for rule in between
        ):  # the uppermost rule that closes a header
            if i <= max(4, len(lines) // 2):
                count = min(i, body) if body else i
            break
    return count if title is None else min(count, title)


def count_header_rows(layout: Layout, rows: Sequence[TableRow], areas: Sequence[Area]) -> int:
    """How many rows of the table are header: all above its end, and what their spans reach."""
    lines, count, seen = header_lines(layout), 0, 0
    while count < len(rows) and seen < lines:
        seen += len(rows[count])
        count += 1
    if count == 0:
        return 0
    for area in areas:
        n_cols = len(layout.boundaries) + 1
        if area.top < count and 1 < area.right - area.left < n_cols:
            count = max(count, area.bottom + 1)
        elif area.top < count:
            count = max(count, area.bottom)
    return count if count < len(rows) else min(count, 1)


def headings(layout: Layout, rows: Sequence[TableRow]) -> list[Area]:
    """Areas of the headings that span several columns without reaching into all of them."""
    top = header_lines(layout)
    found: list[Area] = []
    seen = 0
    for r, (upper, lower) in enumerate(pairwise(rows)):
        seen += len(upper)
        if seen > max(1, top):
            break
        above = rows[r - 1] if r else None
        for fragment in (item for line in upper for item in line):
            columns = heading_columns(layout, fragment, upper, lower, above)
            found.append(Area(r, columns[0], r + 1, columns[-1] + 1))
    return found


def heading_columns(
    layout: Layout,
    fragment: Fragment,
    own: TableRow,
    lower: TableRow,
    upper: TableRow | None = None,
) -> range:
    """The columns that a `fragment` of the row `own` heads: at least those it reaches into."""
    spans = _along_rule(layout, fragment, own, (own[-1], lower[0]))
    if upper:
        spans = max(spans, _along_rule(layout, fragment, own, (upper[-1], own[0])), key=len)
    if len(spans) > 1 or all(layout.rules_at(x) for x in layout.boundaries):
        return spans
    filled = {c for line in lower for item in line for c in layout.columns_of(item)}
    return _even_group(layout, fragment, own, filled) or _centred(layout, fragment, own, filled)


def _even_group(
    layout: Layout, fragment: Fragment, own: TableRow, filled: set[int]
) -> range | None:
    """The columns of a heading among several that each are over equally many `filled` columns."""
    heads = [item for line in own for item in line if layout.columns_of(item)[-1] > 0]
    if len(own) > 1 or len(heads) < 2 or fragment not in heads:
        return None
    spans = layout.text_spans(below=max(line.bottom for line in own))
    for size in range((len(spans) - 1) // len(heads), 1, -1):
        runs = [range(first, first + size) for first in range(1, len(spans) - size + 1)]
        # each head over the columns whose common middle is nearest to its own
        groups = [min(runs, key=partial(_offset, head, spans)) for head in heads]
        if (
            all(_offset(h, spans, g) < h.box.height for h, g in zip(heads, groups, strict=True))
            and all(left[-1] < right[0] for left, right in pairwise(groups))
            and all(map(filled.issuperset, groups))
        ):
            return groups[heads.index(fragment)]
    return None


def _offset(head: Fragment, spans: Sequence[tuple[float, float]], columns: range) -> float:
    return abs(head.centre - (spans[columns[0]][0] + spans[columns[-1]][1]) / 2)


def _along_rule(
    layout: Layout, fragment: Fragment, row: TableRow, between: tuple[PrintLine, PrintLine]
) -> range:
    """The columns along a short rule that has this fragment alone."""
    columns = layout.columns_of(fragment)
    rules = [
        rule
        for rule in layout.rules_between(*(line.middle for line in between))
        if rule.covers(fragment.box.left, fragment.box.right) > 0.5
        and rule.covers(layout.left, layout.right) < WIDE
    ]
    if not rules:
        return columns
    rule = min(rules, key=lambda item: item.length)
    along = [
        c for c, (start, end) in enumerate(layout.text_spans()) if rule.covers(start, end) > 0.5
    ]
    reached = range(min([*columns, *along]), max([*columns, *along]) + 1)
    others = _taken(layout, row, fragment)
    return columns if others & set(reached) else reached


def _taken(layout: Layout, row: TableRow, fragment: Fragment) -> set[int]:
    """The columns of the other fragments of a row, but for those right above or below."""
    own = set(layout.columns_of(fragment))
    others = (item for line in row for item in line)
    return {c for item in others for c in layout.columns_of(item)} - own


def _centred(layout: Layout, fragment: Fragment, row: TableRow, filled: set[int]) -> range:
    """The `filled` columns over whose middle a heading is better centred than over its own."""
    spans = layout.text_spans(below=max(fragment.box.bottom, row[-1].middle))
    own = layout.columns_of(fragment)
    free = filled - _taken(layout, row, fragment)
    first, last = own[0], own[-1]
    while first - 1 in free:
        first -= 1
    while last + 1 in free:
        last += 1
    groups = [range(a, b + 1) for a in range(first, own[0] + 1) for b in range(own[-1], last + 1)]
    offsets = [_offset(fragment, spans, group) for group in groups]
    least, height = min(offsets), fragment.box.height
    clearly = least < 0.6 * height and _offset(fragment, spans, own) > 1.2 * height
    return groups[offsets.index(least)] if clearly else own
