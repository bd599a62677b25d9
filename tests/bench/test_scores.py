from __future__ import annotations

import pytest
from openpyxl import Workbook

from tests.bench.scores import Scores, cells_right, score, score_workbook
from tests.bench.teds import Leaf

TABLE = [[Leaf("a"), Leaf("1,000.50")], [Leaf("b"), Leaf("")]]


def test_the_same_table_is_all_right():
    assert score([TABLE], [TABLE]) == Scores(1.0, 1.0, 1.0, tables=1)
    assert score([TABLE], [TABLE]).whole


def test_structure_does_not_look_at_text():
    got = [[Leaf("z"), Leaf("1000.5")], [Leaf("b"), Leaf("")]]
    scores = score([TABLE], [got])
    assert scores.structure == 1
    assert scores.teds == pytest.approx(1 - 1 / 7)
    assert scores.cells == pytest.approx(2 / 3)
    assert not scores.whole


def test_an_error_that_is_marked_is_not_silent():
    def silent(first: Leaf) -> float:
        return score([TABLE], [[[first, Leaf("1000.5")], [Leaf("b"), Leaf("")]]]).silent

    assert silent(Leaf("a")) == silent(Leaf("z", marked=True)) == 0
    assert silent(Leaf("z")) == pytest.approx(1 / 3)
    assert score([TABLE], []).silent == 1


def test_cells_that_should_be_empty_count_against_the_rest():
    assert cells_right([[Leaf("a"), Leaf("")]], [[Leaf("a"), Leaf("b")]]) == 0.5


def test_a_cell_is_right_in_a_shifted_row_and_with_another_span():
    assert cells_right([[Leaf("a")], [Leaf("b")]], [[Leaf("x")], [Leaf("a")], [Leaf("b")]]) == (
        pytest.approx(2 / 3)
    )
    assert cells_right([[Leaf("a", 1, 2)]], [[Leaf("a")]]) == 1


def test_an_empty_sheet_is_no_table(tmp_path):
    Workbook().save(tmp_path / "a.xlsx")
    assert score_workbook([TABLE], tmp_path / "a.xlsx") == Scores(silent=1.0)
    assert score_workbook([TABLE], tmp_path / "none.xlsx") == Scores()


def test_a_picture_of_no_table():
    assert score([], []) == Scores(1.0, 1.0, 1.0)
    assert score([], [TABLE]) == Scores(tables=1)
