"""A cell counts as right where TEDS would find nothing to change."""

from __future__ import annotations

from converter.core.tables.model import Cell, Table
from tests.bench.alignment import align, cells_by_row, right_cells
from tests.bench.teds import Leaf

TRUTH = [[Leaf("Name"), Leaf("Age")], [Leaf("Ann"), Leaf("12")], [Leaf("Bob"), Leaf("")]]


def read(*rows: tuple[str, ...]) -> Table:
    return Table(
        tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    )


def wrong(*rows: tuple[str, ...]) -> list[str]:
    return [cell.text for cell, right in right_cells([TRUTH], [read(*rows)]) if not right]


def test_all_right():
    assert wrong(("Name", "Age"), ("Ann", "12"), ("Bob", "")) == []


def test_a_wrong_letter_and_an_invented_text():
    assert wrong(("Name", "Age"), ("Anm", "12"), ("Bob", "7")) == ["Anm", "7"]


def test_an_invented_row_does_not_make_the_others_wrong():
    assert wrong(("Page 3", ""), ("Name", "Age"), ("Ann", "12"), ("Bob", "")) == ["Page 3"]


def test_print_that_looks_the_same_is_right():
    assert wrong(("NAME", "A ge"), ("Ann", "12"), ("Bob", "")) == []


def test_a_table_that_is_none_is_all_wrong():
    tables = [read(("Name", "Age"), ("Ann", "12"), ("Bob", "")), read(("x", "y"))]
    assert [c.text for c, right in right_cells([TRUTH], tables) if not right] == ["x", "y"]


def test_places_without_a_cell_are_empty():
    table = Table((Cell(0, 0, "a", colspan=2), Cell(1, 1, "b")))
    assert [[cell.text for cell in row] for row in cells_by_row(table)] == [["a"], ["", "b"]]


def test_alignment_is_the_cheapest():
    left, right = "abc", "xbcd"
    cost, pairs = align(
        3, 4, lambda _: 1, lambda _: 1, lambda i, j: 0 if left[i] == right[j] else 1.5
    )
    assert (cost, pairs) == (2.5, [(0, 0), (1, 1), (2, 2)])
