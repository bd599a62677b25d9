"""Which lines of print are tables: runs of lines with columns, and lines that rules add to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from converter.core.engines.local.fragments.leaders import is_contents
from converter.core.engines.local.page.fragments import Fragment, box_around
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_forms import is_numeric
from converter.core.engines.local.page.text_lines import PrintLine, group_lines
from converter.core.engines.local.tables.running_text import is_running_text
from converter.core.engines.local.tables.table_breaks import column_gutter, find_breaks, is_caption
from converter.core.engines.local.tables.titles import inside_rules

FAR: Final = 3.0  # by the median line pitch: a larger distance separates two tables
LONG: Final = 45  # characters: a line of running text has more
GAP: Final = 0.8  # by the line's height: the least gap between two columns of a line
PATIENCE: Final = 3  # most lines in a row without columns inside a table without rules


@dataclass(frozen=True, slots=True)
class Region:
    """The fragments of one table and the ruling lines through or around them."""

    fragments: tuple[Fragment, ...]
    rules: RulingLines


def find_regions(
    fragments: Sequence[Fragment], rules: RulingLines
) -> tuple[list[Region], list[Fragment]]:
    """Split a page's fragments into tables, from the top, and fragments that belong to none."""
    regions: list[Region] = []
    loose: list[Fragment] = []
    for part in side_by_side(fragments, rules):
        lines = group_lines(part)
        taken: set[int] = set()
        for start, end in _runs(lines, rules):
            above = lines[start - 1] if start else PrintLine()
            found = _tables(lines[start:end], rules, above)
            regions += found
            if found:
                taken.update(range(start, end))
                inside = {id(fragment) for table in found for fragment in table.fragments}
                loose += [x for line in lines[start:end] for x in line if id(x) not in inside]
        loose += [item for i, line in enumerate(lines) if i not in taken for item in line]
    return sorted(regions, key=lambda item: box_around(item.fragments).top), loose


def _runs(lines: Sequence[PrintLine], rules: RulingLines) -> Iterator[tuple[int, int]]:
    """Stretches of lines (start, end excluded) that may be one table, or tables side by side."""
    for start, end in _Scan(lines, rules).runs():
        breaks = find_breaks(lines[start:end], rules)
        for first, last in pairwise([0, *breaks, end - start]):
            captions = 1 if is_caption(lines[start + first]) else 0
            upper, lower = start + first + captions, start + last
            if upper < lower:
                top, bottom = inside_rules(
                    lines[upper:lower], _region(lines[upper:lower], rules).rules
                )
                yield upper + top, upper + bottom


def _tables(lines: Sequence[PrintLine], rules: RulingLines, above: PrintLine) -> list[Region]:
    """The table that these lines form, or the tables side by side; `above` is the line before."""
    region = _region(lines, rules)
    ruled = any(divides(rule, lines) for rule in region.rules.vertical)
    if not ruled and is_contents(lines, rules.leaders, above):
        return []
    x = column_gutter(lines, region.rules)
    if x is None:
        return [region] if is_table(region) else []
    left = [item for item in region.fragments if item.centre < x]
    right = [item for item in region.fragments if item.centre >= x]
    return [table for side in (left, right) for table in find_regions(side, rules)[0]]


def _region(lines: Sequence[PrintLine], rules: RulingLines) -> Region:
    """The fragments of these lines and the ruling lines that run through or around them."""
    members = tuple(fragment for line in lines for fragment in line)
    left, top, right, bottom = box_around(members)
    margin = max(fragment.box.height for fragment in members)
    horizontal = tuple(
        rule
        for rule in rules.horizontal
        if top - margin < rule.at < bottom + margin and rule.covers(left, right) > 0
    )
    vertical = tuple(
        rule
        for rule in rules.vertical
        if left - margin < rule.at < right + margin and rule.covers(top, bottom) > 0
    )
    return Region(members, RulingLines(horizontal, vertical, leaders=rules.leaders))


def side_by_side(fragments: Sequence[Fragment], rules: RulingLines) -> list[list[Fragment]]:
    """A list of fragments for each of several stacks of rules side by side; else a single list."""
    stacks: list[list[RulingLine]] = []
    for rule in sorted(rules.horizontal, key=lambda item: -item.length):
        home = next((s for s in stacks if rule.covers(s[0].start, s[0].end) > 0), None)
        if home is None:
            stacks.append([rule])
        else:
            home.append(rule)
    heads = sorted((s[0] for s in stacks if len(s) > 1), key=lambda item: item.start)
    if len(heads) < 2:
        return [list(fragments)]
    # the two largest stacks must share some height of the page
    first, second = ([rule.at for rule in stack] for stack in sorted(stacks, key=len)[-2:])
    if min(max(first), max(second)) <= max(min(first), min(second)):
        return [list(fragments)]
    parts: list[list[Fragment]] = [[] for _ in heads]
    for fragment in fragments:
        nearest = min(
            range(len(heads)),
            key=lambda i: max(heads[i].start - fragment.centre, fragment.centre - heads[i].end, 0),
        )
        parts[nearest].append(fragment)
    return [part for part in parts if part]


def is_table(region: Region) -> bool:
    """Whether lines with columns are a table, not running text with accidental gaps."""
    lines = group_lines(region.fragments)
    filled = [line for line in lines if len(line) > 1]
    if len(lines) < 2 or len(filled) < 2:
        return False
    if any(divides(rule, lines) for rule in region.rules.vertical):
        return True
    if sum(map(_is_prose, lines)) > 0.5 * len(lines):
        return False
    if len(region.rules.horizontal) > 1:
        return True
    if is_running_text(lines):
        return False
    cells = [fragment for line in filled for fragment in line]
    numbers = sum(is_numeric(fragment.text) for fragment in cells) / len(cells)
    length = float(np.mean([len(fragment.text) for fragment in cells]))
    return numbers > 0.25 or (len(filled) > 2 and length < 25)


def divides(rule: RulingLine, lines: Sequence[PrintLine]) -> bool:
    """Whether a vertical rule has text on both sides, unlike one in the margin of a page."""
    for line in lines:
        if rule.covers(line.top, line.bottom) > 0.5:
            sides = {fragment.centre < rule.at for fragment in line}
            if len(sides) == 2:
                return True
    return False


class _Scan:
    """Walks down the lines of one part of a page."""

    def __init__(self, lines: Sequence[PrintLine], rules: RulingLines) -> None:
        self.lines = lines
        self.rules = rules
        self.inner = [rule for rule in rules.vertical if divides(rule, lines)]
        self.columned = []
        for line in lines:
            # a bullet or a number before a sentence is no column
            is_item = len(line) == 2 and len(line[0].text) <= 4 and len(line[1].text) > LONG
            gaps = (
                right.box.left - left.box.right > GAP * min(left.box.height, right.box.height)
                for left, right in pairwise(line)
            )
            self.columned.append(not is_item and any(gaps))
        pitches = np.diff([line.middle for line in lines])
        heights = [line.height for line in lines]
        self.pitch = max(
            float(np.median(pitches)) if len(lines) > 1 else 0.0, max(heights, default=0)
        )

    def runs(self) -> list[tuple[int, int]]:
        """Stretches of lines (start, end excluded) that look like tables."""
        found: list[tuple[int, int]] = []
        index = 0
        while index < len(self.lines):
            if not self.columned[index]:
                index += 1
                continue
            last = index
            for place in range(index + 1, len(self.lines)):
                bridged = self._ruled_through(place - 1, place)
                if not bridged and self._gap(place) > FAR * self.pitch:
                    break
                if self.columned[place] or bridged:
                    last = place
                elif _is_prose(self.lines[place]) or place - last > PATIENCE:
                    break
            start = self._grow_up(index, found[-1][1] if found else 0)
            index = self._grow_down(start, last + 1)
            found.append((start, index))
        return found

    def _gap(self, index: int) -> float:
        return self.lines[index].middle - self.lines[index - 1].middle

    def _ruled_through(self, upper: int, lower: int) -> bool:
        top, bottom = self.lines[upper].middle, self.lines[lower].middle
        return any(rule.covers(top, bottom) > 0.9 for rule in self.inner)

    def _grow_up(self, start: int, floor: int) -> int:
        """The start of a run, with the lines above it that horizontal or vertical rules add."""
        for index in range(start - 1, max(floor, start - 4) - 1, -1):
            if is_caption(self.lines[index]):
                break
            above = self.lines[index - 1].middle if index else float("-inf")
            if self._wide_rule(above, self.lines[index].middle, self.lines[start]):
                return index
            if self._ruled_through(index, start):
                start = index
            elif _is_prose(self.lines[index]):
                break
        return start

    def _grow_down(self, start: int, end: int) -> int:
        """The end of a run, with one or two lines below it that a rule or a wrapped cell adds."""
        table = [fragment for line in self.lines[start:end] for fragment in line]
        for index in range(end, min(end + 2, len(self.lines))):
            if _is_prose(self.lines[index]) or self._gap(index) > 1.5 * self.pitch:
                break
            after = index + 1
            below = self.lines[after].middle if after < len(self.lines) else float("inf")
            if self._wide_rule(self.lines[index].middle, below, table):
                return after
            # a lone line close below a cell that is not in the first column continues that cell
            line, *others = self.lines[index]
            if not others and any(
                abs(cell.box.left - line.box.left) < 0.3 * line.box.height
                and line.box.right < cell.box.right + line.box.height
                and line.box.top < cell.box.bottom + 0.3 * line.box.height
                for cell in self.lines[index - 1][1:]
            ):
                end = after
        return end

    def _wide_rule(self, top: float, bottom: float, table: Sequence[Fragment]) -> bool:
        box = box_around(table)
        return any(
            top < rule.at < bottom and rule.covers(box.left, box.right) > 0.8
            for rule in self.rules.horizontal
        )


def _is_prose(line: PrintLine) -> bool:
    """Whether a line is running text, perhaps with a wide gap between two sentences."""
    if len(line) > 2 or any(is_numeric(fragment.text) for fragment in line):
        return False
    return max(len(fragment.text) for fragment in line) > LONG
