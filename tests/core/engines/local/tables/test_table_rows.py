from __future__ import annotations

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.tables.layout import Layout
from converter.core.engines.local.tables.table_rows import find_rows
from tests.core.engines.local.printed import layout_of, lines_of, texts


def rows_of(layout: Layout) -> list[list[list[str]]]:
    return [texts(row) for row in find_rows(layout)]


def test_each_line_of_numbers_is_a_row() -> None:
    layout = layout_of(lines_of([("Ann", "12"), ("Bob", "13"), ("Cid", "14")], (0, 100)), (60,))
    assert len(rows_of(layout)) == 3


def test_a_wrapped_label_is_one_row() -> None:
    rows = [("Coffee, tea and", "12"), ("cocoa", ""), ("Milk", "13"), ("Bread, cheese", "4")]
    layout = layout_of(lines_of(rows, (0, 160)), (150,))
    assert rows_of(layout)[0] == [["Coffee, tea and", "12"], ["cocoa"]]
    assert len(rows_of(layout)) == 3


def test_a_section_title_with_room_before_it_is_a_row_of_its_own() -> None:
    rows = [("Milk", "13"), ("Drinks", ""), ("Coffee and tea", "12")]
    assert len(rows_of(layout_of(lines_of(rows, (0, 160)), (150,)))) == 3


def test_a_rule_parts_rows_that_would_join() -> None:
    rows = [("Coffee, tea and", "12"), ("cocoa", ""), ("Milk", "13"), ("Bread, cheese", "4")]
    rules = RulingLines(horizontal=(RulingLine(22, 0, 180),))
    assert len(rows_of(layout_of(lines_of(rows, (0, 160)), (150,), rules))) == 4


def test_where_every_row_is_ruled_lines_between_rules_are_one_row() -> None:
    rows = [("Kind", "Note"), ("One", "is here"), ("", "and"), ("", "Goes on"), ("Two", "x")]
    rules = RulingLines(
        horizontal=tuple(RulingLine(y, 0, 200) for y in (22, 94)),
        vertical=(RulingLine(60, 0, 120),),
    )
    assert [len(row) for row in rows_of(layout_of(lines_of(rows, (0, 70)), (60,), rules))] == [
        1,
        3,
        1,
    ]


def test_text_in_every_column_of_every_line_stays_rows() -> None:
    rows = [("ab", "no"), ("abcd", "yes"), ("abc", "no"), ("abcdef", "yes")]
    assert len(rows_of(layout_of(lines_of(rows, (0, 100)), (80,)))) == 4


def test_a_line_on_the_same_band_of_colour_is_the_same_row() -> None:
    rows = [("Name", "Job")] + [("Ann", "keeps the house"), ("", "and garden")] * 3
    edges = tuple(RulingLine(22 + 48 * n, 0, 300) for n in range(4))
    layout = layout_of(lines_of(rows, (0, 160)), (150,), RulingLines(bands=edges))
    assert [len(row) for row in find_rows(layout)] == [1, 2, 2, 2]


def test_a_number_between_the_lines_of_wrapped_text_is_in_their_row() -> None:
    fragments = [
        item
        for n in range(3)
        for item in (
            *lines_of([("people who work", ""), ("in the office", "")], (0, 160), top=60 * n),
            *lines_of([("", f"1{n}")], (0, 160), top=60 * n + 12),
        )
    ]
    found = rows_of(layout_of(fragments, (150,)))
    assert found[0] == [["people who work"], ["10"], ["in the office"]]
    assert len(found) == 3


def test_a_section_title_at_the_usual_pitch_is_a_row_of_its_own() -> None:
    rows = [
        ("Electricity", "13"),
        ("Second group", ""),
        ("Tea", "12"),
        ("Gas", "14"),
        ("Rent", "15"),
    ]
    assert len(rows_of(layout_of(lines_of(rows, (0, 130)), (120,)))) == 5


def test_brackets_that_had_no_room_behind_a_number_join_it() -> None:
    rows = [("Fever", "31 (12)", "96 (31)"), ("Total", "1607", "435 (27)"), ("", "(62.0)", "")]
    layout = layout_of(lines_of([rows[0], *rows], (0, 100, 200)), (80, 180))
    assert rows_of(layout)[-1] == [["Total", "1607", "435 (27)"], ["(62.0)"]]


def test_errors_in_brackets_below_numbers_are_rows() -> None:
    rows = [("Slope", "1.5", "2.5"), ("", "(0.1)", "(0.2)"), ("Mean", "3", "4"), ("", "(1)", "(1)")]
    assert len(rows_of(layout_of(lines_of(rows, (0, 100, 200)), (80, 180)))) == 4


def test_a_rule_with_gaps_may_be_missing_between_rows() -> None:
    rows = [("Clerk", "here"), ("Clerk", "there"), ("Chief", "here"), ("Chief", "there")]
    across = tuple(RulingLine(y, x, x + 40, dotted=True) for y, x in ((22, 0), (70, 100)))
    rules = RulingLines(across, vertical=(RulingLine(80, 0, 100),))
    assert len(rows_of(layout_of(lines_of(rows, (0, 100), pitch=24), (80,), rules))) == 4
