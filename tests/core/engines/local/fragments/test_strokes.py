from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.fragments.strokes import without_strokes
from converter.core.engines.local.page.fragments import Fragment
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page


def piece(text: str, box: Box) -> Fragment:
    return Fragment(text, box, 0.95)


def kept(page: Page, *fragments: Fragment) -> list[str]:
    return [item.text for item in without_strokes(fragments, page.gray)]


@pytest.mark.parametrize("sign", ["1", "-", "|", "l"])
def test_a_piece_of_a_rule_that_stands_askew_is_no_sign(sign: str) -> None:
    page = Page(300, 200)
    page.draw.line((140, 10, 160, 190), fill=(90, 20, 20), width=2)
    assert kept(page, piece(sign, Box(142, 80, 158, 104))) == []


def test_numbers_above_each_other_stay() -> None:
    page, fragments = Page(300, 200), []
    for row in range(5):
        page.text(140, 20 + 30 * row, "1", 22)
        fragments.append(piece("1", Box(137, 20 + 30 * row, 156, 46 + 30 * row)))
    assert kept(page, *fragments) == ["1"] * 5


def test_a_dash_beside_a_rule_stays() -> None:
    page = Page(300, 200)
    page.draw.line((130, 10, 130, 190), fill=0, width=2)
    page.draw.line((100, 70, 200, 70), fill=0, width=2)
    page.draw.rectangle((136, 85, 146, 87), fill=0)
    assert kept(page, piece("-", Box(129, 69, 152, 103))) == ["-"]


def test_words_stay_whatever_runs_through_them() -> None:
    page = Page(300, 200).text(60, 80, "Oslo", 22)
    page.draw.line((80, 10, 84, 190), fill=0, width=2)
    assert kept(page, piece("Oslo", Box(58, 80, 110, 106))) == ["Oslo"]


def test_signs_at_the_edge_of_a_page_or_on_nothing_stay() -> None:
    page = Page(60, 40)
    assert kept(page, piece("1", Box(-5, -4, 9, 18)), piece("2", Box(90, 90, 99, 99))) == ["1", "2"]
    assert np.ptp(page.gray) == 0
