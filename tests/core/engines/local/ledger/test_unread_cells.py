"""Unread print is told by the cell that it is in."""

from __future__ import annotations

from itertools import product

from converter.core.engines.local.ledger.unread_cells import divisions, with_unread
from converter.core.tables.causes import Cause
from converter.core.tables.doubt import needs_a_look, reasons
from converter.core.tables.model import Box, Cell, Table

WIDE, HIGH = 100, 30


def box_at(row: int, col: int) -> Box:
    return Box(col * WIDE, row * HIGH, col * WIDE + 60, row * HIGH + 20)


def table_of(rows: int, cols: int, empty: tuple[int, int] = (-1, -1)) -> Table:
    cells = tuple(
        Cell(row, col) if (row, col) == empty else Cell(row, col, "a", box=box_at(row, col))
        for row, col in product(range(rows), range(cols))
    )
    return Table(cells, Box(0, 0, (cols - 1) * WIDE + 60, (rows - 1) * HIGH + 20))


def cell_at(table: Table, row: int, col: int) -> Cell:
    return next(cell for cell in table.cells if (cell.row, cell.col) == (row, col))


def test_an_empty_cell_with_print_is_doubtful_and_has_a_box():
    piece = Box(105, 32, 150, 48)
    table, outside = with_unread(table_of(3, 3, empty=(1, 1)), [piece])
    cell = cell_at(table, 1, 1)
    assert not outside
    assert (cell.text, cell.box) == ("", piece)
    assert needs_a_look(cell)
    assert list(reasons(cell)) == ["something is printed here that was not read"]
    assert sum(map(needs_a_look, table.cells)) == 1


def test_print_beside_read_text_makes_its_cell_doubtful():
    table, _ = with_unread(table_of(3, 3), [Box(165, 32, 180, 48)])
    cell = cell_at(table, 1, 1)
    assert cell.text == "a"
    assert cell.box == Box(100, 30, 180, 50)
    assert cell.causes == (Cause.NOT_READ,)
    assert cell.confidence < 0.8


def test_print_just_beside_a_row_is_of_its_last_cell():
    table, outside = with_unread(table_of(3, 2), [Box(200, 62, 215, 78)])
    assert not outside
    assert needs_a_look(cell_at(table, 2, 1))


def test_print_far_away_is_of_no_cell():
    pieces = [Box(900, 32, 950, 48), Box(20, 400, 60, 420)]
    table, outside = with_unread(table_of(3, 3), pieces)
    assert outside == pieces
    assert table == table_of(3, 3)


def test_print_in_a_span_is_of_the_cell_that_spans():
    wide = Cell(1, 0, "ab", colspan=2, box=Box(0, 30, 60, 50))
    cells = [cell for cell in table_of(3, 2).cells if cell.row != 1]
    table, _ = with_unread(Table((*cells, wide), Box(0, 0, 160, 80)), [Box(120, 32, 150, 48)])
    assert needs_a_look(cell_at(table, 1, 0))


def test_divisions_lie_between_the_print():
    assert divisions(table_of(3, 2), 0) == [25.0, 55.0]
    assert divisions(table_of(3, 2), 1) == [80.0]


def test_a_table_without_any_box_takes_nothing():
    bare = Table((Cell(0, 0, "a"), Cell(0, 1, "b")))
    assert with_unread(bare, [Box(0, 0, 9, 9)]) == (bare, [Box(0, 0, 9, 9)])
