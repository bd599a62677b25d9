from __future__ import annotations

from dataclasses import replace

import pytest

from converter.core.engines.local.fragments.dashes import find_bars, mend_dashes
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.ink import marks_of_print
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page, fragment

BESIDE = fragment("Total", 20, 30)


def page(*dashes: tuple[int, int]) -> Page:
    drawn = Page(300, 100)
    for x, y in dashes:
        drawn.draw.rectangle((x, y, x + 7, y + 1), fill="black")
    return drawn


def mend(fragments: list[Fragment], drawn: Page) -> list[Fragment]:
    return mend_dashes(fragments, marks_of_print(drawn.gray, 20), RulingLines())


def test_a_dash_that_was_not_read_is_added() -> None:
    total, dash = mend([BESIDE], page((150, 40)))
    assert total is BESIDE
    assert dash.text == "-"
    assert dash.middle == pytest.approx(41, abs=1)


def test_a_dash_that_was_read_as_a_letter_is_mended() -> None:
    wrong = replace(fragment("8", 149, 30), glyphs=(Glyph("8", 153, 0.2),))
    _, dash = mend([BESIDE, wrong], page((150, 40)))
    assert (dash.text, dash.box, dash.glyphs) == ("-", wrong.box, ())


def test_a_mark_on_no_line_of_text_is_left_out() -> None:
    assert mend([BESIDE], page((150, 80))) == [BESIDE]


def test_dashes_in_a_row_are_a_leader() -> None:
    leader = page(*((x, 40) for x in range(100, 200, 12)))
    assert mend([BESIDE], leader) == [BESIDE]


def test_a_frame_around_does_not_hide_a_dash() -> None:
    framed = page((150, 40))
    framed.draw.rectangle((100, 10, 280, 90), outline="black")
    assert find_bars(marks_of_print(framed.gray, 20), 20) == [Box(150, 40, 158, 42)]
