"""Print outside of tables keeps its role, and what a table may be missing makes it doubtful."""

from __future__ import annotations

from converter.core.engines.local.ledger.beside import loose_lines, with_beside
from converter.core.engines.local.page.fragments import Fragment
from converter.core.tables.causes import Cause
from converter.core.tables.doubt import needs_a_look
from converter.core.tables.model import Table
from converter.core.tables.roles import Role
from tests.core.engines.local.ledger.test_unread_cells import table_of
from tests.core.engines.local.printed import fragment

TABLE = table_of(3, 3)


def told(*fragments: Fragment, roles: tuple[Role | None, ...] = (), tables=(TABLE,)):
    return loose_lines(fragments, roles or (None,) * len(fragments), tables)


def test_a_title_above_is_of_the_table_below_it():
    (line,) = told(fragment("Sales", 0, -60), roles=(Role.TITLE,))
    assert (line.text, line.role, line.table) == ("Sales", Role.TITLE, 0)


def test_a_note_below_is_of_the_table_above_it():
    (line,) = told(fragment("Without tax", 0, 130), roles=(Role.NOTE,))
    assert line.table == 0


def test_a_title_far_away_is_of_no_table():
    (line,) = told(fragment("Annual report", 0, -400), roles=(Role.TITLE,))
    assert line.table is None


def test_running_text_is_one_line_of_no_table():
    pieces = fragment("In this year", 0, 400), fragment("sales rose.", 115, 400)
    (line,) = told(*pieces, roles=(Role.TEXT, Role.TEXT))
    assert (line.text, line.role, line.table) == ("In this year sales rose.", Role.TEXT, None)


def test_a_line_level_with_the_rows_may_belong_to_the_table():
    (line,) = told(fragment("12.5", 300, 30), roles=(Role.TEXT,))
    assert (line.role, line.table) == (Role.BESIDE, 0)
    (table,) = with_beside([TABLE], [line])
    assert table.beside == 1
    (marked,) = filter(needs_a_look, table.cells)
    assert (marked.row, marked.col, marked.causes) == (1, 2, (Cause.BESIDE,))


def test_a_row_below_that_goes_on_with_the_columns_may_belong_to_the_table():
    lines = told(fragment("Total", 0, 95), fragment("40", 100, 95), fragment("50", 200, 95))
    assert {line.role for line in lines} == {Role.BESIDE}
    (table,) = with_beside([TABLE], lines)
    assert table.beside == 3
    assert [(cell.row, cell.col) for cell in table.cells if needs_a_look(cell)] == [(2, 0)]


def test_a_page_number_is_beside_no_table():
    (line,) = told(fragment("12", 300, 30), roles=(Role.PAGE_NUMBER,))
    assert (line.role, line.table) == (Role.PAGE_NUMBER, None)


def test_without_loose_print_tables_stay_as_they_are():
    assert told() == []
    assert with_beside([TABLE], []) == [TABLE]


def test_a_table_without_boxes_misses_nothing():
    bare = Table(TABLE.cells)
    (line,) = told(fragment("12.5", 300, 30), tables=(bare,))
    assert line.table is None
