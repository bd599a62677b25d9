from __future__ import annotations

from converter.core.engines.local.ink import ink_runs
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page

BOX = Box(20, 20, 280, 44)


def test_light_text_on_a_dark_ground_has_ink() -> None:
    page = Page(300, 60)
    page.draw.rectangle((0, 0, 299, 59), fill="navy")
    page.draw.rectangle((50, 25, 60, 40), fill="white")
    assert ink_runs(BOX, page.gray, []) == [(50, 61)]


def test_a_box_outside_the_page_has_no_ink() -> None:
    assert ink_runs(Box(400, 10, 420, 30), Page(300, 60).gray, []) == []
