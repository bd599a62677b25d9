"""The pictures of what fails are the same each time, and small enough for the documentation."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.bench.cases import read_cases
from tests.bench.worst import MOST_BYTES, WIDTH, WORST, shrunk, write_worst
from tests.support.app import ROOT


def test_each_picture_has_its_truth(tmp_path):
    write_worst(tmp_path)
    tables = {case.name: len(case.truth) for case in read_cases(tmp_path)}
    assert tables == {draw.__name__: 1 for draw in WORST}


@pytest.mark.parametrize("draw", WORST)
def test_the_same_picture_is_drawn_again(draw):
    (first, truth), (second, again) = draw(), draw()
    assert (np.asarray(first) == np.asarray(second)).all()
    assert truth == again


@pytest.mark.parametrize("draw", WORST)
def test_the_documentation_shows_it(draw):
    name = f"images/worst-{draw.__name__.replace('_', '-')}.png"
    assert name in (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    assert (ROOT / "docs" / name).stat().st_size <= MOST_BYTES


def test_a_large_picture_is_made_small_enough():
    noise = np.random.default_rng(1).integers(0, 255, (900, 1600, 3), np.uint8)
    data = shrunk(Image.fromarray(noise))
    assert len(data) <= MOST_BYTES
    assert Image.open(BytesIO(data)).width < WIDTH


def test_a_small_picture_keeps_its_size():
    assert Image.open(BytesIO(shrunk(Image.new("RGB", (300, 200))))).size == (300, 200)
