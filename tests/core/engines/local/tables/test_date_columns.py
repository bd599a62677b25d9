from __future__ import annotations

from converter.core.engines.local.page.ruling_lines import RulingLine
from converter.core.engines.local.page.text_lines import PrintLine, group_lines
from converter.core.engines.local.tables.date_columns import join_dates
from tests.core.engines.local.printed import fragment, lines_of

BOUNDARIES = [90.0, 150.0, 230.0]
BELOW = (RulingLine(90, -5, 200), RulingLine(150, 22, 200), RulingLine(230, 22, 200))


def form(*labels: str, heading: bool = True) -> list[PrintLine]:
    above = [fragment("Date of change", 110, 0)] if heading else []
    rows = [("Post", *labels), ("Clerk", "16", "Nov.", "1942")]
    return group_lines([*above, *lines_of(rows, (0, 100, 160, 240), top=24)])


def test_day_month_and_year_under_one_heading_are_one_column() -> None:
    assert join_dates(form("Day", "Month", "Year"), BOUNDARIES, BELOW, 5) == [90]


def test_one_label_may_be_misread() -> None:
    assert join_dates(form("Tag", "Monat", "Jaht"), BOUNDARIES, BELOW, 5) == [90]


def test_columns_with_other_labels_stay() -> None:
    assert join_dates(form("Low", "Mean", "High"), BOUNDARIES, BELOW, 5) == BOUNDARIES


def test_columns_without_a_common_heading_stay() -> None:
    lines = form("Day", "Month", "Year", heading=False)
    assert join_dates(lines, BOUNDARIES, BELOW, 5) == BOUNDARIES


def test_columns_whose_rules_begin_beside_the_heading_stay() -> None:
    rules = tuple(RulingLine(x, -5, 200) for x in BOUNDARIES)
    assert join_dates(form("Day", "Month", "Year"), BOUNDARIES, rules, 5) == BOUNDARIES


def test_columns_without_rules_stay() -> None:
    assert join_dates(form("Day", "Month", "Year"), BOUNDARIES, (), 5) == BOUNDARIES


def test_a_date_of_which_one_rule_is_faint_is_one_column() -> None:
    lines = form("Day", "Month", "Year")
    assert join_dates(lines, [90, 230], (RulingLine(90, -5, 200), RulingLine(230, 22, 200)), 5) == [
        90
    ]
    assert join_dates(lines, [90, 150], (RulingLine(90, -5, 200), RulingLine(150, 22, 200)), 5) == [
        90
    ]
