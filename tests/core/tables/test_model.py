"""A table is a grid that refuses what is none."""

from __future__ import annotations

import json

import pytest

from converter.core.tables.model import Box, Cell, Table


def test_box_has_a_size():
    box = Box(10, 20, 110, 50)
    assert (box.width, box.height) == (100, 30)


def test_span_covers_all_its_places():
    cell = Cell(1, 2, rowspan=2, colspan=2)
    assert list(cell.places()) == [(1, 2), (1, 3), (2, 2), (2, 3)]


def test_size_counts_spans_and_gaps():
    table = Table((Cell(0, 0, rowspan=3), Cell(1, 1, colspan=4)))
    assert (table.n_rows, table.n_cols) == (3, 5)


def test_table_without_cells_has_no_size():
    table = Table(())
    assert (table.n_rows, table.n_cols, table.header_rows) == (0, 0, 0)


@pytest.mark.parametrize(
    "cell", [Cell(-1, 0), Cell(0, -1), Cell(0, 0, rowspan=0), Cell(0, 0, colspan=0)]
)
def test_cell_off_the_grid_is_refused(cell):
    with pytest.raises(ValueError, match="cannot stand"):
        Table((cell,))


def test_overlapping_spans_are_refused():
    with pytest.raises(ValueError, match=r"overlap at \(1, 1\)"):
        Table((Cell(0, 0, rowspan=2, colspan=2), Cell(1, 1)))


def row(number: int, *texts: str, header: bool = False) -> tuple[Cell, ...]:
    return tuple(Cell(number, col, text, header=header) for col, text in enumerate(texts))


def test_header_rows_end_where_the_body_begins():
    table = Table((*row(0, "a", header=True), *row(1, "b", header=True), *row(2, "c")))
    assert table.header_rows == 2


def test_header_cell_beside_body_makes_no_header_row():
    assert Table((Cell(0, 0, "name", header=True), Cell(0, 1, "value"))).header_rows == 0


def test_empty_corner_does_not_end_the_header():
    assert Table((Cell(0, 0), Cell(0, 1, "year", header=True), *row(1, "a", "1"))).header_rows == 1


def test_header_below_the_body_is_not_counted():
    assert Table((*row(0, "a"), *row(1, "b", header=True))).header_rows == 0


def test_header_span_covers_its_rows():
    table = Table((Cell(0, 0, "a", rowspan=2, header=True), *row(2, "c")))
    assert table.header_rows == 2


def test_json_keeps_everything():
    cells = (
        Cell(0, 0, "a\nb", rowspan=2, colspan=2, box=Box(1, 2, 3, 4), header=True),
        Cell(2, 0, "c", confidence=0.25),
        Cell(3, 0, "d", stub=True, indent=2),
        Cell(4, 0, "12", confidence=0.3, other="13"),
    )
    table = Table(cells, box=Box(0, 0, 10, 10))
    assert Table.from_json(json.loads(json.dumps(table.to_json()))) == table
