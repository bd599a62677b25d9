from __future__ import annotations

import pytest

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.tables.grid import part_numbers
from converter.core.tables.doubt import DOUBT_BELOW
from converter.core.tables.model import Box
from tests.core.engines.local.printed import build_table, fragment, grid_of, lines_of

BODY = [("Ann", "12", "3.5"), ("Bob", "", "4.5"), ("Cid", "14", "5.5")]
COLUMNS = (0, 100, 200)


def test_borderless_table_keeps_its_empty_cell() -> None:
    table = build_table(lines_of([("Name", "Age", "Mark"), *BODY], COLUMNS), RulingLines())
    assert grid_of(table) == [["Name", "Age", "Mark"], *map(list, BODY)]
    assert table.header_rows == 1


def test_three_rules_and_a_heading_over_two_columns() -> None:
    fragments = [
        fragment("Child", 130, 0),
        *lines_of([("Name", "Age", "Mark"), *BODY], COLUMNS, top=30),
    ]
    rules = RulingLines(
        horizontal=tuple(RulingLine(y, x, 240) for y, x in ((-4, 0), (25, 90), (53, 0), (130, 0)))
    )
    table = build_table(fragments, rules)
    assert grid_of(table)[:2] == [["", "Child", "^"], ["Name", "Age", "Mark"]]
    assert table.header_rows == 2


def test_rows_that_a_cell_without_a_rule_spans() -> None:
    rows = [("Asthma", "Count", "31"), ("", "Share", "6%"), ("Other", "Count", "7")]
    across = (
        RulingLine(-3, 0, 240),
        RulingLine(22, 90, 240),
        RulingLine(46, 0, 240),
        RulingLine(70, 0, 240),
    )
    down = tuple(RulingLine(x, -3, 70) for x in (90, 190))
    table = build_table(lines_of(rows, COLUMNS), RulingLines(across, down))
    assert grid_of(table) == [
        ["Asthma", "Count", "31"],
        ["^", "Share", "6%"],
        ["Other", "Count", "7"],
    ]


def test_rules_that_leave_out_the_stub_time_and_again() -> None:
    rows = [("Rain", "Sum", "31"), ("", "Mean", "6"), ("Sun", "Sum", "7"), ("", "Mean", "3")]
    across = [RulingLine(22 + 24 * n, 0 if n % 2 else 90, 240) for n in range(7)]
    table = build_table(lines_of(rows * 2, COLUMNS), RulingLines(tuple(across)))
    assert [row[0] for row in grid_of(table)] == ["Rain", "^", "Sun", "^"] * 2


def test_columns_that_a_cell_without_a_rule_spans() -> None:
    fragments = [
        fragment("Both", 110, 0),
        *lines_of([("Name", "Age", "Mark"), *BODY], COLUMNS, top=24),
    ]
    across = tuple(RulingLine(y, 0, 240) for y in (-3, 22, 46, 70, 94, 118))
    down = (RulingLine(90, -3, 118), RulingLine(190, 22, 118))
    table = build_table(fragments, RulingLines(across, down))
    assert grid_of(table)[0] == ["", "Both", "^"]


def test_a_number_beside_a_faded_rule_keeps_its_column() -> None:
    rows = [("Ann", "12", "3.5"), ("", "14", "4.5"), ("Cid", "16", "5.5")]
    across = tuple(RulingLine(y, 0, 240) for y in (-3, 22, 46, 70))
    down = (RulingLine(90, -3, 20), RulingLine(90, 48, 70), RulingLine(190, -3, 70))
    table = build_table(lines_of(rows, COLUMNS), RulingLines(across, down))
    assert grid_of(table)[1] == ["", "14", "4.5"]


def test_numbers_read_as_one_text_go_to_their_columns() -> None:
    glyphs = tuple(Glyph(letter, 100 + 9 * i, 1.0) for i, letter in enumerate("9.8 7.6"))
    read = Fragment("9.8 7.6", Box(100, 0, 163, 20), 1.0, glyphs)
    assert [part.text for part in part_numbers(read, [60, 130])] == ["9.8", "7.6"]
    assert part_numbers(read, [60]) == [read]


@pytest.mark.parametrize("text", ["9.8717.654", "9.871.7.654"])
def test_numbers_without_a_blank_go_to_their_columns(text: str) -> None:
    glyphs = tuple(Glyph(letter, 100 + 9 * i, 1.0) for i, letter in enumerate(text))
    read = Fragment(text, Box(100, 0, 195, 20), 1.0, glyphs)
    assert [part.text for part in part_numbers(read, [60, 141])] == ["9.871", "7.654"]


def test_one_number_over_columns_stays_whole() -> None:
    glyphs = tuple(Glyph(letter, 100 + 9 * i, 1.0) for i, letter in enumerate("1234567"))
    read = Fragment("1234567", Box(100, 0, 163, 20), 1.0, glyphs)
    assert part_numbers(read, [130]) == [read]


def test_specks_of_a_rule_do_not_draw_a_number_over_a_boundary() -> None:
    glyphs = tuple(Glyph(letter, 120 + 9 * i, 1.0) for i, letter in enumerate("9.87"))
    (part,) = part_numbers(Fragment("9.87", Box(100, 0, 156, 20), 1.0, glyphs), [110])
    assert part.box == Box(110, 0, 156, 20)


def test_words_over_columns_stay_together() -> None:
    glyphs = tuple(Glyph(letter, 100 + 9 * i, 1.0) for i, letter in enumerate("men all"))
    read = Fragment("men all", Box(100, 0, 163, 20), 1.0, glyphs)
    assert part_numbers(read, [130]) == [read]


def test_confidence_is_that_of_all_the_text_in_a_cell() -> None:
    upper, lower = fragment("Coffee, tea and", 0, 0, 0.9), fragment("cocoa", 0, 24, 0.2)
    rest = lines_of([("Milk", "13"), ("Bread", "4")], (0, 160), top=48)
    table = build_table([upper, fragment("12", 160, 0), lower, *rest], RulingLines())
    assert table.cells[0].text == "Coffee, tea and cocoa"
    assert table.cells[0].confidence < DOUBT_BELOW < table.cells[1].confidence


def test_columns_that_ran_together_are_doubtful() -> None:
    rows = [("Ann", "12", "3.5")] * 5
    crossing = [
        fragment("Bob", 0, 120),
        fragment("14 and some more", 100, 120),
        fragment("1", 260, 120),
    ]
    table = build_table([*lines_of(rows, (0, 100, 200)), *crossing], RulingLines())
    (wide,) = [cell for cell in table.cells if cell.colspan == 2]
    assert wide.confidence < 0.8


def test_words_beside_a_faded_rule_keep_their_column() -> None:
    rows = [("Age", "Count", "3"), ("", "Share", "4"), ("Sex", "Count", "5"), ("", "Share", "6")]
    across = tuple(RulingLine(y, 0 if n % 2 else 90, 240) for n, y in enumerate((22, 46, 70), 2))
    down = (RulingLine(90, -3, 22), RulingLine(90, 48, 94), RulingLine(190, -3, 94))
    table = build_table(lines_of(rows, COLUMNS), RulingLines(across, down))
    assert [row[1] for row in grid_of(table)] == ["Count", "Share"] * 2


def test_a_form_with_dotted_lines_and_a_date_in_three_columns() -> None:
    places = (0, 100, 160, 240)
    rows = [
        ("Post", "Tag", "Monat", "Jahr"),
        ("Clerk", "16", "Nov.", "1942"),
        ("Chief", "1", "Mai", "43"),
    ]
    fragments = [fragment("Since", 180, -24), *lines_of(rows, places)]
    across = (
        RulingLine(22, 0, 290),
        RulingLine(46, 20, 60, dotted=True),
        RulingLine(46, 250, 280, dotted=True),
    )
    down = (RulingLine(90, -30, 70), RulingLine(150, 0, 70), RulingLine(230, 0, 70))
    table = build_table(fragments, RulingLines(across, down))
    assert grid_of(table) == [
        ["Post", "Since Tag Monat Jahr"],
        ["Clerk", "16 Nov. 1942"],
        ["Chief", "1 Mai 43"],
    ]
