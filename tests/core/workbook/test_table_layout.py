"""Widths, heights, panes and filters of a table's sheet."""

from __future__ import annotations

import pytest

from converter.core.tables.model import Cell, Table
from converter.core.tables.values import table_values
from converter.core.workbook.table_layout import (
    NARROWEST,
    WIDEST,
    area,
    number_columns,
    plan_table,
)


def grid(*rows: list[str], header_rows: int = 1) -> Table:
    return Table(
        tuple(
            Cell(row, col, text, header=row < header_rows)
            for row, texts in enumerate(rows)
            for col, text in enumerate(texts)
        )
    )


def test_area_counts_from_a1():
    assert area(0, 0, 2, 27) == "A1:AB3"


def test_columns_show_their_text_within_limits():
    plan = plan_table(grid(["a", "b", "c"], ["", "twelve chars", "x" * 100]))
    narrow, middle, wide = plan.widths
    assert narrow == NARROWEST
    assert len("twelve chars") < middle < 20
    assert wide == WIDEST


def test_long_header_wraps_over_short_values():
    header = "Number of inhabitants at the end of the year"
    plan = plan_table(grid([header], ["1"]))
    assert len("inhabitants") < plan.widths[0] < 25
    assert plan.lines[0] >= 3


def test_wide_letters_count_twice():
    plan = plan_table(grid(["表"], ["東京都港区東京都港区"]))
    assert plan.widths[0] > 20


def test_rows_are_as_high_as_their_text():
    plan = plan_table(grid(["a"], ["one\ntwo\nthree"], ["word " * 30], ["東" * 60]))
    assert plan.lines == {1: 3, 2: 3, 3: 3}


def test_text_over_several_rows_makes_the_last_one_higher():
    tall = Cell(0, 0, "a\nb\nc\nd", rowspan=2)
    plan = plan_table(Table((tall, Cell(0, 1), Cell(1, 1))))
    assert plan.lines == {1: 3}


def test_text_over_several_columns_has_all_their_width():
    wide = Cell(0, 0, "x" * 12, colspan=3)
    assert plan_table(Table((wide, Cell(1, 0), Cell(1, 2)))).lines == {}


def test_header_rows_are_frozen_and_repeated():
    plan = plan_table(grid(["a"], ["b"], ["c"], header_rows=2))
    assert (plan.frozen, plan.repeated_rows) == ((2, 0), 2)


def test_first_column_of_a_wide_table_is_frozen_if_whole():
    wide = grid(["h"] * 10, ["v"] * 10)
    cut = Table((Cell(0, 0, "h", colspan=10, header=True), *(Cell(1, c, "v") for c in range(10))))
    assert (plan_table(wide).frozen, plan_table(cut).frozen) == ((1, 1), (1, 0))


@pytest.mark.parametrize("header_rows", [0, 3])
def test_table_without_header_or_without_body_freezes_nothing(header_rows):
    plan = plan_table(grid(["a"], ["b"], ["c"], header_rows=header_rows))
    assert (plan.frozen, plan.repeated_rows, plan.filtered) == ((0, 0), 0, "")


def test_filter_stands_on_the_last_header_row():
    table = grid(["a", "b"], ["c", "d"], ["1", "2"], ["3", "4"], header_rows=2)
    assert plan_table(table).filtered == "A2:B4"


def header(*spans: tuple[int, int, int, int]) -> tuple[Cell, ...]:
    return tuple(Cell(row, col, "h", rows, cols, header=True) for row, col, rows, cols in spans)


BODY = tuple(Cell(row, col, "v") for row in (2, 3) for col in (0, 1))


@pytest.mark.parametrize(
    ("cells", "filtered"),
    [
        ((*header((0, 0, 2, 1), (0, 1, 2, 1)), *BODY), "A2:B4"),
        ((*header((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)), *BODY), ""),
        ((*header((0, 0, 2, 1), (0, 1, 2, 1)), Cell(2, 0, "v", rowspan=2), BODY[1], BODY[3]), ""),
    ],
)
def test_no_filter_over_merged_names_or_rows(cells, filtered):
    assert plan_table(Table(cells)).filtered == filtered


def test_only_spans_are_merged():
    table = Table((Cell(0, 0, rowspan=2), Cell(0, 1, colspan=2), Cell(1, 1)))
    assert plan_table(table).merged == ["A1:A2", "B1:C1"]


def test_number_columns_are_those_with_mostly_numbers():
    table = grid(["a", "b", "c"], ["1", "x", ""], ["2", "3", ""], ["n/a", "y", ""])
    assert number_columns(table, table_values(table)) == {0}
