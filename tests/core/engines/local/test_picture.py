from __future__ import annotations

import numpy as np

from converter.core.engines.local.picture import Picture


def test_colours_are_left_out_once() -> None:
    picture = Picture(np.full((2, 3, 3), (255, 0, 0), np.uint8))
    assert picture.gray.tolist() == [[76] * 3] * 2
    assert picture.gray is picture.gray
