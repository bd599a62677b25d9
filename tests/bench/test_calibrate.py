"""Weights are found again in data that were made with them."""

from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.text import TextReader
from tests.bench.calibrate import (
    MOST,
    cross_validated,
    fit,
    observe,
    predict,
    silent_errors,
    weigh,
)
from tests.bench.drawn import as_html
from tests.support.pictures import table_png


@pytest.fixture
def made():
    rng = np.random.default_rng(3)
    signs = rng.normal(size=(4000, 2))
    chances = predict(np.array([1.0, -2.0, 0.0]), signs)
    return signs, (rng.random(4000) < chances).astype(float)


def test_fit_finds_the_weights(made):
    signs, right = made
    assert fit(signs, right, np.ones(4000)) == pytest.approx([1, -2, 0], abs=0.15)


def test_no_image_is_judged_by_itself(made):
    signs, right = made
    images = [f"{n % 40}" for n in range(4000)]
    chances = cross_validated(signs, right, np.ones(4000), images)
    part = chances > 0.85
    assert right[part].mean() == pytest.approx(chances[part].mean(), abs=0.03)


def test_large_tables_weigh_no_more_than_others():
    weights = weigh(["a"] * 10 * MOST + ["b"])
    assert weights[:-1].sum() == pytest.approx(MOST)
    assert weights[-1] == 1


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
    assert seen[0].signs.header == 1
