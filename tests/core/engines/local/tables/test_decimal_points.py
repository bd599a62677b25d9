from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from converter.core.engines.local.tables.decimal_points import mend_points
from converter.core.tables.doubt import DOUBT_BELOW
from converter.core.tables.model import Cell


def column(texts: Sequence[str], *, header: bool = False) -> list[Cell]:
    return [Cell(row, 0, text, header=header, confidence=0.4) for row, text in enumerate(texts)]


def mended(texts: Sequence[str]) -> list[str]:
    return [cell.text for cell in mend_points(column(texts))]


DECIMALS = ["9·845", "9·732", "9·801", "0·113", "9·900", "9·871", "9·615", "9·660"]


@pytest.mark.parametrize(
    ("read", "is_meant"),
    [("0-053", "0·053"), ("0 113", "0·113"), ("9.804", "9.804"), ("9-53", "9-53")],
)
def test_a_column_of_one_form_shows_what_a_dash_was(read: str, is_meant: str) -> None:
    assert mended([*DECIMALS, read]) == [*DECIMALS, is_meant]


@pytest.mark.parametrize("read", ["9762", "-0053", "0--053", "1-2-345", "a-123"])
def test_no_point_is_put_where_nothing_was_read(read: str) -> None:
    assert mended([*DECIMALS, read])[-1] == read


def test_short_and_mixed_columns_stay_as_they_are() -> None:
    short = [*DECIMALS[:7], "0-053"]
    assert mended(short) == short
    ranges = [*DECIMALS, "1-100", "2-300", "4-999"]
    assert mended(ranges) == ranges


def test_headings_and_other_columns_stay_as_they_are() -> None:
    other = Cell(3, 1, "1-100", confidence=0.4)
    heading = Cell(9, 0, "1-100", header=True)
    cells = mend_points([*column(DECIMALS), other, heading])
    assert cells[-2:] == [other, heading]


@pytest.mark.parametrize(("before", "after"), [(0.4, 0.4), (0.95, 0.7)])
def test_a_number_whose_point_was_told_by_its_column_is_in_doubt(
    before: float, after: float
) -> None:
    cells = [replace(cell, confidence=before) for cell in column([*DECIMALS, "0-053"])]
    mended = mend_points(cells)
    assert mended[-1].confidence == after < DOUBT_BELOW
    assert mended[:-1] == cells[:-1]
