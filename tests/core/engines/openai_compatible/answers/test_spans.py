"""Spans as they are written become a grid without overlaps."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.spans import (
    RawCell,
    RawRow,
    lay_out,
    settle,
)
from converter.core.tables.model import Cell, Table
from tests.core.engines.openai_compatible.answers.written import show_table


def rows(*written: str) -> list[RawRow]:
    """`a2x3` is a cell with that text that spans two rows and three columns."""
    return [
        RawRow(tuple(cell(one) for one in row.split()), index) for index, row in enumerate(written)
    ]


def cell(written: str) -> RawCell:
    rowspan, _, colspan = written[1:].partition("x")
    return RawCell(written[0], rowspan=int(rowspan or 1), colspan=int(colspan or 1))


def in_one_group(*written: str) -> list[RawRow]:
    return [RawRow(row.cells) for row in rows(*written)]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (["a b", "c d"], ["| a | b |", "| c | d |"]),
        (["a2x1 b", "c"], ["| a | b |", "| ^ | c |"]),
        (["a1x2", "b c"], ["| a | < |", "| b | c |"]),
        (["a2x2 b", "c", "d e f"], ["| a | < | b |", "| ^ | < | c |", "| d | e | f |"]),
    ],
)
def test_good_spans_stay(written: list[str], shown: list[str]):
    grid = lay_out(in_one_group(*written))
    assert grid.table
    assert (show_table(grid.table), grid.mended) == (shown, False)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (["a1x9", "b c"], ["| a | < |", "| b | c |"]),
        (["a9x1 b", "c"], ["| a | b |", "| ^ | c |"]),
        (["a-1x-2 b"], ["| a | b |"]),
        (["a b2x1 c", "d1x2 e"], ["| a | b | c |", "| d | ^ | e |"]),
        (["a0x1 b", "c d"], ["| a | b |", "| c | d |"]),
        (["a1x9"], ["| a |"]),
    ],
)
def test_bad_spans_are_mended_and_noted(written: list[str], shown: list[str]):
    grid = lay_out(in_one_group(*written))
    assert grid.table
    assert (show_table(grid.table), grid.mended) == (shown, True)


def test_span_crosses_groups_where_that_leaves_no_gap():
    grid = lay_out(rows("a2x1 b", "c", "d e"))
    assert grid.table == Table(
        (Cell(0, 0, "a", 2), Cell(0, 1, "b"), Cell(1, 1, "c"), Cell(2, 0, "d"), Cell(2, 1, "e"))
    )


def test_spans_beyond_reason_make_no_table():
    many = [RawRow(tuple(RawCell("x", rowspan=2_000) for _ in range(200)))] + [RawRow(())] * 2_000
    assert lay_out(many).table is None
    assert settle([Cell(0, 0, "a", 1_000, 1_000)]).table is None


def test_settled_span_covers_blanks_and_ends_before_text():
    cells = [Cell(0, 0, "a", rowspan=3), Cell(1, 0), Cell(2, 0, "b")]
    grid = settle(cells)
    assert grid.table
    assert (show_table(grid.table), grid.mended) == (["| a |", "| ^ |", "| b |"], True)


def test_no_rows_make_an_empty_table():
    assert lay_out([]).table == Table(())
