from __future__ import annotations

import numpy as np
import pytest

from tests.bench.small_networks.fonts import Fonts
from tests.bench.small_networks.pages import Pages
from tests.bench.small_networks.test_lines import FONT, WORDS
from tests.bench.small_networks.views import ROOM, Viewer, worsened

SIDE = 256
FONTS = Fonts([FONT], [FONT], [FONT], [FONT])


def pages(seed: int) -> Pages:
    return Pages(FONTS, WORDS, seed, round(ROOM * SIDE))


def test_the_same_seed_makes_the_same_pictures() -> None:
    first, second = (
        [Viewer(5, SIDE).picture(made.ink()) for _ in range(4)] for made in (pages(5), pages(5))
    )
    assert all(map(np.array_equal, first, second))
    assert not np.array_equal(first[0], Viewer(6, SIDE).picture(pages(6).ink()))


def test_sheets_have_text_from_top_to_bottom() -> None:
    made = pages(1)
    # As many sheets as it takes for the rare rows: what a seed draws depends on the Python.
    inked = np.mean([np.asarray(made.ink()) > 0 for _ in range(120)], axis=0)
    assert 0.02 < inked.mean() < 0.5
    assert inked.mean(axis=1).min() > 0.01


def test_pictures_are_gray_and_of_one_size() -> None:
    made, viewer = pages(2), Viewer(2, SIDE)
    pictures = [viewer.picture(made.ink()) for _ in range(40)]
    assert {picture.shape for picture in pictures} == {(SIDE, SIDE)}
    assert {picture.dtype for picture in pictures} == {np.dtype(np.uint8)}
    assert np.std([picture.mean() for picture in pictures]) > 10  # from clean to dim


@pytest.mark.parametrize("seed", range(5))
def test_a_worse_picture_is_still_one(seed: int) -> None:
    picture = Viewer(seed, SIDE).picture(pages(seed).ink())
    seen = worsened(picture, np.random.default_rng(seed))
    assert seen.dtype == np.float32
    assert -1 <= seen.min() <= seen.max() <= 1
    assert np.corrcoef(seen.ravel(), picture.ravel())[0, 1] > 0.5
