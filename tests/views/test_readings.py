"""How a reading is laid out beside its picture."""

from __future__ import annotations

import pytest

from converter.core.engines.protocol import Reading, TextLine
from converter.core.tables.causes import Cause
from converter.core.tables.model import Box, Cell, Table
from converter.core.tables.roles import Role
from converter.models import BatchImage
from converter.views.readings import Plate, show

IMAGE = BatchImage(width=640, height=480)


def shown_of(*cells: Cell, missing: tuple[TextLine, ...] = (), turned: int = 0):
    return show(IMAGE, Reading("m", tables=(Table(cells),), missing=missing, turned=turned))


def test_what_a_span_covers_is_left_out_and_what_nothing_covers_is_an_empty_cell():
    shown = shown_of(Cell(0, 0, "a", rowspan=2), Cell(0, 1, "b", colspan=2), Cell(1, 2, "c"))
    [table] = shown.tables
    assert [[cell.cell.text for cell in row] for row in table.rows] == [["a", "b"], ["", "c"]]
    assert (table.n_rows, table.n_cols) == (2, 3)


def test_a_doubtful_cell_has_a_mark_on_the_picture_and_the_other_reading():
    box = Box(10.4, 20.6, 50, 40)
    shown = shown_of(Cell(0, 0, "12.50", box=box, confidence=0.3, other="12.80"), Cell(0, 1, "ok"))
    doubtful, plain = shown.tables[0].rows[0]
    assert doubtful.other == "12.80"
    assert shown.spots == [doubtful.spot]
    assert doubtful.spot
    assert doubtful.spot.mark == Box(6, 17, 54, 44)
    assert plain.spot is None


def test_what_only_the_second_reading_found_is_in_doubt_too():
    [[cell]] = shown_of(Cell(0, 0, "", confidence=1.0, other="7")).tables[0].rows
    assert (cell.other, cell.spot and cell.spot.name) == ("7", "cell-1")


def test_another_way_of_writing_is_no_doubt():
    [[cell]] = shown_of(Cell(0, 0, "1,5", confidence=0.95, other="1,5 ")).tables[0].rows
    assert (cell.other, cell.spot) == ("", None)


def test_doubts_are_counted_through_all_tables_and_lines_apart():
    table = Table((Cell(0, 0, "x", box=Box(0, 0, 9, 9), confidence=0.1),))
    lines = (TextLine("lost", Box(0, 20, 9, 29)), TextLine("without a place"))
    shown = show(IMAGE, Reading("m", tables=(table, table), missing=lines))
    assert [spot.name for spot in shown.spots] == ["cell-1", "cell-2", "line-1"]
    assert [line.spot.name for line in shown.missing] == ["line-1", "line-2"]


def test_columns_of_numbers_are_those_of_the_workbook():
    rows = [("Item", "Price"), ("Oak", "12.50"), ("Elm", "9.75")]
    cells = [
        Cell(r, c, text, header=r == 0) for r, row in enumerate(rows) for c, text in enumerate(row)
    ]
    shown = shown_of(*cells)
    assert [[cell.is_number for cell in row] for row in shown.tables[0].rows] == [[False, True]] * 3


@pytest.mark.parametrize(
    ("turned", "size", "corner"),
    [
        (0, (640, 480), (0, 0)),
        (90, (480, 640), (480, 0)),
        (180, (640, 480), (640, 480)),
        (270, (480, 640), (0, 640)),
    ],
)
def test_a_turned_picture_lies_within_its_frame(turned, size, corner):
    """Its top left corner comes to lie where a turn clockwise takes it."""
    plate = Plate(640, 480, turned)
    assert plate.size == size
    wanted = f"translate({corner[0]} {corner[1]}) rotate({turned})" if turned else ""
    assert plate.transform == wanted


def test_without_a_reading_the_picture_lies_as_a_person_turned_it():
    shown = show(BatchImage(width=640, height=480, turn=90), None)
    assert (shown.plate.turned, shown.tables, shown.spots) == (90, [], [])


def test_print_of_a_table_stands_above_and_below_it_and_the_rest_outside():
    table = Table((Cell(0, 0, "x", box=Box(0, 100, 9, 120)),), Box(0, 100, 9, 120), beside=1)
    title = TextLine("Sales", Box(0, 70, 50, 90), role=Role.TITLE, table=0)
    note = TextLine("without tax", Box(0, 130, 50, 150), role=Role.NOTE, table=0)
    lost = TextLine("12.5", Box(30, 100, 50, 120), role=Role.BESIDE, table=0)
    other = TextLine("Dear reader", Box(0, 400, 90, 420), role=Role.TEXT)
    reading = Reading("m", tables=(table,), loose_text=(title, note, lost, other))
    shown = show(IMAGE, reading)
    [shown_table] = shown.tables
    assert (shown_table.above, shown_table.below, shown_table.beside) == ([title], [note], 1)
    assert shown.outside == [lost, other]


def test_unread_print_is_marked_on_the_picture():
    shown = show(IMAGE, Reading("m", unread=(Box(10, 20, 30, 40),)))
    assert [(spot.name, spot.mark) for spot in shown.spots] == [("unread-1", Box(6, 16, 34, 44))]


def test_an_empty_cell_with_unread_print_says_so():
    cell = Cell(0, 0, box=Box(0, 0, 9, 9), confidence=0.4, causes=(Cause.NOT_READ,))
    [[shown]] = shown_of(cell).tables[0].rows
    assert (shown.text, shown.why) == ("(nothing)", "something is printed here that was not read")
    assert shown.spot
