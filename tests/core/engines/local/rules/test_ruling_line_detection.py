from __future__ import annotations

import pytest
from PIL import ImageOps

from converter.core.engines.local.page.ruling_lines import RulingLine
from converter.core.engines.local.rules.ruling_line_detection import find_rules, join_collinear
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page

TEXT = [Box(30, 30, 90, 50)]


def test_finds_lines_of_both_directions() -> None:
    page = Page(300, 200).across(100, 20, 280).down(150, 10, 190, width=3)
    rules = find_rules(page.gray, TEXT)
    (across,), (down,) = rules.horizontal, rules.vertical
    assert (across.at, across.start, across.end) == pytest.approx((100, 20, 280), abs=3)
    assert (down.at, down.start, down.end) == pytest.approx((150, 10, 190), abs=3)


def test_finds_light_lines_on_a_dark_ground() -> None:
    gray = ImageOps.invert(Page(300, 200).across(100, 20, 280).image.convert("L"))
    page = Page(300, 200)
    page.image.paste(gray)
    assert len(find_rules(page.gray, TEXT).horizontal) == 1


def test_finds_gray_dotted_lines() -> None:
    page = Page(300, 200)
    for x in range(20, 280, 4):
        page.draw.line((x, 100, x + 1, 100), fill=(170, 170, 170))
    assert len(find_rules(page.gray, TEXT).horizontal) == 1


def test_edges_of_filled_bands_are_no_lines() -> None:
    page = Page(300, 200)
    page.draw.rectangle((0, 60, 299, 120), fill="orange")
    assert find_rules(page.gray, TEXT).horizontal == ()


def test_letters_are_no_lines() -> None:
    page = Page(300, 200).text(30, 30, "lllill Illli 1111", size=22)
    rules = find_rules(page.gray, [Box(28, 32, 230, 56)])
    assert rules.vertical == ()
    assert rules.horizontal == ()


def test_feet_of_small_letters_reach_out_of_tight_boxes() -> None:
    page = Page(300, 200).across(71, 40, 80).across(79, 30, 90)
    (rule,) = find_rules(page.gray, [Box(30, 60, 90, 70.4)]).horizontal
    assert rule.at == pytest.approx(79, abs=1)


def test_a_vertical_line_survives_crossings() -> None:
    page = Page(300, 200).down(150, 10, 190)
    for y in range(10, 200, 30):
        page.across(y, 20, 280, width=3)
    (down,) = find_rules(page.gray, TEXT).vertical
    assert down.length == pytest.approx(180, abs=6)


def test_pieces_of_one_line_are_joined() -> None:
    pieces = [RulingLine(10, 0, 40), RulingLine(11, 45, 90), RulingLine(10, 140, 180)]
    assert set(join_collinear(pieces, reach=10)) == {
        RulingLine(11, 0, 90),
        RulingLine(10, 140, 180),
    }


def test_dotted_lines_are_told_from_solid_ones() -> None:
    page = Page(300, 200).across(60, 20, 280)
    for x in range(20, 280, 5):
        page.draw.line((x, 140, x + 1, 140), fill="black")
    solid, dotted = find_rules(page.gray, TEXT).horizontal
    assert (solid.dotted, dotted.dotted) == (False, True)


@pytest.mark.parametrize(("line", "count"), [(206, 0), (255, 1)])
def test_the_seam_between_two_fills_is_no_line(line: int, count: int) -> None:
    page = Page(300, 200)
    page.draw.rectangle((20, 60, 280, 140), fill=(179, 179, 179))
    page.draw.line((20, 100, 280, 100), fill=(line, line, line))
    inside = [rule for rule in find_rules(page.gray, TEXT).horizontal if 90 < rule.at < 110]
    assert len(inside) == count


def test_dots_from_one_text_to_another_are_a_leader() -> None:
    page = Page(300, 200)
    for x in range(100, 240, 5):
        page.draw.line((x, 46, x + 1, 46), fill="black")
    rules = find_rules(page.gray, [*TEXT, Box(250, 30, 270, 50)])
    assert (len(rules.leaders), rules.horizontal) == (1, ())
    assert find_rules(page.gray, TEXT).leaders == ()
