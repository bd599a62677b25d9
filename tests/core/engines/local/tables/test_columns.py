from __future__ import annotations

import pytest

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_lines import group_lines
from converter.core.engines.local.tables.columns import find_boundaries, is_overrun
from tests.core.engines.local.printed import fragment, lines_of


def boundaries(fragments: list, vertical: tuple[RulingLine, ...] = ()) -> list[float]:
    return find_boundaries(group_lines(fragments), vertical)


def test_blanks_that_lines_share_part_columns() -> None:
    found = boundaries(lines_of([("Ann", "12", "3")] * 3, (0, 100, 200)))
    assert found == [pytest.approx(63, abs=3), pytest.approx(159, abs=3)]


def test_a_heading_over_two_columns_does_not_join_them() -> None:
    body = lines_of([("Ann", "12", "3")] * 4, (0, 100, 160), top=30)
    assert len(boundaries([fragment("both of these", 95, 0), *body])) == 2


def test_a_sparse_column_is_kept() -> None:
    rows = [("Ann", "12", "")] * 5 + [("Bob", "13", "x")]
    assert len(boundaries(lines_of(rows, (0, 100, 200)))) == 2


def test_one_column_has_no_boundary() -> None:
    assert boundaries(lines_of([("a long line",), ("short",)], (0,))) == []


def test_a_rule_wins_over_the_middle_of_the_blank() -> None:
    found = boundaries(lines_of([("Ann", "12")] * 3, (0, 100)), (RulingLine(40, 0, 80),))
    assert found == [40]


def test_double_rules_count_once() -> None:
    rules = (RulingLine(40, 0, 80), RulingLine(46, 0, 80))
    assert boundaries(lines_of([("Ann", "12")] * 3, (0, 100)), rules) == [40]


def test_the_frame_is_no_boundary() -> None:
    rules = (RulingLine(-4, 0, 80), RulingLine(60, 0, 80), RulingLine(130, 0, 80))
    assert boundaries(lines_of([("Ann", "12")] * 3, (0, 100)), rules) == [60]


FRAME = RulingLines(tuple(RulingLine(y, 0, 200) for y in (-5, 50)), (RulingLine(200, -5, 50),))


def test_text_that_runs_past_a_frame_makes_no_column() -> None:
    rows = group_lines(
        [*lines_of([("Ann", "12"), ("Bob", "13 Techn")], (0, 130)), fragment("Z", 203, 24)]
    )
    assert is_overrun(200, rows, FRAME)


def test_text_beside_a_frame_is_a_column() -> None:
    rows = group_lines(lines_of([("Ann", "12", "25"), ("Bob", "13", "26")], (0, 130, 215)))
    assert not is_overrun(200, rows, FRAME)


def test_a_rule_that_others_run_across_is_no_frame() -> None:
    rows = group_lines(
        [*lines_of([("Ann", "12"), ("Bob", "13 Techn")], (0, 130)), fragment("Z", 203, 24)]
    )
    assert not is_overrun(200, rows, RulingLines((RulingLine(-5, 0, 300), RulingLine(50, 0, 300))))
