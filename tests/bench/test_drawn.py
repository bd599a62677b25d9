"""The drawn tables come with their content, and are the same each time."""

from __future__ import annotations

import random

import numpy as np
from PIL import Image

from tests.bench.drawn import as_html, draw_content, draw_table, worn, write_tables
from tests.bench.teds import from_html


def test_picture_and_truth_lie_beside_each_other(tmp_path):
    write_tables(tmp_path, 2)
    (grid,) = from_html(tmp_path / "gt" / "0001.html")
    assert {len(row) for row in grid} == {len(grid[0])}
    with Image.open(tmp_path / "images" / "0001.png") as picture:
        assert picture.width > 100


def test_the_truth_is_what_was_drawn(tmp_path):
    path = tmp_path / "0.html"
    path.write_text(as_html([["a < b", ""], ["5 ± 1", "†"]]), encoding="utf-8")
    (grid,) = from_html(path)
    assert [[cell.text for cell in row] for row in grid] == [["a < b", ""], ["5 ± 1", "†"]]


def test_the_same_number_draws_the_same_table():
    rows = [draw_content(random.Random(7)) for _ in range(2)]
    assert rows[0] == rows[1]
    first, second = (
        np.asarray(worn(draw_table(rows[0], rng), rng))
        for rng in (random.Random(7), random.Random(7))
    )
    assert (first == second).all()
