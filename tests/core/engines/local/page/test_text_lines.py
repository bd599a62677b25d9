from __future__ import annotations

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.text_lines import breaks_before, group_lines, runs_over
from converter.core.tables.model import Box
from tests.core.engines.local.printed import fragment, texts


def test_lines_run_from_left_to_right() -> None:
    rows = group_lines([fragment("b", 90, 3), fragment("c", 10, 30), fragment("a", 10, 0)])
    assert texts(rows) == [["a", "b"], ["c"]]


def test_half_a_line_down_is_another_line() -> None:
    assert len(group_lines([fragment("a", 10, 0), fragment("b", 90, 12)])) == 2


def test_nothing_has_no_lines() -> None:
    assert group_lines([]) == []


def test_a_low_mark_in_the_upper_half_of_a_line_stands_on_it() -> None:
    mark = Fragment('"', Box(20, 1, 38, 8), 1.0)
    assert len(group_lines([mark, fragment("3815", 100, 0)])) == 1
    assert len(group_lines([mark, fragment("3815", 100, 9)])) == 2


def test_the_sides_of_a_line_are_those_of_its_fragments() -> None:
    (line,) = group_lines([fragment("ab", 10, 2), fragment("c", 60, 0)])
    assert (line.left, line.top, line.right, line.bottom) == (10, 0, 69, 22)
    assert (line.middle, line.height) == (11, 22)


def test_a_line_breaks_where_the_next_word_has_no_room() -> None:
    upper = fragment("of the rest", 0, 0)
    assert breaks_before(fragment("people here", 0, 24), upper, right=120)
    assert not breaks_before(fragment("a people", 0, 24), upper, right=120)


def test_a_fragment_runs_over_what_is_well_inside_it() -> None:
    wide = fragment("Northern Ireland", 0, 0)
    assert runs_over(wide, [200, 70], 0.5)
    assert not runs_over(wide, [5, 140], 0.5)
