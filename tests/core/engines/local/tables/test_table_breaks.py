from __future__ import annotations

import pytest

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_lines import group_lines
from converter.core.engines.local.tables.table_breaks import column_gutter, find_breaks, is_caption
from tests.core.engines.local.printed import fragment, lines_of

NARROW = [("Ann", "12", "3.5"), ("Bob", "13", "4.5"), ("Cid", "14", "5.5")]
WIDE = [("all of the rest", "1.25"), ("some of them", "3.75"), ("few of them", "8.5")]
COLUMNS = (0, 60, 110)


@pytest.mark.parametrize("text", ["Table 2. Stores", "Tab. 3", "TABLE IV", "Tabelle 1: Preise"])
def test_captions(text: str) -> None:
    assert is_caption((fragment(text, 0, 0),))


@pytest.mark.parametrize("text", ["Tables and chairs", "Total 2", "Tablet 5"])
def test_what_is_no_caption(text: str) -> None:
    assert not is_caption((fragment(text, 0, 0),))


def test_a_caption_begins_a_table() -> None:
    caption = fragment("Table 2. Stores", 0, 84)
    lines = group_lines([*lines_of(NARROW, COLUMNS), caption, *lines_of(NARROW, COLUMNS, top=110)])
    assert find_breaks(lines, RulingLines()) == [3]


def test_other_columns_after_a_blank_begin_a_table() -> None:
    lines = group_lines([*lines_of(NARROW, COLUMNS), *lines_of(WIDE, (0, 200), top=110)])
    assert find_breaks(lines, RulingLines()) == [3]


def test_a_blank_within_one_set_of_columns_does_not() -> None:
    lines = group_lines([*lines_of(NARROW, COLUMNS), *lines_of(NARROW, COLUMNS, top=110)])
    assert find_breaks(lines, RulingLines()) == []


def test_a_header_of_long_words_does_not() -> None:
    header = [("all of the rest", "some words"), ("of the people", "of more")]
    lines = group_lines([*lines_of(header, (0, 200)), *lines_of(NARROW, COLUMNS, top=90)])
    assert find_breaks(lines, RulingLines()) == []


def test_rules_that_close_one_table_and_open_another() -> None:
    rules = RulingLines((RulingLine(75, 0, 160), RulingLine(105, 0, 160)))
    lines = group_lines([*lines_of(NARROW, COLUMNS), *lines_of(NARROW, COLUMNS, top=110)])
    assert find_breaks(lines, rules) == [3]


def test_lines_at_other_heights_stand_beside_a_gutter() -> None:
    right = lines_of(NARROW * 2, (400, 460, 510), top=10, pitch=31)
    lines = group_lines([*lines_of(NARROW * 2, COLUMNS), *right])
    assert column_gutter(lines, RulingLines()) == pytest.approx(268, abs=15)
    assert column_gutter(lines, RulingLines((RulingLine(-4, 0, 540),))) is None


def test_lines_at_one_height_are_one_table() -> None:
    both = [(*row, *row) for row in NARROW * 2]
    lines = group_lines(lines_of(both, (*COLUMNS, 400, 460, 510)))
    assert column_gutter(lines, RulingLines()) is None


def test_rules_along_one_side_alone_make_a_gutter() -> None:
    both = [(*row, *row) for row in NARROW * 2]
    lines = group_lines(lines_of(both, (*COLUMNS, 400, 460, 510)))
    assert (
        column_gutter(lines, RulingLines((RulingLine(-4, 0, 140), RulingLine(150, 0, 140))))
        is not None
    )
