"""Points that stand for no figure."""

from __future__ import annotations

import pytest

from converter.core.engines.local.fragments.points import find_points, with_points
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.picture.ink import marks_of_print
from converter.core.tables.model import Box
from tests.core.engines.local.printed import Page, fragment

BESIDE = fragment("Total", 20, 30)
LINE = 46
"""Where the lower ends of letters of `BESIDE` are."""


def page(*points: tuple[int, int], side: int = 2) -> Page:
    drawn = Page(300, 100)
    for x, y in points:
        drawn.draw.rectangle((x, y - side, x + side, y), fill="black")
    return drawn


def mend(drawn: Page, *fragments: Fragment) -> list[Fragment]:
    return with_points(fragments, marks_of_print(drawn.gray, 20))


@pytest.mark.parametrize("count", [2, 3])
def test_points_on_a_line_of_print_are_read(count: int) -> None:
    total, points = mend(page(*((150 + 6 * n, LINE) for n in range(count))), BESIDE)
    assert total is BESIDE
    assert points.text == "." * count
    assert points.box.left == 150
    assert points.middle == pytest.approx(BESIDE.middle, abs=3)


def test_points_that_were_read_as_a_sign_are_mended() -> None:
    drawn = page((150, LINE), (156, LINE))
    wrong = fragment("““", 146, 30)
    _, points = mend(drawn, BESIDE, wrong)
    assert (points.text, points.box, points.glyphs) == ("..", wrong.box, ())


def test_points_at_the_end_of_text_stay_what_was_read() -> None:
    text = fragment("and so on..", 100, 30)
    assert mend(page((185, LINE), (191, LINE)), BESIDE, text) == [BESIDE, text]


@pytest.mark.parametrize(
    "points",
    [
        [(150, LINE)],
        [(150 + 6 * n, LINE) for n in range(12)],
        [(150, LINE), (156, LINE - 6)],
        [(150, LINE), (180, LINE)],
        [(150, 35), (156, 35)],
        [(150, 80), (156, 80)],
    ],
    ids=["one", "a leader", "aslant", "apart", "above the line", "on no line"],
)
def test_what_is_no_such_points_is_left_out(points: list[tuple[int, int]]) -> None:
    assert mend(page(*points), BESIDE) == [BESIDE]


def test_a_dotted_rule_of_many_small_pieces_holds_none() -> None:
    drawn = page(*((20 + 4 * n, LINE) for n in range(60)))
    assert find_points(marks_of_print(drawn.gray, 20), 20) == []


def test_a_frame_around_hides_no_points() -> None:
    framed = page((150, LINE), (156, LINE))
    framed.draw.rectangle((100, 10, 280, 90), outline="black")
    ((box, count),) = find_points(marks_of_print(framed.gray, 20), 20)
    assert (box, count) == (Box(150, LINE - 2, 159, LINE + 1), 2)


def test_without_print_there_are_none() -> None:
    assert mend(page((150, LINE), (156, LINE))) == []
