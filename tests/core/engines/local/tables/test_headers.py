from __future__ import annotations

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.tables.headers import header_lines, headings
from converter.core.engines.local.tables.table_rows import find_rows
from converter.core.tables.areas import Area
from tests.core.engines.local.printed import fragment, layout_of, lines_of

BODY = [("Ann", "12", "3.5"), ("Bob", "13", "4.5"), ("Cid", "14", "5.5")]


def test_numbers_end_a_header() -> None:
    layout = layout_of(lines_of([("Name", "Age", "Mark"), *BODY], (0, 100, 200)), (60, 160))
    assert header_lines(layout) == 1


def test_a_rule_ends_a_header_of_years() -> None:
    fragments = lines_of([("", "1996", "1997"), *BODY], (0, 100, 200))
    rules = RulingLines(horizontal=(RulingLine(22, 0, 236),))
    assert header_lines(layout_of(fragments, (60, 160), rules)) == 1


def test_numbers_from_the_first_line_have_no_header() -> None:
    assert header_lines(layout_of(lines_of(BODY, (0, 100, 200)), (60, 160))) == 0


def test_a_short_rule_shows_what_a_heading_stands_over() -> None:
    lower = lines_of([("", "Age", "Mark"), *BODY], (0, 100, 200), top=30)
    rules = RulingLines(horizontal=(RulingLine(25, 95, 240), RulingLine(52, 0, 240)))
    layout = layout_of([fragment("Child", 110, 0), *lower], (60, 160), rules)
    assert Area(0, 1, 1, 3) in headings(layout, find_rows(layout))


def test_a_heading_in_the_middle_of_two_columns_spans_them() -> None:
    lower = lines_of([("", "Age", "Mark"), *BODY], (0, 100, 200), top=24)
    layout = layout_of([fragment("Child", 145, 0), *lower], (60, 142))
    assert Area(0, 1, 1, 3) in headings(layout, find_rows(layout))


def test_headings_over_equally_many_columns() -> None:
    head = lines_of([("Before", "After")], (218, 518))
    names = [("Name", "Area", "Rent", "Age", "Units", "Sales", "Share")]
    body = [("Ann", *"123456")] * 4
    fragments = [*head, *lines_of([*names, *body], (0, 130, 230, 330, 430, 530, 630), top=30)]
    layout = layout_of(fragments, (110, 210, 310, 410, 510, 610))
    wide = [area for area in headings(layout, find_rows(layout)) if not area.is_single]
    assert wide == [Area(0, 1, 1, 4), Area(0, 4, 1, 7)]


def test_a_long_heading_below_a_short_rule_spans_all_along_it() -> None:
    places = (0, 100, 200, 300, 400)
    head = lines_of([("Name", "Age", "Mark", "Size", "Sum")], places)
    below = fragment("of each of them", 230, 34)
    body = lines_of([("Ann", "12", "3.5", "7", "4")] * 3, places, top=64)
    rules = RulingLines(horizontal=(RulingLine(27, 180, 440), RulingLine(59, 0, 440)))
    layout = layout_of([*head, below, *body], (60, 160, 260, 360), rules)
    assert Area(1, 2, 2, 5) in headings(layout, find_rows(layout))
