"""The figure that we quote is the one that the paper defines."""

from __future__ import annotations

import pytest

from tests.bench.teds import Leaf, similarity, teds

TABLE = [[Leaf("a"), Leaf("1,000.50")], [Leaf("b"), Leaf("(5)")]]


def test_a_table_is_like_itself():
    assert similarity(TABLE, TABLE) == 1


def test_a_number_counts_by_its_value():
    assert similarity(TABLE, [[Leaf("a"), Leaf("1000.5")], [Leaf("b"), Leaf("-5")]]) == 1


def test_a_missing_row_costs_its_cells_and_itself():
    assert similarity(TABLE, TABLE[:1]) == pytest.approx(1 - 3 / 7)


def test_a_wrong_letter_costs_its_share_of_the_cell():
    other = [[Leaf("a"), Leaf("1000.5")], [Leaf("x"), Leaf("-5")]]
    assert similarity(TABLE, other) == pytest.approx(1 - 1 / 7)


def test_a_wrong_span_costs_the_whole_cell():
    assert similarity([[Leaf("a", colspan=2)]], [[Leaf("a")]]) == pytest.approx(1 - 1 / 3)


def test_a_table_that_was_not_found_or_invented_counts_as_nothing():
    assert teds([TABLE, TABLE], [TABLE]) == 0.5
    assert teds([TABLE], [TABLE, [[Leaf("z")]]]) == 0.5
    assert teds([TABLE], []) == 0
    assert teds([], []) == 1
    assert teds([], [TABLE]) == 0
