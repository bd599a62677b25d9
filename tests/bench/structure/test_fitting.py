"""What decides over whole tables is fitted to answers."""

from __future__ import annotations

import numpy as np
from PIL import Image

from converter.core.engines.local.structure.acceptance import TableSigns
from converter.core.engines.local.text.text import TextReader
from tests.bench.cases import Case
from tests.bench.structure.fitting import dispute_signs, fit, told
from tests.bench.teds import Leaf
from tests.core.engines.local.printed import Page


def test_weights_tell_yes_from_no() -> None:
    random = np.random.default_rng(1)
    signs = random.normal(0, 1, (400, 3))
    answers = np.sign(2 * signs[:, 0] - signs[:, 1] + 0.5)
    bias, weights = fit(signs, answers)
    assert weights[0] > -weights[1] > abs(weights[2])
    assert bias > 0
    assert ((signs @ weights + bias > 0) == (answers > 0)).mean() > 0.95


def test_what_is_told_can_be_pasted() -> None:
    signs = [(TableSigns(value, 0, 0, 0, 0, 0, 0, 0), value) for value in (-2.0, -1.0, 1.0, 2.0)]
    text = told(signs)
    assert "yes in 2 of 4, answered rightly in 1.000" in text
    assert "Logistic(bias=" in text
    assert "weights=TableSigns(inside=" in text


def test_a_dispute_is_answered_by_the_truth(tmp_path) -> None:
    rows = [("Item", "2023", "2022"), ("Sales", "1,250", "980"), ("Costs", "730", "655")]
    page = Page(560, 200).table(rows, (40, 260, 400), 20)
    path = tmp_path / "page.png"
    Image.fromarray(page.pixels).save(path)
    truth = [[[Leaf(text) for text in row] for row in rows]]
    found = list(dispute_signs(Case("page", path, truth), TextReader()))
    # both read it alike, so there is nothing to learn from it
    assert found == []
