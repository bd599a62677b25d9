"""Two readings of the same print."""

from __future__ import annotations

import numpy as np

from converter.core.engines.local.structure.scores import Grid
from converter.core.engines.local.structure.witness import (
    DisputeSigns,
    believes_rules,
    disputes,
    plausibility,
    signs_of_dispute,
)
from tests.core.engines.local.structure.made_up import Place, certain, fragment, page_of

TRUTH: list[Place] = [(0, row, row + 1, col, col + 1) for row in range(3) for col in range(3)]


def grid(places: list[Place], pieces: list[int]) -> Grid:
    held = np.array([places[piece] for piece in pieces])
    return Grid(np.array(pieces), held[:, 1:3], held[:, 3:5])


def test_tables_on_the_same_print_are_one_dispute() -> None:
    whole, upper, lower = ([*range(9)], [*range(5)], [*range(5, 9)])
    other = grid(TRUTH, whole)
    found = disputes([other], [grid(TRUTH, upper), grid(TRUTH, lower)])
    assert [(each.learned, each.ruled) for each in found] == [((0,), (0, 1))]
    apart = disputes([grid(TRUTH, upper)], [grid(TRUTH, lower)])
    assert [(each.learned, each.ruled) for each in apart] == [((0,), ()), ((), (0,))]


def test_the_truth_is_the_most_plausible_reading() -> None:
    scores, pieces = certain(TRUTH), np.arange(9)
    page = page_of([fragment("1", row, col) for _, row, _, col, _ in TRUTH])
    right = plausibility(page, scores, [grid(TRUTH, [*range(9)])], pieces)
    merged: list[Place] = [(0, min(row, 1), min(row, 1) + 1, *rest) for _, row, _, *rest in TRUTH]  # type: ignore[misc]
    for wrong in (
        [grid(merged, [*range(9)])],
        [grid(TRUTH, [*range(6)])],
        [grid(TRUTH, [*range(6)]), grid(TRUTH, [6, 7, 8])],
        [],
    ):
        assert plausibility(page, scores, wrong, pieces) < right - 0.1
    assert right > -0.02


def test_rules_are_believed_where_the_network_doubts_itself() -> None:
    signs = DisputeSigns(learned=-0.01, ratio=1.5, ruled=0, dense=0, numbers=0, missing=0)
    assert not believes_rules(signs)
    assert believes_rules(signs._replace(learned=-0.3))
    assert believes_rules(signs._replace(ratio=0.0))
    assert believes_rules(signs._replace(ratio=0.5, dense=0.7))
    assert not believes_rules(signs._replace(ratio=0.0, missing=1))


def test_the_signs_of_a_dispute() -> None:
    page = page_of([fragment("1", row, col) for _, row, _, col, _ in TRUTH])
    whole, part = grid(TRUTH, [*range(9)]), grid(TRUTH, [*range(6)])
    (dispute,) = disputes([whole], [part])
    signs = signs_of_dispute(page, certain(TRUTH), [whole], [part], dispute.pieces)
    assert (signs.ruled, signs.numbers, signs.missing) == (0, 0, 0)
    assert signs.ratio == 3
    assert -0.02 < signs.learned < 0
