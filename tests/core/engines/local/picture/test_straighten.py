from __future__ import annotations

import pytest

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_lines import group_lines
from converter.core.engines.local.picture.straighten import Bend, find_bend, straighten
from converter.core.tables.model import Box
from tests.core.engines.local.printed import lines_of

COLUMNS = range(0, 1000, 100)
ROWS = [["9.876"] * 10] * 8


def bowed(fragments: list[Fragment], depth: float) -> list[Fragment]:
    """Lines that sag by `depth` pixels in the middle of a page 1000 wide."""

    def sunk(box: Box) -> Box:
        sag = depth * (1 - ((box.left - 500) / 500) ** 2)
        return Box(box.left, box.top + sag, box.right, box.bottom + sag)

    return [Fragment(item.text, sunk(item.box), item.confidence) for item in fragments]


def test_straight_print_stays_as_it_is() -> None:
    fragments = lines_of(ROWS, COLUMNS)
    assert find_bend(fragments, RulingLines()) == Bend()
    assert straighten(fragments, Bend()) == fragments


def test_lines_that_sag_become_straight() -> None:
    fragments = bowed(lines_of(ROWS, COLUMNS), 20)
    assert [len(row) for row in group_lines(fragments)] != [10] * 8
    straight = straighten(fragments, find_bend(fragments, RulingLines()))
    assert [len(row) for row in group_lines(straight)] == [10] * 8


def test_rules_that_lean_become_upright() -> None:
    pieces = [
        RulingLine(x + 0.03 * y, y, y + 90) for x in range(95, 900, 100) for y in range(0, 300, 100)
    ]
    rules = RulingLines(vertical=tuple(pieces))
    bend = find_bend(lines_of(ROWS, COLUMNS), rules)
    upright = bend.rules(rules).vertical
    feet = [rule.at for rule in upright if rule.start > 150]
    heads = [rule.at for rule in upright if rule.start < 50]
    assert feet == pytest.approx(heads, abs=0.6)


def test_boxes_go_back_to_where_they_were() -> None:
    fragments = bowed(lines_of(ROWS, COLUMNS), 20)
    bend = find_bend(fragments, RulingLines())
    for item in fragments:
        assert bend.back(bend.forth(item.box)) == pytest.approx(item.box, abs=0.5)


def test_nothing_has_no_bend() -> None:
    assert find_bend([], RulingLines()) == Bend()
