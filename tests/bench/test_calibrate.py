"""Weights are found again in data that were made with them."""

from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.text.text import TextReader
from tests.bench.calibrate import (
    MOST,
    Matrices,
    balanced,
    cross_validated,
    fit_both,
    observe,
    predict_both,
    silent_errors,
    weigh,
)
from tests.bench.drawn import as_html
from tests.support.pictures import table_png

TRUTH = Matrices(np.array([2.0, -2.0, 0.0]), np.array([1.0, 1.5]))


@pytest.fixture
def made():
    rng = np.random.default_rng(3)
    signs = Matrices(rng.normal(size=(8000, 2)), rng.normal(size=(8000, 1)))
    return signs, (rng.random(8000) < predict_both(TRUTH, signs)).astype(float)


def test_fit_finds_the_weights_of_text_and_of_place(made):
    signs, right = made
    fitted = fit_both(signs, right, np.ones(8000))
    assert fitted.text == pytest.approx(TRUTH.text, abs=0.25)
    assert fitted.place == pytest.approx(TRUTH.place, abs=0.25)


def test_no_source_is_judged_by_itself(made):
    signs, right = made
    sources = [f"{n % 40}" for n in range(8000)]
    chances = cross_validated(signs, right, np.ones(8000), sources)
    part = chances > 0.7
    assert right[part].mean() == pytest.approx(chances[part].mean(), abs=0.03)


def test_large_tables_weigh_no_more_than_others():
    weights = weigh(["a"] * 10 * MOST + ["b"])
    assert weights[:-1].sum() == pytest.approx(MOST)
    assert weights[-1] == 1


def test_what_is_rendered_weighs_as_much_as_the_rest():
    weights = balanced(np.array([1.0, 1.0, 0.5]), np.array([False, False, True]))
    assert weights.tolist() == [1, 1, 2]


def test_silent_errors_are_wrong_and_not_flagged():
    chances = np.array([0.1, 0.5, 0.9, 0.95])
    told = silent_errors(chances, np.array([0.0, 1.0, 0.0, 1.0]))
    assert told.startswith("4 cells, 0.5000 wrong, 0.500 flagged, 0.2500 silent")


def test_cells_are_observed_with_their_signs(tmp_path):
    rows = [["Item", "Price"], ["Apple", "1.50"], ["Pear", "1,022.00"]]
    for kind in ("images", "gt"):
        (tmp_path / kind).mkdir()
    (tmp_path / "images" / "1.png").write_bytes(table_png(rows))
    (tmp_path / "gt" / "1.html").write_text(as_html([*rows[:2], ["Pear", "9"]]))
    seen = list(observe(TextReader(), tmp_path))
    assert [item.right for item in seen] == [True] * 5 + [False]
    assert seen[0].signs.text.header == 1
