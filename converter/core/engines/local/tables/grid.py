"""From lines of print and rules to the cells of one table, with their spans, step by step.

`pipeline` calls the steps in order. Each takes the table in the making and returns it with more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from itertools import pairwise
from typing import Final

from converter.core.engines.local.fragments.cutting import part_at, part_between_words
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.text_forms import is_numeric
from converter.core.engines.local.tables.columns import find_boundaries, is_overrun
from converter.core.engines.local.tables.confidence import judge
from converter.core.engines.local.tables.date_columns import join_dates
from converter.core.engines.local.tables.draft import Draft, cell_of, layout_of
from converter.core.engines.local.tables.headers import count_header_rows, headings
from converter.core.engines.local.tables.layout import Layout, TableRow, reach_of
from converter.core.engines.local.tables.sections import sections
from converter.core.engines.local.tables.table_rows import find_rows
from converter.core.tables.areas import Area, tile
from converter.core.tables.numerals import parse_numeral

OFTEN: Final = 3


def columns(draft: Draft) -> Draft:
    layout = draft.layout
    return draft.with_columns(find_boundaries(layout.lines, layout.rules.vertical))


def frames(draft: Draft) -> Draft:
    """Without boundaries at the side of a frame that text runs past."""
    layout = draft.layout
    return draft.with_columns(
        x for x in layout.boundaries if not is_overrun(x, layout.lines, layout.rules)
    )


def date_columns(draft: Draft) -> Draft:
    layout = draft.layout
    return draft.with_columns(
        join_dates(layout.lines, layout.boundaries, layout.rules.vertical, reach_of(layout.height))
    )


def joined_numbers(draft: Draft) -> Draft:
    boundaries = draft.layout.boundaries
    parts = [part for item in draft.fragments for part in part_numbers(item, boundaries)]
    return replace(draft, layout=layout_of(parts, draft.layout.rules, boundaries))


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


def rows(draft: Draft) -> Draft:
    return replace(draft, rows=tuple(find_rows(draft.layout)))


def wide_spans(draft: Draft) -> Draft:
    """With spans of what reaches into several columns."""
    return draft.with_spans(
        Area(r, columns[0], r + 1, columns[-1] + 1)
        for r, row in enumerate(draft.rows)
        for columns in (draft.layout.columns_of(item) for line in row for item in line)
    )


def heading_spans(draft: Draft) -> Draft:
    return draft.with_spans(headings(draft.layout, draft.rows))


def ruled_spans(draft: Draft) -> Draft:
    """With spans where ruling lines between others are left out."""
    layout, rows = draft.layout, draft.rows
    if not layout.has_upright_rules:
        return draft.with_spans(_stubs_below_rules(layout, rows))
    across = [] if layout.is_faintly_ruled else _across_rows(layout, rows)
    return draft.with_spans([*across, *_across_columns(layout, rows)])


def section_spans(draft: Draft) -> Draft:
    return draft.with_spans(sections(draft.layout, draft.rows))


def cells(draft: Draft) -> Draft:
    """With areas that tile the grid, and a cell for each."""
    layout, rows = draft.layout, draft.rows
    wide = {span for span in draft.spans if not span.is_single}
    areas = tile(len(rows), len(layout.boundaries) + 1, sorted(wide, key=astuple))
    home = {place: index for index, area in enumerate(areas) for place in area.places()}
    contents: list[list[Fragment]] = [[] for _ in areas]
    for r, row in enumerate(rows):
        for fragment in (item for line in row for item in line):  # in reading order
            contents[home[r, layout.columns_of(fragment)[0]]].append(fragment)
    cells = tuple(map(cell_of, areas, contents))
    return replace(draft, areas=tuple(areas), contents=tuple(contents), cells=cells)


def header(draft: Draft) -> Draft:
    heads = count_header_rows(draft.layout, draft.rows, draft.areas)
    return replace(
        draft, cells=tuple(replace(cell, header=cell.row < heads) for cell in draft.cells)
    )


def confidence(draft: Draft) -> Draft:
    judged = judge(draft.cells, draft.contents, draft.layout, draft.places)
    return replace(draft, cells=tuple(judged))


def _stubs_below_rules(layout: Layout, rows: Sequence[TableRow]) -> list[Area]:
    """Rules that leave out the first column time and again: what is there goes on below."""
    all_but_first = [False, *[True] * len(layout.boundaries)]
    stubs = [
        Area(r, 0, r + 2, 1)
        for r, (upper, lower) in enumerate(pairwise(rows))
        if 0 not in _filled(layout, lower) and _walls_between(layout, upper, lower) == all_but_first
    ]
    return stubs if len(stubs) >= OFTEN else []


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
