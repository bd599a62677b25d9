from __future__ import annotations

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.tables.layout import Layout
from tests.core.engines.local.printed import fragment, layout_of, lines_of


def test_a_fragment_over_a_boundary_is_in_both_columns() -> None:
    layout = layout_of(lines_of([("Ann", "12")], (0, 100)), (60,))
    assert layout.columns_of(fragment("wide text", 20, 0)) == range(2)
    assert layout.columns_of(fragment("12", 61, 0)) == range(1, 2)


def test_text_spans_leave_out_what_crosses() -> None:
    wide = fragment("wide wide wide", 0, 40)
    layout = layout_of([*lines_of([("Ann", "12")], (0, 100)), wide], (60,))
    assert layout.text_spans() == [(0, 27), (100, 118)]


DOWN = tuple(RulingLine(x, 0, 100) for x in (90, 190))
FOUR = [("Ann", "12", "3.5"), ("Bob", "13", "4.5"), ("Cid", "14", "5.5"), ("Dan", "15", "6.5")]


def ruled(*across: RulingLine) -> Layout:
    return layout_of(lines_of(FOUR, (0, 100, 200)), (90, 190), RulingLines(across, DOWN))


def test_rules_that_end_at_no_upright_rule_are_faint() -> None:
    assert ruled(
        RulingLine(22, 0, 240), RulingLine(46, 40, 90), RulingLine(70, 130, 190)
    ).is_faintly_ruled


def test_dotted_rules_are_faint() -> None:
    dotted = [RulingLine(y, 0, 240, dotted=True) for y in (22, 46, 70)]
    assert ruled(*dotted).is_faintly_ruled


def test_rules_from_side_to_side_or_cell_to_cell_are_not_faint() -> None:
    assert not ruled(
        RulingLine(22, 0, 240), RulingLine(46, 90, 240), RulingLine(70, 90, 190)
    ).is_faintly_ruled


def test_rules_without_upright_ones_are_not_faint() -> None:
    across = RulingLines(tuple(RulingLine(y, 40, 150) for y in (22, 46, 70)))
    assert not layout_of(lines_of(FOUR, (0, 100, 200)), (90, 190), across).is_faintly_ruled
