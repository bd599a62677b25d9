from __future__ import annotations

import pytest

from converter.core.engines.local.rules.bands import find_bands
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page

TABLE = Box(20, 20, 280, 180)
PRINT = [Box(x, 24 + 40 * row, x + 60, 54 + 40 * row) for row in range(4) for x in (28, 198)]


def striped(*, colour: tuple[int, int, int] = (228, 234, 242)) -> Page:
    page = Page(300, 200)
    for top in (60, 140):
        page.draw.rectangle((10, top, 290, top + 39), fill=colour)
    for row in range(4):
        page.text(30, 27 + 40 * row, "Wheat").text(200, 27 + 40 * row, "1,234")
    return page


def test_edges_of_bands_behind_text() -> None:
    edges = find_bands(striped().gray, TABLE, PRINT)
    assert [edge.at for edge in edges] == pytest.approx([60, 100, 140, 180], abs=2)
    assert (edges[0].start, edges[0].end) == (TABLE.left, TABLE.right)


def test_rules_are_no_bands() -> None:
    page = Page(300, 200).across(60, 0, 299).across(140, 0, 299, width=3)
    assert find_bands(page.gray, TABLE, PRINT) == ()


def test_one_ground_has_no_bands() -> None:
    assert find_bands(striped(colour=(254, 254, 254)).gray, TABLE, PRINT) == ()


def test_a_box_outside_the_page_has_none() -> None:
    assert find_bands(Page(20, 20).gray, Box(40, 40, 60, 60), []) == ()


def test_dense_print_has_no_bands() -> None:
    page = Page(300, 100)
    page.draw.rectangle((20, 40, 270, 60), fill="black")
    assert find_bands(page.gray, Box(20, 10, 280, 90), []) != ()
    assert find_bands(page.gray, Box(20, 10, 280, 90), [Box(18, 38, 278, 62)]) == ()


def test_paper_in_uneven_light_has_no_bands() -> None:
    page = Page(300, 200)
    page.draw.rectangle((0, 60, 180, 120), fill=(244, 244, 244))
    assert find_bands(page.gray, TABLE, []) == ()
