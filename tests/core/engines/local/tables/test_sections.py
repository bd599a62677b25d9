from __future__ import annotations

from collections.abc import Sequence

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.tables.layout import Layout
from converter.core.engines.local.tables.sections import sections
from converter.core.engines.local.tables.table_rows import find_rows
from tests.core.engines.local.printed import layout_of, lines_of

HEAD = ("Model", "Mean", "Error")
URBAN = [("Urban", "", ""), ("First", "0.78", "0.4"), ("Second", "0.70", "0.5")]
RURAL = [("Rural", "", ""), ("First", "0.66", "0.4"), ("Second", "0.50", "0.5")]


def layout(rows: Sequence[Sequence[str]]) -> Layout:
    return layout_of(lines_of(rows, (0, 150, 250), pitch=40), (130, 220))


def rows_of(rows: Sequence[Sequence[str]]) -> list[int]:
    found = layout(rows)
    return [area.top for area in sections(found, find_rows(found))]


def test_titles_stand_over_all_columns() -> None:
    assert rows_of([HEAD, *URBAN, *RURAL]) == [1, 4]


def test_a_title_in_the_middle() -> None:
    middle = [("", "(a)", ""), *URBAN[1:], ("", "(b)", ""), *RURAL[1:]]
    assert rows_of([HEAD, *middle]) == [1, 4]


def test_a_title_in_the_middle_of_the_rules() -> None:
    middle = [("", "", "(a)"), *URBAN[1:], ("", "", "(b)"), *RURAL[1:]]
    lines = lines_of([HEAD, *middle], (0, 150, 250), pitch=40)
    rules = RulingLines((RulingLine(-5, 0, 520), RulingLine(30, 0, 520)))
    found = layout_of(lines, (130, 220), rules)
    assert [area.top for area in sections(found, find_rows(found))] == [1, 4]


def test_rows_without_values_stay_rows() -> None:
    assert rows_of([HEAD, *URBAN[1:], *RURAL, *URBAN]) == []


def test_one_row_without_values_is_no_section() -> None:
    assert rows_of([HEAD, *URBAN]) == []


def test_the_first_line_of_a_long_label_is_no_title() -> None:
    wrapped = [("Urban homes", "", ""), ("and others", "0.78", "0.4")]
    assert rows_of([HEAD, *wrapped, *wrapped]) == []


def test_over_two_columns_there_are_none() -> None:
    rows = [row[:2] for row in [HEAD, *URBAN, *RURAL]]
    found = layout_of(lines_of(rows, (0, 150), pitch=40), (130,))
    assert sections(found, find_rows(found)) == []
