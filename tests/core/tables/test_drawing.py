"""Tables drawn around print, and print taken into a cell."""

from __future__ import annotations

import json

import pytest

from converter.core.engines.protocol import Reading, TextLine
from converter.core.engines.words_left import as_left, words_left
from converter.core.errors import EditError
from converter.core.tables.edits import DeleteRows, Draw, Edit, SetText, Tables, Take, parse
from converter.core.tables.model import Box, Cell, Table

LINES = (
    ("Sales", 40, 0, 110, 10),
    ("Item", 10, 20, 50, 30),
    ("Price", 100, 20, 140, 30),
    ("Oak tree", 10, 40, 80, 50),
    ("12.50", 100, 40, 140, 50),
    ("Elm", 10, 60, 30, 70),
    ("9.75", 106, 60, 140, 70),
    ("Source: us", 10, 200, 90, 210),
)
LOOSE = Reading("m", loose_text=tuple(TextLine(text, Box(*box)) for text, *box in LINES))


def made(edit: Edit, tables: Tables = (), reading: Reading = LOOSE) -> Tables:
    """After an edit as the trail stores and repeats it."""
    told = edit.with_print(tables, words_left(reading, tables))
    return parse(json.loads(json.dumps(told.to_json()))).apply(tables)


def grid(table: Table) -> list[list[str]]:
    rows = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row][cell.col] = cell.text
    return rows


DRAWN = Draw(table=0, row_edges=(15, 90), col_edges=(0, 150))
ROWS = [["Item", "Price"], ["Oak tree", "12.50"], ["Elm", "9.75"]]


def test_words_in_a_box_become_rows_and_columns():
    [table] = made(DRAWN)
    assert grid(table) == ROWS
    assert table.header_rows == 1
    assert table.cells[3].box == Box(100, 40, 140, 50)


def test_a_text_over_all_columns_spans_them():
    [table] = made(Draw(table=0, row_edges=(-5, 90), col_edges=(0, 150)))
    assert grid(table) == [["Sales", ""], *ROWS]
    assert table.cells[0].colspan == 2


def test_a_heading_that_is_printed_askew_makes_no_two_columns_one():
    lines = [TextLine("Quarter", Box(70, 0, 106, 10))]
    for row in range(1, 9):
        for left, text in ((10, "East"), (60, "1,310"), (104, "1,297")):
            lines.append(TextLine(text, Box(left, 20 * row, left + 35, 20 * row + 10)))
    drawn = Draw(table=0, row_edges=(-5, 200), col_edges=(0, 150))
    [table] = made(drawn, reading=Reading("m", loose_text=tuple(lines)))
    assert grid(table)[1:] == [["East", "1,310", "1,297"]] * 8


def test_lines_that_are_given_are_kept():
    [table] = made(Draw(table=0, row_edges=(15, 35, 90), col_edges=(0, 45, 95, 150)))
    assert grid(table) == [["Item", "", "Price"], ["Oak\nElm", "tree", "12.50\n9.75"]]


def test_a_box_without_print_is_one_empty_cell():
    [table] = made(Draw(table=0, row_edges=(300, 340), col_edges=(0, 150)))
    assert grid(table) == [[""]]
    assert table.box == Box(0, 300, 150, 340)


def test_what_is_in_a_table_is_no_longer_beside_it():
    tables = made(DRAWN)
    left = as_left(LOOSE, tables)
    assert [line.text for line in left.loose_text] == ["Sales", "Source: us"]
    assert left.tables == tables


def test_a_table_that_came_out_wrong_is_drawn_over():
    wrong = made(Draw(table=0, row_edges=(15, 90), col_edges=(0, 150)))
    wrong = (*wrong, Table((Cell(0, 0, "far", box=Box(300, 0, 320, 10)),)))
    again = made(DRAWN, wrong)
    assert [grid(table) for table in again] == [ROWS, [["far"]]]


def test_a_part_of_a_table_becomes_one_of_its_own():
    both = made(DRAWN)
    parts = made(Draw(table=1, row_edges=(15, 90), col_edges=(90, 150)), both)
    assert grid(parts[0]) == [["Item", ""], ["Oak tree", ""], ["Elm", ""]]
    assert grid(parts[1]) == [["Price"], ["12.50"], ["9.75"]]


def test_words_go_into_a_cell_in_reading_order():
    tables = made(DRAWN)
    [table] = made(Take(table=0, row=2, col=0, boxes=(Box(0, 195, 70, 215),)), tables)
    assert table.cells[4].text == "Elm\nSource:"
    assert [line.text for line in as_left(LOOSE, (table,)).loose_text] == ["Sales", "us"]


def test_words_leave_the_cell_they_were_in():
    [table] = made(Take(table=0, row=2, col=0, boxes=(Box(45, 38, 85, 52),)), made(DRAWN))
    assert grid(table)[1:] == [["Oak", "12.50"], ["tree\nElm", "9.75"]]


def test_words_of_rows_that_were_deleted_can_be_pointed_at_again():
    tables = made(DRAWN)
    reading = Reading("m", tables=tables)
    tables = DeleteRows(table=0, at=1).apply(tables)
    assert [word.text for word in words_left(reading, tables)] == ["Oak tree", "12.50"]


def test_what_a_person_corrected_is_not_offered_again():
    tables = made(DRAWN)
    said = SetText(table=0, row=2, col=0, text="Elms").apply(tables)
    assert words_left(Reading("m", tables=tables), said) == []


def test_print_that_was_not_read_makes_its_cell_doubtful():
    reading = Reading("m", unread=(Box(100, 80, 140, 88),))
    tables = made(DRAWN)
    [table] = made(Take(table=0, row=2, col=1, boxes=(Box(90, 75, 150, 95),)), tables, reading)
    cell = table.cells[5]
    assert (cell.text, cell.confidence, list(cell.causes)) == ("9.75", 0, ["not_read"])
    assert as_left(reading, (table,)).unread == ()


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "draw", "table": 0, "row_edges": [5], "col_edges": [0, 9]},
        {"do": "draw", "table": 0, "row_edges": [9, 5], "col_edges": [0, 9]},
        {"do": "draw", "table": 7, "row_edges": [5, 9], "col_edges": [0, 9]},
        {"do": "take", "table": 0, "row": 0, "col": 0, "boxes": [[400, 400, 410, 410]]},
        {"do": "take", "table": 0, "row": 0, "col": 0, "boxes": [[0, 1, 2]]},
        {"do": "take", "table": 0, "row": 9, "col": 0, "boxes": [[0, 0, 150, 90]]},
        {"do": "draw", "table": 0, "row_edges": [5, 9], "col_edges": [0, 9], "words": [{}]},
    ],
)
def test_what_cannot_be_done_is_refused(edit):
    with pytest.raises(EditError):
        made(parse(edit), made(DRAWN))
