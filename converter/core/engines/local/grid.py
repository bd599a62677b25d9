"""From lines of print and rules to the cells of one table, with their spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from itertools import pairwise
from typing import Final

from converter.core.engines.local.boxes import line_height
from converter.core.engines.local.columns import find_boundaries, is_overrun
from converter.core.engines.local.confidence import judge
from converter.core.engines.local.contradictions import doubt_contradicted
from converter.core.engines.local.cutting import part_at, part_between_words
from converter.core.engines.local.date_columns import join_dates
from converter.core.engines.local.decimal_points import mend_points
from converter.core.engines.local.fragments import Fragment, box_around, join_text
from converter.core.engines.local.headers import count_header_rows, headings
from converter.core.engines.local.layout import Layout, TableRow, reach_of
from converter.core.engines.local.ruling_lines import RulingLines
from converter.core.engines.local.sections import sections
from converter.core.engines.local.stubs import mark_stubs
from converter.core.engines.local.table_rows import find_rows
from converter.core.engines.local.text_forms import is_numeric
from converter.core.engines.local.text_lines import group_lines
from converter.core.tables.areas import Area, tile
from converter.core.tables.model import Cell, Table
from converter.core.tables.numerals import parse_numeral

OFTEN: Final = 3


def build_table(fragments: Sequence[Fragment], rules: RulingLines) -> Table:
    """The table that these fragments (one at least) and rules make up."""
    lines = group_lines(fragments)
    found = find_boundaries(lines, rules.vertical)
    inside = [x for x in found if not is_overrun(x, lines, rules)]
    reach = reach_of(line_height(fragment.box for fragment in fragments))
    boundaries = join_dates(lines, inside, rules.vertical, reach)
    fragments = [part for item in fragments for part in part_numbers(item, boundaries)]
    box = box_around(fragments)
    layout = Layout(
        lines=tuple(group_lines(fragments)),
        boundaries=tuple(boundaries),
        rules=rules,
        left=box.left,
        right=box.right,
    )
    rows = find_rows(layout)
    areas = find_areas(layout, rows)
    heads = count_header_rows(layout, rows, areas)
    home = {place: index for index, area in enumerate(areas) for place in area.places()}
    contents: list[list[Fragment]] = [[] for _ in areas]
    for r, row in enumerate(rows):
        for fragment in (item for line in row for item in line):  # in reading order
            contents[home[r, layout.columns_of(fragment)[0]]].append(fragment)
    cells = [
        Cell(
            row=area.top,
            col=area.left,
            rowspan=area.bottom - area.top,
            colspan=area.right - area.left,
            text=join_text(content),
            box=box_around(content) if content else None,
            header=area.top < heads,
        )
        for area, content in zip(areas, contents, strict=True)
    ]
    cells = doubt_contradicted(mend_points(judge(cells, contents, layout)))
    return Table(tuple(mark_stubs(cells, layout.height)), box)


def part_numbers(fragment: Fragment, boundaries: Sequence[float]) -> list[Fragment]:
    """Numbers of neighbouring columns that were read as one text, taken apart.

    The box of a number beside a boundary, but for specks of its rule, ends there.
    """
    reach = fragment.box.height / 4
    left, right = fragment.box.left + reach, fragment.box.right - reach
    crossed = [x for x in boundaries if left < x < right]
    if not crossed:
        return [fragment]
    parts = part_between_words(fragment, crossed)
    if len(parts) > 1 and all(is_numeric(part.text) for part in parts):
        return parts
    parts = [
        replace(part, text=part.text.strip(" .,|"))  # specks of a rule
        for part in part_at(fragment, crossed)
    ]
    if len(parts) > 1 and parse_numeral(fragment.text):
        return [fragment]
    return parts if all(parse_numeral(part.text) for part in parts) else [fragment]


def find_areas(layout: Layout, rows: Sequence[TableRow]) -> list[Area]:
    """Rectangles that tile the grid: one for each cell."""
    spans = headings(layout, rows)
    for r, row in enumerate(rows):
        for fragment in (item for line in row for item in line):
            columns = layout.columns_of(fragment)
            spans.append(Area(r, columns[0], r + 1, columns[-1] + 1))
    if layout.has_upright_rules:
        spans += [] if layout.is_faintly_ruled else _across_rows(layout, rows)
        spans += _across_columns(layout, rows)
    else:
        # rules that leave out the first column time and again: what is there goes on below
        all_but_first = [False, *[True] * len(layout.boundaries)]
        stubs = [
            Area(r, 0, r + 2, 1)
            for r, (upper, lower) in enumerate(pairwise(rows))
            if 0 not in _filled(layout, lower)
            and _walls_between(layout, upper, lower) == all_but_first
        ]
        spans += stubs if len(stubs) >= OFTEN else []
        spans += sections(layout, rows)
    wide = {span for span in spans if not span.is_single}
    return tile(len(rows), len(layout.boundaries) + 1, sorted(wide, key=astuple))


def _across_rows(layout: Layout, rows: Sequence[TableRow]) -> list[Area]:
    """A rule below some cells of a row alone: the others go on into the next row."""
    areas = []
    for r, (upper, lower) in enumerate(pairwise(rows)):
        walls = _walls_between(layout, upper, lower)
        filled = _filled(layout, upper) | _filled(layout, lower)
        if any(walls):
            areas += [
                Area(r, c, r + 2, c + 1) for c, wall in enumerate(walls) if not wall and c in filled
            ]
    return areas


def _walls_between(layout: Layout, upper: TableRow, lower: TableRow) -> list[bool]:
    """For each column, whether a rule runs between two rows."""
    between = layout.rules_between(upper[-1].middle, lower[0].middle)
    return [any(rule.covers(*side) > 0.5 for rule in between) for side in pairwise(layout.edges)]


def _across_columns(layout: Layout, rows: Sequence[TableRow]) -> list[Area]:
    """A vertical rule that leaves out a row: what is there goes on over the boundary."""
    areas = []
    upright = [layout.rules_at(x) for x in layout.boundaries]
    for r, row in enumerate(rows):
        top, bottom = row[0].top, row[-1].bottom
        # whether a rule of each boundary is beside the row; None where it has none anywhere
        walls = [
            any(rule.covers(top, bottom) > 0.5 for rule in rules) if rules else None
            for rules in upright
        ]
        if not any(walls) and not all(wall is False for wall in walls):
            continue
        starts = [0, *(c for c, wall in enumerate(walls, start=1) if wall is not False)]
        placed = [(layout.columns_of(item), item) for line in row for item in line]
        for start, end in pairwise([*starts, len(walls) + 1]):
            held = [(columns, item) for columns, item in placed if start <= columns[0] < end]
            if len({columns[0] for columns, _ in held}) == 1 and not _is_at_home(
                layout, held, range(start, end)
            ):
                areas.append(Area(r, start, r + 1, end))
    return areas


def _is_at_home(layout: Layout, held: Sequence[tuple[range, Fragment]], run: range) -> bool:
    """Whether all that a run of columns has `held` is in one of them, off their middle.

    It keeps its place, as the rule beside it has only faded; words in the first column may run on.
    """
    (columns, fragment), *others = held
    if others or len(columns) > 1:
        return False
    if columns[0] == run[0] and not is_numeric(fragment.text):
        return False
    middle = (layout.edges[run[0]] + layout.edges[run[-1] + 1]) / 2
    return abs(fragment.centre - middle) > 0.5 * layout.height


def _filled(layout: Layout, row: TableRow) -> set[int]:
    return {layout.columns_of(item)[0] for line in row for item in line}
