from __future__ import annotations

from math import log
from typing import NamedTuple

import pytest

from converter.core.engines.local.page.logistic import Logistic


class Signs(NamedTuple):
    size: float
    weight: float


def test_signs_are_weighed_and_added_to_the_bias() -> None:
    model = Logistic(-1.0, Signs(size=2.0, weight=-0.5))
    assert model.log_odds(Signs(size=3.0, weight=4.0)) == 3.0


def test_a_chance_is_that_of_its_odds() -> None:
    even, thrice = Logistic(0.0, Signs(0, 0)), Logistic(log(3), Signs(0, 0))
    assert even.chance(Signs(1, 1)) == 0.5
    assert thrice.chance(Signs(1, 1)) == pytest.approx(0.75)


def test_all_signs_are_needed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Logistic(0.0, (1.0, 2.0)).log_odds((1.0,))
