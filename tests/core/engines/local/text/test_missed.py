from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.picture.pictures import Picture
from converter.core.engines.local.rules.ruling_line_detection import find_rules
from converter.core.engines.local.text.missed import credible, missed_boxes, parted, with_missed
from converter.core.engines.local.text.page_text import Line, PageText
from converter.core.engines.local.text.text import TextReader
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page

COLUMNS = (90, 190, 290)


def line(text: str, box: Box, confidence: float = 0.99) -> Line:
    return Line(box, tuple(Glyph(letter, box.left, confidence) for letter in text))


def printed(sign: str = "") -> tuple[Page, list[Line]]:
    """Five rows of numbers, in which the detector saw all but the row's number, or its sign."""
    page, lines = Page(400, 260), []
    for row in range(5):
        top = 20 + 44 * row
        page.text(30, top, sign or str(row + 3), 24)
        for column in COLUMNS:
            page.text(column, top, "9.87", 24)
            lines.append(line("9.87", Box(column - 4, top - 2, column + 60, top + 30)))
    return page, lines


def test_ink_beside_print_is_missed_text() -> None:
    page, lines = printed()
    boxes = missed_boxes(page.gray, lines, RulingLines())
    assert len(boxes) == 5
    assert all(box.left < 32 and box.right > 40 for box in boxes)


def test_rules_and_ink_far_from_print_are_not() -> None:
    page, lines = printed()
    page = Page(900, 260).down(75, 10, 250, width=2).text(800, 20, "7", 24)
    assert missed_boxes(page.gray, lines, find_rules(page.gray, [])) == []


def test_missed_numbers_are_read(reader: TextReader) -> None:
    page, lines = printed()
    found = with_missed(PageText(tuple(lines), Picture(page.pixels)), reader, RulingLines())
    assert sorted(item.text for item in found if item.box.left < 60) == list("34567")


def test_a_box_that_held_two_lines_gives_way_to_both(reader: TextReader) -> None:
    page, lines = printed()
    both = line("4", Box(20, 16, 60, 96))
    found = with_missed(PageText((*lines, both), Picture(page.pixels)), reader, RulingLines())
    assert both not in found
    assert {"3", "4"} <= {item.text for item in found}


def test_short_tall_boxes_are_parted_from_lines() -> None:
    usual = [line("9.87", Box(0, 40 * n, 60, 40 * n + 30)) for n in range(12)]
    tall, wide = line("18", Box(90, 0, 130, 80)), line("Weather", Box(0, 500, 200, 560))
    assert parted([*usual, tall, wide]) == ([*usual, wide], [tall])


@pytest.mark.parametrize("sign", ["$", "%"])
def test_missed_signs_are_read(reader: TextReader, sign: str) -> None:
    page, lines = printed(sign)
    found = with_missed(PageText(tuple(lines), Picture(page.pixels)), reader, RulingLines())
    assert [item.text for item in found if item.box.left < 60] == [sign] * 5


@pytest.mark.parametrize("text", ["$", "€", "%", "✓", "√", "†", "*", "+"])
def test_signs_that_stand_for_values_are_kept(text: str) -> None:
    found = [line(text, Box(0, 0, 20, 20))]
    assert credible(found) == found


@pytest.mark.parametrize(
    ("text", "sure"), [("12", 0.6), ("a", 0.99), ("|", 0.99), (".", 0.99), ("$", 0.6), ("$$", 0.99)]
)
def test_doubtful_second_readings_are_dropped(text: str, sure: float) -> None:
    assert credible([line(text, Box(0, 0, 20, 20), sure)]) == []


def test_few_lines_are_left_alone(reader: TextReader) -> None:
    lines = (line("9.87", Box(0, 0, 60, 30)),)
    blank = np.full((50, 90, 3), 255, np.uint8)
    assert with_missed(PageText(lines, Picture(blank)), reader, RulingLines()) is lines
